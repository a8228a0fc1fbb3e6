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

    private ByteFill _head = new(TagHeaderLength);
    private GrowingPacket _payload;
    private State _state;
    private int _toSkip;
    private MessageType _type;
    private uint _timestampMs;
    private int _length;

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
                    if (!_head.TryTake(ref input, FileHeaderLength, out var fileHeader))
                        return false;
                    EndFileHeader(fileHeader);
                    break;
                case State.Skip:
                    if (!Skip(ref input))
                        return false;
                    _state = State.TagHeader;
                    break;
                case State.TagHeader:
                    if (!_head.TryTake(ref input, TagHeaderLength, out var tagHeader))
                        return false;
                    EndTagHeader(tagHeader);
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
    public void Dispose() => _payload.Release();

    // | "FLV" 24 | version 8 | 0 5 | audio 1 | 0 1 | video 1 | length of this header 32 |
    private void EndFileHeader(ReadOnlySpan<byte> head)
    {
        var length = BinaryPrimitives.ReadUInt32BigEndian(head[5..]);
        if (!head.StartsWith("FLV"u8) || length is < 9 or > 65_535)
            throw new ProtocolException(ProtocolError.Flv, "the file has no FLV header");
        HasAudio = (head[4] & 4) != 0;
        HasVideo = (head[4] & 1) != 0;
        BeginSkip((int)length - FileHeaderLength + BackPointerLength);
    }

    // | 0 2 | encrypted 1 | type 5 | length 24 | time 24 | time, top byte 8 | stream 24, always 0 |
    private void EndTagHeader(ReadOnlySpan<byte> head)
    {
        if ((head[0] & 0x20) != 0)
            throw new ProtocolException(ProtocolError.Flv, "an encrypted tag");
        _type = (MessageType)(head[0] & 0x1F);
        _length = (int)(BinaryPrimitives.ReadUInt32BigEndian(head) & 0x00FF_FFFF);
        if (_length > payloadBytesMax)
            throw new ProtocolException(ProtocolError.Flv, $"a tag of {_length} bytes");
        var time = BinaryPrimitives.ReadUInt32BigEndian(head[4..]);
        _timestampMs = (time >> 8) | (time << 24);
        _payload = new GrowingPacket(pool, Math.Min(_length, FirstReservation));
        _state = State.Payload;
    }

    private FlvTag EndTag()
    {
        Invariant.Holds(_payload.Length == _length);
        var tag = new FlvTag(_type, _timestampMs, _payload.TakeAny());
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

    private bool Copy(ref ReadOnlySpan<byte> input)
    {
        var taken = Math.Min(_length - _payload.Length, input.Length);
        _payload.Append(input[..taken]);
        input = input[taken..];
        return _payload.Length == _length;
    }
}
