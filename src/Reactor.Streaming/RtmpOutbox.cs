using System;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;

namespace Reactor.Streaming;

/// <summary>How far a player may fall behind.</summary>
/// <param name="BytesMax">Bytes that may wait, one message more or less.</param>
/// <param name="WaitMaxMs">How long a message may wait.</param>
public sealed record OutboxLimits(int BytesMax, long WaitMaxMs);

/// <summary>
/// What waits for an RTMP peer: replies, and the frames of the streams that it plays.
/// </summary>
/// <remarks>
/// A frame's payload is shared with everybody; its chunk headers are made while gathering, in
/// the loop's scratch area, from the few numbers kept here. So a player has its own time base
/// and message stream, a message may be dropped without harm to the next, and nothing is copied
/// or allocated for each message.
/// Invariants: an entry owns its packet; _queued is the wire length of all of them;
/// 0 ≤ _sent &lt; wire length of the head, and 0 when empty; the head is never dropped once
/// part of it was sent.
/// </remarks>
public sealed class RtmpOutbox(int chunkBytes) : IOutbox
{
    /// <summary>Messages at most, whatever their size.</summary>
    public const int EntriesMax = 1 << 15;

    private const int FirstCapacity = 8;

    /// <summary>A joiner's GOP needs more, once; a player that keeps up never does.</summary>
    private const int KeptCapacityMax = 32;

    private Entry[] _entries = [];
    private int _head;
    private int _sent;
    private long _queued;

    public int Count { get; private set; }

    public bool IsEmpty => Count == 0;

    /// <summary>Bytes that wait, chunk headers included.</summary>
    public long Bytes => _queued - _sent;

    /// <summary>Bytes of replies that wait: a peer that asks must also read.</summary>
    public int ReplyBytes { get; private set; }

    /// <summary>Bytes that no drop takes away: replies and configurations.</summary>
    public long KeptBytes { get; private set; }

    /// <summary>Adds a reply, ready for the wire.</summary>
    public void Push(Packet reply, long nowMs)
    {
        Invariant.Holds(reply.Length > 0);
        Append(new Entry
        {
            Payload = reply.Retain(),
            WireLength = reply.Length,
            QueuedMs = nowMs,
            IsReply = true,
        });
    }

    /// <summary>Adds a frame.</summary>
    /// <param name="frame">Retained until it was sent.</param>
    /// <param name="streamId">The player's message stream.</param>
    /// <param name="timestamp">On the player's own clock.</param>
    /// <param name="nowMs">The clock of the turn.</param>
    public void Push(in MediaFrame frame, uint streamId, uint timestamp, long nowMs)
    {
        var length = frame.Payload.Length;
        Invariant.Holds(length > 0);            // no bytes would make no chunk, yet count as one
        Append(new Entry
        {
            Payload = frame.Payload.Retain(),
            Kind = frame.Kind,
            Role = frame.Role,
            StreamId = streamId,
            Timestamp = timestamp,
            QueuedMs = nowMs,
            WireLength = ChunkWriter.WireLength(
                ChunkStreamOf(frame.Kind), timestamp, length, chunkBytes),
        });
    }

    /// <summary>Whether the peer has fallen too far behind.</summary>
    public bool IsOver(OutboxLimits limits, long nowMs)
    {
        if (Bytes > limits.BytesMax || Count >= EntriesMax)
            return true;
        var oldest = _sent > 0 ? 1 : 0;         // what is half sent cannot be helped
        return Count > oldest && nowMs - At(oldest).QueuedMs > limits.WaitMaxMs;
    }

    /// <summary>Whether no drop helps: what has to be kept alone is over the bounds.</summary>
    public bool IsOverrun(OutboxLimits limits) =>
        KeptBytes > limits.BytesMax || Count >= EntriesMax;

    /// <summary>Drops what a stream may do without. Configurations and replies stay.</summary>
    /// <param name="streamId">The player's message stream.</param>
    /// <param name="what">Which of its frames.</param>
    /// <param name="before">Only entries before this one; see <see cref="NewestKeyframe"/>.</param>
    /// <returns>Frames dropped.</returns>
    public int Drop(uint streamId, Func<FrameKind, FrameRole, bool> what, int before)
    {
        var kept = _sent > 0 ? 1 : 0;
        var dropped = 0;
        for (var i = kept; i < Count; i++)
        {
            ref var entry = ref At(i);
            if (i < before && !entry.IsKept && entry.StreamId == streamId
                && what(entry.Kind, entry.Role))
            {
                Release(ref entry);
                dropped++;
                continue;
            }
            if (kept != i)
                At(kept) = entry;
            kept++;
        }
        for (var i = kept; i < Count; i++)
            At(i) = default;
        Count = kept;
        return dropped;
    }

    /// <summary>Where the stream's newest keyframe waits; −1 when none does.</summary>
    public int NewestKeyframe(uint streamId)
    {
        for (var i = Count - 1; i >= (_sent > 0 ? 1 : 0); i--)
        {
            ref var entry = ref At(i);
            if (!entry.IsReply && entry.StreamId == streamId
                && (entry.Role & FrameRole.Keyframe) != 0)
            {
                return i;
            }
        }
        return -1;
    }

    public void Gather(GatherList into, int bytesMax)
    {
        var offset = FirstUnsentChunk(out var skip);
        into.Begin(skip);
        for (var i = 0; i < Count && TryAdd(into, ref At(i), offset, bytesMax); i++)
            offset = 0;
    }

    public void Advance(int bytes)
    {
        _sent += bytes;
        while (Count > 0 && _sent >= _entries[_head].WireLength)
        {
            ref var entry = ref _entries[_head];
            _sent -= entry.WireLength;
            Release(ref entry);
            entry = default;
            _head = (_head + 1) & (_entries.Length - 1);
            Count--;
        }
        if (Count == 0 && _entries.Length > KeptCapacityMax)
        {
            _entries = [];
            _head = 0;
        }
        Invariant.Holds(Count > 0 || (_sent == 0 && _queued == 0));
    }

    public void Clear()
    {
        for (var i = 0; i < Count; i++)
            At(i).Payload.Release();
        _entries = [];
        _head = _sent = Count = ReplyBytes = 0;
        _queued = KeptBytes = 0;
    }

    /// <summary>
    /// Audio, video and data have a chunk stream each, as players know them (S1.38).
    /// </summary>
    private static uint ChunkStreamOf(FrameKind kind) => kind switch
    {
        FrameKind.Audio => RtmpClientConversation.AudioChunkStream,
        FrameKind.Video => RtmpClientConversation.VideoChunkStream,
        _ => RtmpLink.StatusChunkStream,
    };

    private static MessageType TypeOf(FrameKind kind) => kind switch
    {
        FrameKind.Audio => MessageType.Audio,
        FrameKind.Video => MessageType.Video,
        _ => MessageType.Data,
    };

    private ref Entry At(int index) => ref _entries[(_head + index) & (_entries.Length - 1)];

    /// <summary>
    /// Where in the head's payload the chunk begins that the socket has not all of.
    /// </summary>
    /// <remarks>
    /// Found by sum: a long message in small chunks would be walked through for each write, and
    /// its headers alone would fill the scratch area.
    /// </remarks>
    /// <param name="skip">Bytes of that chunk, header included, that were sent.</param>
    private int FirstUnsentChunk(out int skip)
    {
        skip = _sent;
        if (_sent == 0 || At(0).IsReply)
            return 0;
        ref var head = ref At(0);
        var chunkStream = ChunkStreamOf(head.Kind);
        var first = ChunkWriter.HeaderLength(chunkStream, head.Timestamp) + chunkBytes;
        if (_sent < first)
            return 0;
        var each = ChunkWriter.ContinuationLength(chunkStream, head.Timestamp) + chunkBytes;
        (var more, skip) = Math.DivRem(_sent - first, each);
        return (1 + more) * chunkBytes;
    }

    /// <summary>Adds one message from a chunk on; false when the write has enough.</summary>
    private bool TryAdd(GatherList into, ref Entry entry, int offset, int bytesMax)
    {
        var payload = entry.Payload;
        if (entry.IsReply)
        {
            if (into.Bytes >= bytesMax || !into.HasRoom(1, 0))
                return false;
            into.Add(payload, 0, payload.Length);
            return true;
        }

        var chunkStream = ChunkStreamOf(entry.Kind);
        for (; offset < payload.Length; offset += chunkBytes)
        {
            if (into.Bytes >= bytesMax || !into.HasRoom(2, ChunkWriter.HeaderBytesMax))
                return false;
            var header = into.Scratch(ChunkWriter.HeaderBytesMax);
            into.AddScratch(offset > 0
                ? ChunkWriter.WriteContinuation(header, chunkStream, entry.Timestamp)
                : ChunkWriter.WriteHeader(
                    header, chunkStream, entry.Timestamp, payload.Length, TypeOf(entry.Kind),
                    entry.StreamId));
            into.Add(payload, offset, Math.Min(chunkBytes, payload.Length - offset));
        }
        return true;
    }

    private void Append(in Entry entry)
    {
        if (Count == _entries.Length)
            Grow();
        At(Count) = entry;
        Count++;
        _queued += entry.WireLength;
        ReplyBytes += entry.IsReply ? entry.WireLength : 0;
        KeptBytes += entry.IsKept ? entry.WireLength : 0;
    }

    private void Release(ref Entry entry)
    {
        _queued -= entry.WireLength;
        ReplyBytes -= entry.IsReply ? entry.WireLength : 0;
        KeptBytes -= entry.IsKept ? entry.WireLength : 0;
        entry.Payload.Release();
    }

    private void Grow()
    {
        var entries = new Entry[Math.Max(FirstCapacity, _entries.Length * 2)];
        for (var i = 0; i < Count; i++)
            entries[i] = At(i);
        _entries = entries;
        _head = 0;
    }

    private struct Entry
    {
        public Packet Payload;
        public long QueuedMs;
        public int WireLength;
        public uint StreamId;
        public uint Timestamp;
        public FrameKind Kind;
        public FrameRole Role;
        public bool IsReply;

        public readonly bool IsKept => IsReply || (Role & FrameRole.Config) != 0;
    }
}
