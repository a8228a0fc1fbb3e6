using System;
using System.Buffers.Binary;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;

namespace Reactor.Protocol.Flv;

/// <summary>Reads the tags of an FLV file, however its bytes are cut (FLV §E.2).</summary>
/// <remarks>
/// The input is always used up, but for what follows a tag that is handed out. A file that
/// ends within a tag just gives no more: a killed recorder leaves such a file, and it is good
/// up to there. Back pointers are not compared: there are encoders that write zeros.
/// Invariant: a payload is held only while its tag is under way, in a packet that grows with
/// what has arrived.
/// </remarks>
/// <param name="pool">Where payloads come from.</param>
/// <param name="payloadBytesMax">The longest payload of a tag, in bytes.</param>
public sealed class FlvReader(PacketPool pool, int payloadBytesMax) : IDisposable
{
    private const int FileHeaderLength = 9;
    private const int TagHeaderLength = 11;
    private const int BackPointerLength = 4;

    /// <summary>What a payload is given at first, whatever length its tag claims.</summary>
    private const int FirstReservation = 4096;

    private readonly byte[] _head = new byte[TagHeaderLength];
    private int _filled;
    private State _state;
    private int _toSkip;
    private MessageType _type;
    private uint _timestampMs;
    private int _length;
    private Packet? _payload;

    private enum State
    {
        FileHeader,
        Skip,
        TagHeader,
        Payload,
    }

    /// <summary>What the file's header says of its tracks; not to be relied on (Q47).</summary>
    public bool HasAudio { get; private set; }

    public bool HasVideo { get; private set; }

    /// <summary>A reader whose first byte is the first of a tag, somewhere in a file.</summary>
    public static FlvReader AtTag(PacketPool pool, int payloadBytesMax) =>
        new(pool, payloadBytesMax) { _state = State.TagHeader };

    /// <summary>The next tag, as soon as its last byte is there.</summary>
    /// <exception cref="ProtocolException">
    /// <see cref="ProtocolError.Flv"/>: no FLV header, an encrypted tag, or one over the limit.
    /// </exception>
    public bool TryRead(ref ReadOnlySpan<byte> input, out FlvTag tag)
    {
        tag = default;
        while (true)
        {
            switch (_state)
            {
                case State.FileHeader:
                    if (!Fill(ref input, FileHeaderLength))
                        return false;
                    EndFileHeader();
                    break;
                case State.Skip:
                    if (!Skip(ref input))
                        return false;
                    _state = State.TagHeader;
                    break;
                case State.TagHeader:
                    if (!Fill(ref input, TagHeaderLength))
                        return false;
                    EndTagHeader();
                    break;
                case State.Payload:
                    if (!Copy(ref input))
                        return false;
                    tag = EndTag();
                    return true;
            }
        }
    }

    /// <summary>Gives back the payload of a tag that was under way.</summary>
    public void Dispose()
    {
        _payload?.Release();
        _payload = null;
    }

    // | "FLV" 24 | version 8 | 0 5 | audio 1 | 0 1 | video 1 | length of this header 32 |
    private void EndFileHeader()
    {
        var length = BinaryPrimitives.ReadUInt32BigEndian(_head.AsSpan(5));
        if (!_head.AsSpan(0, 3).SequenceEqual("FLV"u8) || length is < 9 or > 65_535)
            throw new ProtocolException(ProtocolError.Flv, "the file has no FLV header");
        HasAudio = (_head[4] & 4) != 0;
        HasVideo = (_head[4] & 1) != 0;
        BeginSkip((int)length - FileHeaderLength + BackPointerLength);
    }

    // | 0 2 | encrypted 1 | type 5 | length 24 | time 24 | time, top byte 8 | stream 24, always 0 |
    private void EndTagHeader()
    {
        if ((_head[0] & 0x20) != 0)
            throw new ProtocolException(ProtocolError.Flv, "an encrypted tag");
        _type = (MessageType)(_head[0] & 0x1F);
        _length = (int)(BinaryPrimitives.ReadUInt32BigEndian(_head) & 0x00FF_FFFF);
        if (_length > payloadBytesMax)
            throw new ProtocolException(ProtocolError.Flv, $"a tag of {_length} bytes");
        var time = BinaryPrimitives.ReadUInt32BigEndian(_head.AsSpan(4));
        _timestampMs = (time >> 8) | (time << 24);
        _payload = pool.Rent(Math.Min(_length, FirstReservation));
        _state = State.Payload;
    }

    private FlvTag EndTag()
    {
        Invariant.Holds(_payload is not null && _payload.Length == _length);
        var tag = new FlvTag(_type, _timestampMs, _payload);
        _payload = null;
        BeginSkip(BackPointerLength);
        return tag;
    }

    private void BeginSkip(int count)
    {
        _toSkip = count;
        _state = State.Skip;
    }

    private bool Skip(ref ReadOnlySpan<byte> input)
    {
        var skipped = Math.Min(_toSkip, input.Length);
        input = input[skipped..];
        _toSkip -= skipped;
        return _toSkip == 0;
    }

    private bool Fill(ref ReadOnlySpan<byte> input, int count)
    {
        var taken = Math.Min(count - _filled, input.Length);
        input[..taken].CopyTo(_head.AsSpan(_filled));
        input = input[taken..];
        _filled += taken;
        if (_filled < count)
            return false;
        _filled = 0;
        return true;
    }

    private bool Copy(ref ReadOnlySpan<byte> input)
    {
        Invariant.Holds(_payload is not null);
        var taken = Math.Min(_length - _payload.Length, input.Length);
        if (taken > _payload.Capacity - _payload.Length)
            _payload = Larger(_payload, _payload.Length + taken);
        _payload.Append(input[..taken]);
        input = input[taken..];
        return _payload.Length == _length;
    }

    /// <summary>Twice the room, or what is needed: each byte is copied about once more.</summary>
    private Packet Larger(Packet packet, int needed)
    {
        var larger = pool.Rent(Math.Min(_length, Math.Max(needed, packet.Capacity * 2)));
        larger.Append(packet.Written);
        packet.Release();
        return larger;
    }
}
