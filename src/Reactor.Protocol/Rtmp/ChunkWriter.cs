using System;
using Reactor.Primitives;

namespace Reactor.Protocol.Rtmp;

/// <summary>Lays out messages in chunks (RTMP 1.0 §5.3); keeps no state.</summary>
/// <remarks>
/// Every message begins with a type 0 chunk of absolute time, four bytes more than a delta: so
/// a message may be left out, or be the first that somebody sees, without harm to the next one.
/// An extended timestamp is repeated in every type 3 chunk, as the specification has it (Q8).
/// </remarks>
public static class ChunkWriter
{
    /// <summary>
    /// The longest type 0 header: three bytes of id, eleven of header, four of time.
    /// </summary>
    public const int HeaderBytesMax = 18;

    /// <summary>The longest type 3 header.</summary>
    public const int ContinuationBytesMax = 7;

    private const uint ExtendedMark = 0xFF_FFFF;

    /// <summary>Bytes of a message on the wire, headers included.</summary>
    public static int WireLength(uint chunkStream, uint timestamp, int length, int chunkBytes)
    {
        var continuations = Math.Max(0, length - 1) / chunkBytes;
        return HeaderLength(chunkStream, timestamp) + length
            + (continuations * ContinuationLength(chunkStream, timestamp));
    }

    public static int HeaderLength(uint chunkStream, uint timestamp) =>
        IdLength(chunkStream) + 11 + ExtendedLength(timestamp);

    public static int ContinuationLength(uint chunkStream, uint timestamp) =>
        IdLength(chunkStream) + ExtendedLength(timestamp);

    /// <summary>Writes the type 0 header that opens a message.</summary>
    /// <returns>Bytes written.</returns>
    public static int WriteHeader(
        Span<byte> to, uint chunkStream, uint timestamp,
        int length, MessageType type, uint streamId)
    {
        var writer = new ByteWriter(to);
        WriteId(ref writer, format: 0, chunkStream);
        writer.UInt24(Math.Min(timestamp, ExtendedMark));
        writer.UInt24((uint)length);
        writer.Byte((byte)type);
        writer.UInt32LittleEndian(streamId);
        if (timestamp >= ExtendedMark)
            writer.UInt32(timestamp);
        return writer.Length;
    }

    /// <summary>Writes the type 3 header that goes on with a message.</summary>
    /// <returns>Bytes written.</returns>
    public static int WriteContinuation(Span<byte> to, uint chunkStream, uint timestamp)
    {
        var writer = new ByteWriter(to);
        WriteId(ref writer, format: 3, chunkStream);
        if (timestamp >= ExtendedMark)
            writer.UInt32(timestamp);
        return writer.Length;
    }

    /// <summary>A whole message, ready for the wire.</summary>
    public static Packet Write(
        PacketPool pool,
        uint chunkStream,
        uint timestamp,
        MessageType type,
        uint streamId,
        ReadOnlySpan<byte> payload,
        int chunkBytes)
    {
        var packet = pool.Rent(WireLength(chunkStream, timestamp, payload.Length, chunkBytes));
        packet.Advance(
            WriteHeader(packet.Free, chunkStream, timestamp, payload.Length, type, streamId));
        while (true)
        {
            var count = Math.Min(chunkBytes, payload.Length);
            packet.Append(payload[..count]);
            payload = payload[count..];
            if (payload.IsEmpty)
                return packet;
            packet.Advance(WriteContinuation(packet.Free, chunkStream, timestamp));
        }
    }

    private static int IdLength(uint chunkStream) => chunkStream switch
    {
        < 64 => 1,
        < 320 => 2,
        _ => 3,
    };

    private static int ExtendedLength(uint timestamp) => timestamp >= ExtendedMark ? 4 : 0;

    // Basic header (§5.3.1.1):  fmt:2 id:6  |  fmt:2 0:6 id-64:8  |  fmt:2 1:6 id-64:16 (little)
    private static void WriteId(ref ByteWriter writer, int format, uint chunkStream)
    {
        var top = (byte)(format << 6);
        switch (IdLength(chunkStream))
        {
            case 1:
                writer.Byte((byte)(top | chunkStream));
                break;
            case 2:
                writer.Byte(top);
                writer.Byte((byte)(chunkStream - 64));
                break;
            default:
                writer.Byte((byte)(top | 1));
                writer.Byte((byte)(chunkStream - 64));
                writer.Byte((byte)((chunkStream - 64) >> 8));
                break;
        }
    }
}
