using System;
using System.Buffers.Text;
using System.Text;
using Reactor.Primitives;

namespace Reactor.Protocol.Redis;

/// <summary>Lays out commands for a Redis server: an array of bulks, in RESP2 and RESP3.</summary>
public static class RespWriter
{
    /// <summary>Bytes of one command, its lengths included.</summary>
    public const int CommandBytesMax = 1 << 20;

    private const int LengthLineMax = 1 + 10 + 2;

    /// <summary>A command and its arguments in one packet, owned by the caller.</summary>
    /// <exception cref="ArgumentException">Longer than the maximum, or empty.</exception>
    public static Packet Write(PacketPool pool, params ReadOnlySpan<string> words)
    {
        var bytesMax = (long)LengthLineMax;
        foreach (var word in words)
            bytesMax += LengthLineMax + Encoding.UTF8.GetByteCount(word) + 2;
        if (words.IsEmpty || bytesMax > CommandBytesMax)
            throw new ArgumentException($"a command of {bytesMax} bytes", nameof(words));

        var packet = pool.Rent((int)bytesMax);
        Number(packet, (byte)'*', words.Length);
        foreach (var word in words)
        {
            Number(packet, (byte)'$', Encoding.UTF8.GetByteCount(word));
            packet.Advance(Encoding.UTF8.GetBytes(word, packet.Free));
            packet.Append("\r\n"u8);
        }
        return packet;
    }

    private static void Number(Packet packet, byte mark, int number)
    {
        packet.Append([mark]);
        Utf8Formatter.TryFormat(number, packet.Free, out var written);
        packet.Advance(written);
        packet.Append("\r\n"u8);
    }
}
