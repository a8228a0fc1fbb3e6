using System;
using System.Buffers.Binary;
using Reactor.Primitives;

namespace Reactor.Protocol.Rtmp;

/// <summary>The bounds of one connection's incoming messages.</summary>
public sealed record ChunkLimits
{
    /// <summary>Bytes of one message.</summary>
    public int MessageBytesMax { get; init; } = 16 << 20;

    /// <summary>Bytes of all messages that are under way.</summary>
    public int HalfReceivedBytesMax { get; init; } = 20 << 20;

    /// <summary>Chunk streams that are remembered, and messages that may be under way.</summary>
    public int ChunkStreamsMax { get; init; } = 64;

    /// <summary>Payload of the longest chunk that is taken; a longer one is refused.</summary>
    public int ChunkBytesMax { get; init; } = ChunkReader.ChunkBytesLimit;
}

/// <summary>Assembles messages from chunks (RTMP 1.0 §5.3); suspended at any byte.</summary>
/// <remarks>
/// <para>The input is always used up: half a header is kept here, half a payload in its packet,
/// so no connection owns a receive buffer, nothing is parsed twice, and a payload byte is copied
/// once. One message is returned at a time, so that a Set Chunk Size is in force before the next
/// chunk is looked at.</para>
/// <para>Memory follows what arrives: a payload's packet begins at the size of the largest
/// message that this peer completed before, and otherwise doubles as it fills.</para>
/// Invariant: _halfReceived is the sum of the bytes in all packets under way, and
/// _reserved the sum of their capacities.
/// </remarks>
public sealed class ChunkReader(PacketPool pool, ChunkLimits limits)
{
    /// <summary>The largest chunk size there is (RTMP 1.0 §5.4.1).</summary>
    public const int ChunkBytesLimit = 0xFF_FFFF;

    private const int FirstReservation = 4096;
    private const int HeaderBytesMax = 11;
    private const int CarryMax = 3;
    private const uint ExtendedMark = 0xFF_FFFF;

    private readonly byte[] _header = new byte[HeaderBytesMax];
    private readonly byte[] _carry = new byte[CarryMax];
    private readonly ChunkStreamTable _streams = new(limits.ChunkStreamsMax);
    private State _state = State.FirstByte;
    private int _filled;
    private int _format;
    private ChunkStream _stream = null!;
    private int _chunkLeft;
    private int _chunkBytesMax = 128;
    private int _halfReceived;
    private long _reserved;
    private int _largest = FirstReservation;
    private int _carried;

    private enum State
    {
        FirstByte,
        IdTail,
        Header,
        Extended,
        RepeatedExtended,
        Payload,
    }

    /// <summary>Longest chunk payload that the peer sends, in bytes (RTMP 1.0 §5.4.1).</summary>
    /// <value>128 until the peer's Set Chunk Size; 0xFFFFFF for any larger one.</value>
    /// <remarks>
    /// Takes effect at the next chunk. MonaServer announces 128 MB, others 0x7fffffff (Q12):
    /// nothing is allocated by it. Zero is ignored.
    /// </remarks>
    public long ChunkBytesMax
    {
        get => _chunkBytesMax;
        set => _chunkBytesMax = value <= 0
            ? _chunkBytesMax
            : (int)Math.Min(value, ChunkBytesLimit);
    }

    /// <summary>
    /// Messages given up half-way or empty: peers that abort, or that are odd (Q15, Q17).
    /// </summary>
    public long Skipped { get; private set; }

    /// <summary>Bytes of messages that are under way.</summary>
    public int HalfReceivedBytes => _halfReceived;

    /// <summary>Whether the bytes so far end within a message.</summary>
    public bool IsAmidMessage => _state != State.FirstByte || _halfReceived > 0;

    /// <summary>Takes bytes until a message is complete.</summary>
    /// <returns>
    /// True with a message, which the caller releases; false when all input was taken.
    /// </returns>
    /// <exception cref="ProtocolException">A bound was broken.</exception>
    public bool TryRead(ref ReadOnlySpan<byte> input, out RtmpMessage message)
    {
        if (_carried > 0 && TryReadCarried(out message))
            return true;
        return TryStep(ref input, out message);
    }

    /// <summary>Drops the message that is under way on a chunk stream (RTMP 1.0 §5.4.2).</summary>
    public void Abort(uint chunkStream)
    {
        if (_streams.Find(chunkStream) is { Payload: not null } stream)
            DropPartial(stream);
    }

    /// <summary>Releases what is under way; the reader is not used afterwards.</summary>
    public void Close()
    {
        foreach (var stream in _streams.All)
        {
            stream.Payload?.Release();
            stream.Payload = null;
        }
        _halfReceived = 0;
        _reserved = 0;
    }

    private bool TryStep(ref ReadOnlySpan<byte> input, out RtmpMessage message)
    {
        message = default;
        while (true)
        {
            switch (_state)
            {
                case State.FirstByte:
                    if (!Fill(ref input, 1)) return false;
                    BeginChunk();
                    break;
                case State.IdTail:
                    if (!Fill(ref input, _header[0] == 0 ? 2 : 3)) return false;
                    EndId();
                    break;
                case State.Header:
                    if (!Fill(ref input, HeaderLength(_format))) return false;
                    EndHeader();
                    break;
                case State.Extended:
                    if (!Fill(ref input, 4)) return false;
                    BeginMessage(BinaryPrimitives.ReadUInt32BigEndian(_header), isExtended: true);
                    break;
                case State.RepeatedExtended:
                    if (!MatchExtended(ref input)) return false;
                    BeginPayload();
                    if (_carried > 0 && TryReadCarried(out message)) return true;
                    break;
                case State.Payload:
                    if (!Copy(ref input)) return false;
                    if (TryEndChunk(out message)) return true;
                    break;
            }
        }
    }

    private static int HeaderLength(int format) =>
        format switch { 0 => 11, 1 => 7, 2 => 3, _ => 0 };

    /// <summary>Collects header bytes; the state machine stops here when the input ends.</summary>
    private bool Fill(ref ReadOnlySpan<byte> input, int needed)
    {
        var count = Math.Min(needed - _filled, input.Length);
        input[..count].CopyTo(_header.AsSpan(_filled));
        input = input[count..];
        _filled += count;
        return _filled == needed;
    }

    // Basic header (§5.3.1.1):  fmt:2 id:6  |  id 0: one more byte, id 1: two more.
    private void BeginChunk()
    {
        _format = _header[0] >> 6;
        _header[0] &= 0x3F;
        if (_header[0] < 2)
            _state = State.IdTail;
        else
            EnterStream(_header[0]);
    }

    private void EndId() => EnterStream(
        64u + _header[1] + (_header[0] == 1 ? (uint)_header[2] << 8 : 0u));

    private void EnterStream(uint id)
    {
        if (_stream?.Id != id)
            _stream = _streams.Enter(id);
        _filled = 0;
        _state = State.Header;
    }

    // Message header (§5.3.1.2):  time:24 [length:24 type:8 [stream:32 little-endian]]
    private void EndHeader()
    {
        if (_format == 3)
        {
            EndEmptyHeader();
            return;
        }

        if (_stream.Payload is not null)
            DropPartial(_stream);               // an encoder began anew in mid-message (Q15)
        var time = (uint)((_header[0] << 16) | (_header[1] << 8) | _header[2]);
        if (_format < 2)
        {
            _stream.Length = (_header[3] << 16) | (_header[4] << 8) | _header[5];
            _stream.Type = (MessageType)_header[6];
        }
        if (_format == 0)
            _stream.MessageStream = BinaryPrimitives.ReadUInt32LittleEndian(_header.AsSpan(7));
        if (_stream.Length > limits.MessageBytesMax)
        {
            throw new ProtocolException(
                ProtocolError.MessageTooLarge,
                $"{_stream.Length} bytes announced, {limits.MessageBytesMax} allowed");
        }

        _filled = 0;
        if (time == ExtendedMark)
            _state = State.Extended;
        else
            BeginMessage(time, isExtended: false);
    }

    private void EndEmptyHeader()
    {
        if (_stream.Payload is null)
            _stream.Timestamp += _stream.Delta;
        _chunkLeft = NextChunkLength();
        _filled = 0;
        _state = State.RepeatedExtended;
        if (_stream.Extended is null)
            BeginPayload();
    }

    private void BeginMessage(uint time, bool isExtended)
    {
        _stream.Extended = isExtended ? time : null;
        _stream.Timestamp = _format == 0 ? time : _stream.Timestamp + time;
        _stream.Delta = _format == 0 ? DeltaAfterAbsolute(time) : time;
        _chunkLeft = NextChunkLength();
        BeginPayload();
    }

    /// <summary>
    /// The delta of a type 3 chunk that opens a message right after a type 0 chunk.
    /// </summary>
    /// <remarks>
    /// The specification and ffmpeg mean the absolute time taken as a delta (§5.3.1.2.4); librtmp
    /// means "the same time". The first happens at the start of a stream, where the time is about
    /// one frame; after a second it would only be a leap (Q9).
    /// </remarks>
    private static uint DeltaAfterAbsolute(uint time) => time <= 1000 ? time : 0;

    private int NextChunkLength()
    {
        var length = Math.Min(_chunkBytesMax, _stream.Length - (_stream.Payload?.Length ?? 0));
        return length <= limits.ChunkBytesMax ? length : throw new ProtocolException(
            ProtocolError.ChunkSize, $"a chunk of {length} bytes, over {limits.ChunkBytesMax}");
    }

    /// <summary>
    /// After an extended timestamp type 3 chunks repeat it (ffmpeg, FMLE) or not (older librtmp,
    /// Q8): four equal bytes are taken as the repetition, anything else as payload.
    /// </summary>
    private bool MatchExtended(ref ReadOnlySpan<byte> input)
    {
        while (_filled < 4)
        {
            if (input.IsEmpty)
                return false;
            if (input[0] != ExtendedByte(_filled))
            {
                for (; _carried < _filled; _carried++)
                    _carry[_carried] = ExtendedByte(_carried);
                return true;                    // what matched so far was payload after all
            }
            _filled++;
            input = input[1..];
        }
        return true;
    }

    private byte ExtendedByte(int index) => (byte)(_stream.Extended!.Value >> (24 - (8 * index)));

    private bool TryReadCarried(out RtmpMessage message)
    {
        Span<byte> bytes = stackalloc byte[CarryMax];
        _carry.AsSpan(0, _carried).CopyTo(bytes);
        ReadOnlySpan<byte> rest = bytes[.._carried];
        _carried = 0;
        if (!TryStep(ref rest, out message))
            return false;
        rest.CopyTo(_carry.AsSpan(_carried));
        _carried += rest.Length;
        return true;
    }

    private void BeginPayload()
    {
        _filled = 0;
        _state = State.Payload;
        if (_stream.Payload is not null || _stream.Length == 0)
            return;

        // A peer that has completed large messages is trusted with one such packet at once.
        var eager = Math.Min(_stream.Length, _largest);
        var isAffordable = _reserved + eager <= limits.HalfReceivedBytesMax;
        _stream.Payload = pool.Rent(isAffordable ? eager : Math.Min(eager, FirstReservation));
        _reserved += _stream.Payload.Capacity;
    }

    private bool Copy(ref ReadOnlySpan<byte> input)
    {
        var count = Math.Min(_chunkLeft, input.Length);
        if (count > 0)
        {
            Reserve(count);
            _stream.Payload!.Append(input[..count]);
            input = input[count..];
            _chunkLeft -= count;
            _halfReceived += count;
        }
        return _chunkLeft == 0;
    }

    private void Reserve(int more)
    {
        if (_halfReceived + more > limits.HalfReceivedBytesMax)
        {
            throw new ProtocolException(
                ProtocolError.HalfReceivedBytes,
                $"more than {limits.HalfReceivedBytesMax} bytes of unfinished messages");
        }

        var packet = _stream.Payload!;
        var needed = packet.Length + more;
        if (needed <= packet.Capacity)
            return;
        var larger = pool.Rent(Math.Min(_stream.Length, Math.Max(needed, packet.Capacity * 2)));
        larger.Append(packet.Written);
        _reserved += larger.Capacity - packet.Capacity;
        packet.Release();
        _stream.Payload = larger;
    }

    private bool TryEndChunk(out RtmpMessage message)
    {
        _state = State.FirstByte;
        message = default;
        var payload = _stream.Payload;
        if (payload is null)
        {
            Skipped++;                          // a message of no bytes (Q17)
            return false;
        }
        if (payload.Length < _stream.Length)
            return false;

        message = new RtmpMessage(
            _stream.Type, _stream.Timestamp, _stream.MessageStream, payload);
        Forget(_stream);
        _largest = Math.Max(_largest, payload.Length);
        return true;
    }

    private void DropPartial(ChunkStream stream)
    {
        Skipped++;
        var payload = stream.Payload!;
        Forget(stream);
        payload.Release();
    }

    private void Forget(ChunkStream stream)
    {
        _halfReceived -= stream.Payload!.Length;
        _reserved -= stream.Payload.Capacity;
        stream.Payload = null;
        Invariant.Holds(_halfReceived >= 0 && _reserved >= 0);
    }
}
