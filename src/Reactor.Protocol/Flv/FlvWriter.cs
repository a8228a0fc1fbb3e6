using Reactor.Primitives;
using Reactor.Protocol.Rtmp;

namespace Reactor.Protocol.Flv;

/// <summary>Writes what stands around the payloads of an FLV file (FLV §E.2 to §E.4).</summary>
/// <remarks>A file is a header, and for each tag: tag header, payload, back pointer.</remarks>
public static class FlvWriter
{
    /// <summary>The file's header with the back pointer to no tag.</summary>
    public const int HeaderLength = 13;

    public const int TagHeaderLength = 11;

    public const int BackPointerLength = 4;

    /// <summary>The longest payload that a tag can have: its length has 24 bits.</summary>
    public const int PayloadBytesMax = 0x00FF_FFFF;

    /// <param name="to">13 bytes of room.</param>
    /// <param name="hasAudio">Some players wait for what is promised here (Q47).</param>
    /// <param name="hasVideo">Likewise.</param>
    public static void Header(ref ByteWriter to, bool hasAudio, bool hasVideo)
    {
        to.Bytes("FLV"u8);
        to.Byte(1);                             // version
        to.Byte((byte)((hasAudio ? 4 : 0) | (hasVideo ? 1 : 0)));
        to.UInt32(9);                           // length of what stands so far
        to.UInt32(0);
    }

    /// <param name="to">11 bytes of room.</param>
    /// <param name="type">Audio, Video or Data.</param>
    /// <param name="timestampMs">Modulo 2^32: the top byte follows the lower three.</param>
    /// <param name="payloadLength">0 to <see cref="PayloadBytesMax"/>.</param>
    public static void TagHeader(
        ref ByteWriter to, MessageType type, uint timestampMs, int payloadLength)
    {
        Invariant.Holds(payloadLength is >= 0 and <= PayloadBytesMax);
        to.Byte((byte)type);
        to.UInt24((uint)payloadLength);
        to.UInt24(timestampMs & 0x00FF_FFFF);
        to.Byte((byte)(timestampMs >> 24));
        to.UInt24(0);                           // stream id: always 0
    }

    /// <summary>The length of the tag before it, header included.</summary>
    /// <param name="to">4 bytes of room.</param>
    /// <param name="payloadLength">As in the tag's header.</param>
    public static void BackPointer(ref ByteWriter to, int payloadLength) =>
        to.UInt32((uint)(TagHeaderLength + payloadLength));
}
