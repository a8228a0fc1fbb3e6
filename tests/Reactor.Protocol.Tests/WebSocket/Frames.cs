using System;
using System.Collections.Generic;
using System.Text;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.WebSocket;

namespace Reactor.Protocol.Tests.WebSocket;

/// <summary>Frames made by hand, so that reader and writer do not only prove each other.</summary>
internal static class Frames
{
    public const int BytesMax = 64 * 1024;

    public static ReadOnlySpan<byte> Key => [0x37, 0xFA, 0x21, 0x3D];

    public sealed record Seen(WebSocketOpcode Opcode, string Payload, int Code, string Reason);

    /// <summary>A client's frame with this first byte.</summary>
    public static byte[] Masked(byte first, ReadOnlySpan<byte> payload)
    {
        var frame = new List<byte> { first };
        if (payload.Length < 126)
            frame.Add((byte)(0x80 | payload.Length));
        else if (payload.Length < 65_536)
            frame.AddRange([0xFE, (byte)(payload.Length >> 8), (byte)payload.Length]);
        else
        {
            frame.AddRange([
                0xFF, 0, 0, 0, 0, (byte)(payload.Length >> 24), (byte)(payload.Length >> 16),
                (byte)(payload.Length >> 8), (byte)payload.Length]);
        }
        frame.AddRange(Key);
        for (var i = 0; i < payload.Length; i++)
            frame.Add((byte)(payload[i] ^ Key[i % 4]));
        return [.. frame];
    }

    public static byte[] Masked(byte first, string payload) =>
        Masked(first, Encoding.UTF8.GetBytes(payload));

    public static List<Seen> Read(
        IEnumerable<byte[]> pieces, bool isMasked = true, int bytesMax = BytesMax)
    {
        var pool = new PacketPool();
        var seen = new List<Seen>();
        using (var reader = new WebSocketReader(pool, bytesMax, isMasked))
        {
            foreach (var piece in pieces)
            {
                ReadOnlySpan<byte> input = piece;
                while (reader.TryRead(ref input, out var message))
                {
                    seen.Add(new Seen(
                        message.Opcode, Encoding.Latin1.GetString(message.Payload.Written),
                        (int)message.CloseCode, message.CloseReason));
                    message.Payload.Release();
                }
                Assert.That(input.IsEmpty, "the input is always used up");
            }
        }
        Assert.That(pool.Outstanding, Is.Zero);
        return seen;
    }
}
