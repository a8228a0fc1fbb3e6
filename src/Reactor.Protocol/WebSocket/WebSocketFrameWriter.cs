using System;
using System.Text;
using Reactor.Primitives;

namespace Reactor.Protocol.WebSocket;

/// <summary>Writes what stands before a frame's payload (RFC 6455 §5.2); keeps no state.</summary>
/// <remarks>A server's frames are not masked, a client's are.</remarks>
public static class WebSocketFrameWriter
{
    /// <summary>Two bytes, and eight of length.</summary>
    public const int HeaderLengthMax = 10;

    public const int MaskLength = 4;

    /// <summary>The longest payload of a control frame, in bytes.</summary>
    public const int ControlBytesMax = 125;

    private const byte Final = 0x80;
    private const byte Masked = 0x80;

    /// <summary>How long the header before such a payload is, without a mask, in bytes.</summary>
    public static int HeaderLength(long payloadLength) => payloadLength switch
    {
        <= 125 => 2,
        <= ushort.MaxValue => 4,
        _ => HeaderLengthMax,
    };

    /// <summary>The header of a server's frame.</summary>
    /// <param name="to"><see cref="HeaderLength"/> bytes of room.</param>
    /// <param name="opcode">What it is; a fragment but the first is a continuation.</param>
    /// <param name="payloadLength">0 or more; at most 125 for control frames.</param>
    /// <param name="isFinal">False if fragments of the same message follow.</param>
    public static void Header(
        ref ByteWriter to, WebSocketOpcode opcode, long payloadLength, bool isFinal = true) =>
        Header(ref to, opcode, payloadLength, isFinal, mask: 0);

    /// <summary>A client's frame, its payload copied and masked.</summary>
    /// <param name="to">Header, <see cref="MaskLength"/> and payload of room.</param>
    /// <param name="opcode">What it is, as in a server's header.</param>
    /// <param name="payload">What to send.</param>
    /// <param name="key">Luck, new for each frame (§5.3).</param>
    /// <param name="isFinal">False if fragments of the same message follow.</param>
    public static void MaskedFrame(
        ref ByteWriter to, WebSocketOpcode opcode, ReadOnlySpan<byte> payload, uint key,
        bool isFinal = true)
    {
        Header(ref to, opcode, payload.Length, isFinal, Masked);
        to.UInt32(key);
        WebSocketMask.Apply(payload, to.Take(payload.Length), key, position: 0);
    }

    /// <summary>A server's whole frame: pings, pongs, short messages.</summary>
    public static Packet Frame(
        PacketPool pool, WebSocketOpcode opcode, ReadOnlySpan<byte> payload)
    {
        var packet = pool.Rent(HeaderLengthMax + payload.Length);
        var to = new ByteWriter(packet.Free);
        Header(ref to, opcode, payload.Length);
        to.Bytes(payload);
        packet.Advance(to.Length);
        return packet;
    }

    /// <summary>A server's close frame (§5.5.1).</summary>
    /// <param name="pool">Where the packet comes from.</param>
    /// <param name="code">Why; <see cref="WebSocketCloseCode.None"/> to say nothing.</param>
    /// <param name="reason">At most 123 bytes of UTF-8.</param>
    public static Packet Close(PacketPool pool, WebSocketCloseCode code, string reason)
    {
        Span<byte> payload = stackalloc byte[ControlBytesMax];
        var to = new ByteWriter(payload);
        if (code != WebSocketCloseCode.None)
        {
            to.UInt16((ushort)code);
            to.Bytes(Encoding.UTF8.GetBytes(reason));
        }
        return Frame(pool, WebSocketOpcode.Close, payload[..to.Length]);
    }

    // | final 1 | 0 3 | opcode 4 | masked 1 | length 7: itself, or 126 and 16, or 127 and 64 |
    private static void Header(
        ref ByteWriter to, WebSocketOpcode opcode, long payloadLength, bool isFinal, byte mask)
    {
        var isShort = payloadLength <= ControlBytesMax;
        Invariant.Holds(payloadLength >= 0);
        Invariant.Holds(opcode < WebSocketOpcode.Close || (isShort && isFinal));
        to.Byte((byte)((isFinal ? Final : 0) | (byte)opcode));
        switch (HeaderLength(payloadLength))
        {
            case 2:
                to.Byte((byte)(mask | (byte)payloadLength));
                break;
            case 4:
                to.Byte((byte)(mask | 126));
                to.UInt16((ushort)payloadLength);
                break;
            default:
                to.Byte((byte)(mask | 127));
                to.UInt32((uint)(payloadLength >> 32));
                to.UInt32((uint)payloadLength);
                break;
        }
    }
}
