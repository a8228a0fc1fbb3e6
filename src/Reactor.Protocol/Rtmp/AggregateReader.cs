using System;
using Reactor.Primitives;

namespace Reactor.Protocol.Rtmp;

/// <summary>
/// Takes an aggregate message apart (RTMP 1.0 §7.1.6): FLV tags one behind the other.
/// </summary>
/// <remarks>
/// The tags' times are moved so that the first one has the time of the aggregate. A tag that is
/// cut off ends the reading; what came before it stands.
/// </remarks>
public ref struct AggregateReader(RtmpMessage aggregate)
{
    private const int BackPointerBytes = 4;
    private ByteReader _rest = new(aggregate.Payload.Written);
    private uint? _firstTime;

    /// <summary>The next message; its bytes are a part of the aggregate's.</summary>
    public bool TryRead(out MessageType type, out uint timestamp, out ReadOnlySpan<byte> body)
    {
        timestamp = 0;
        body = default;
        var isWhole = _rest.TryReadByte(out var tag)
            & _rest.TryReadUInt24(out var length)
            & _rest.TryReadUInt24(out var time)
            & _rest.TryReadByte(out var timeTop)
            && _rest.TrySkip(3)                 // the tag's stream id means nothing here
            && _rest.TryRead((int)length, out body);
        type = (MessageType)(tag & 0x1F);
        if (!isWhole)
            return false;
        _rest.TrySkip(BackPointerBytes);        // the last one is left out by some
        time |= (uint)timeTop << 24;
        _firstTime ??= time;
        timestamp = aggregate.Timestamp + (time - _firstTime.Value);
        return true;
    }
}
