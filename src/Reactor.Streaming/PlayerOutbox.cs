using System;
using Reactor.Primitives;

namespace Reactor.Streaming;

/// <summary>How far a player may fall behind.</summary>
/// <param name="BytesMax">Bytes that may wait, one message more or less.</param>
/// <param name="WaitMaxMs">How long a message may wait.</param>
public sealed record OutboxLimits(int BytesMax, long WaitMaxMs);

/// <summary>What waits for a peer: replies, and the frames of the streams that it plays.</summary>
/// <remarks>
/// A frame's payload is shared with everybody; what stands around it on the wire is made while
/// gathering, in the loop's scratch area, from the few numbers kept here. So a player has its
/// own time base, a frame may be dropped without harm to the next, and nothing is copied or
/// allocated for each frame.
/// Invariants: an entry owns its packet; _queued is the wire length of all of them;
/// 0 ≤ _sent &lt; wire length of the head, and 0 when empty; the head is never dropped once
/// part of it was sent.
/// </remarks>
/// <param name="format">What the peer reads frames as.</param>
public sealed class PlayerOutbox(IFrameFormat format) : IOutbox
{
    /// <summary>Messages at most, whatever their size.</summary>
    public const int EntriesMax = 1 << 15;

    private const int FirstCapacity = 8;

    /// <summary>A joiner's GOP needs more, once; a player that keeps up never does.</summary>
    private const int KeptCapacityMax = 32;

    private QueuedFrame[] _entries = [];
    private IFrameFormat _format = format;
    private int _head;
    private int _sent;
    private long _queued;

    public int Count { get; private set; }

    public bool IsEmpty => Count == 0;

    /// <summary>What the peer reads frames as; replies are ready for the wire.</summary>
    public IFrameFormat Format
    {
        get => _format;
        set
        {
            Invariant.Holds(value == _format || _queued == ReplyBytes);
            _format = value;
        }
    }

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
        Append(new QueuedFrame
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
        Invariant.Holds(frame.Payload.Length > 0);  // nothing to send would count as one
        var entry = new QueuedFrame
        {
            Payload = frame.Payload.Retain(),
            Kind = frame.Kind,
            Role = frame.Role,
            StreamId = streamId,
            Timestamp = timestamp,
            QueuedMs = nowMs,
        };
        entry.WireLength = _format.WireLength(entry);
        Append(entry);
    }

    /// <summary>Whether the peer has fallen too far behind.</summary>
    public bool IsOver(OutboxLimits limits, long nowMs)
    {
        if (Bytes > limits.BytesMax || Count >= EntriesMax)
            return true;
        var oldest = _sent > 0 ? 1 : 0;         // what is half sent cannot be helped
        return Count > oldest && nowMs - At(oldest).QueuedMs > limits.WaitMaxMs;
    }

    /// <summary>How long the oldest that waits has waited, in milliseconds.</summary>
    public long LagMs(long nowMs) => IsEmpty ? 0 : nowMs - At(0).QueuedMs;

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

    /// <summary>The first frame of a stream that was not sent whole; configurations aside.
    /// </summary>
    public Packet? OldestFrame(uint streamId)
    {
        for (var i = 0; i < Count; i++)
        {
            ref var entry = ref At(i);
            if (!entry.IsKept && entry.StreamId == streamId)
                return entry.Payload;
        }
        return null;
    }

    public void Gather(GatherList into, int bytesMax)
    {
        var offset = 0;
        var skip = _sent;
        if (_sent > 0 && !At(0).IsReply)
            offset = _format.FindUnsent(At(0), _sent, out skip);
        into.Begin(skip);
        for (var i = 0; i < Count && TryAdd(into, At(i), offset, bytesMax); i++)
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
        if (Count == 0)
        {
            _head = 0;                          // where the cache still has it
            _entries = _entries.Length > KeptCapacityMax ? [] : _entries;
        }
        Invariant.Holds(Count > 0 || (_sent == 0 && _queued == 0));
    }

    public void FetchAhead() => Prefetch.Object(_entries, lines: 2);

    public void Clear()
    {
        for (var i = 0; i < Count; i++)
            At(i).Payload.Release();
        _entries = [];
        _head = _sent = Count = ReplyBytes = 0;
        _queued = KeptBytes = 0;
    }

    private ref QueuedFrame At(int index) => ref _entries[(_head + index) & (_entries.Length - 1)];

    /// <summary>Adds one message from an offset on; false when the write has enough.</summary>
    private bool TryAdd(GatherList into, in QueuedFrame entry, int offset, int bytesMax)
    {
        if (!entry.IsReply)
            return _format.TryAdd(into, entry, offset, bytesMax);
        if (into.Bytes >= bytesMax || !into.HasRoom(1, 0))
            return false;
        into.Add(entry.Payload, 0, entry.Payload.Length);
        return true;
    }

    private void Append(in QueuedFrame entry)
    {
        if (Count == _entries.Length)
            Grow();
        At(Count) = entry;
        Count++;
        _queued += entry.WireLength;
        ReplyBytes += entry.IsReply ? entry.WireLength : 0;
        KeptBytes += entry.IsKept ? entry.WireLength : 0;
    }

    private void Release(ref QueuedFrame entry)
    {
        _queued -= entry.WireLength;
        ReplyBytes -= entry.IsReply ? entry.WireLength : 0;
        KeptBytes -= entry.IsKept ? entry.WireLength : 0;
        entry.Payload.Release();
    }

    private void Grow()
    {
        var entries = new QueuedFrame[Math.Max(FirstCapacity, _entries.Length * 2)];
        for (var i = 0; i < Count; i++)
            entries[i] = At(i);
        _entries = entries;
        _head = 0;
    }
}
