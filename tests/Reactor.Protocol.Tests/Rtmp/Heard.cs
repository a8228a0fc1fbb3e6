using System;
using System.Collections.Generic;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;

namespace Reactor.Protocol.Tests.Rtmp;

/// <summary>A message as a reader gave it out, its payload kept.</summary>
internal sealed record Heard(MessageType Type, uint Time, uint Stream, byte[] Payload)
{
    /// <summary>Reads pieces to the end, obeying Set Chunk Size and Abort on the way.</summary>
    /// <remarks>
    /// Each piece is overwritten once it was read, and the pool is balanced in the end: what is
    /// under way by then is dropped.
    /// </remarks>
    public static List<Heard> All(IEnumerable<byte[]> pieces, ChunkLimits? limits = null)
    {
        var pool = new PacketPool();
        var reader = new ChunkReader(pool, limits ?? new ChunkLimits());
        var messages = new List<Heard>();
        foreach (var piece in pieces)
            Take(reader, piece, messages);
        reader.Close();
        Assert.That(pool.Outstanding, Is.Zero);
        return messages;
    }

    public static void Take(ChunkReader reader, byte[] piece, List<Heard> messages)
    {
        ReadOnlySpan<byte> input = piece;
        while (reader.TryRead(ref input, out var message))
        {
            var payload = message.Payload.Written.ToArray();
            message.Payload.Release();
            messages.Add(new(message.Type, message.Timestamp, message.StreamId, payload));
            if (message.Type == MessageType.SetChunkSize)
                reader.ChunkBytesMax = Number(payload);
            else if (message.Type == MessageType.Abort)
                reader.Abort((uint)Number(payload));
        }
        Assert.That(input.Length, Is.Zero);
        Array.Fill(piece, (byte)0xEE);
    }

    /// <summary>Equality by content: a record compares an array by reference.</summary>
    public bool Equals(Heard? other) =>
        other is not null
        && (Type, Time, Stream) == (other.Type, other.Time, other.Stream)
        && Payload.AsSpan().SequenceEqual(other.Payload);

    public override int GetHashCode() => HashCode.Combine(Type, Time, Stream, Payload.Length);

    public override string ToString() =>
        $"{Type} at {Time} on {Stream}: {Payload.Length} bytes "
        + Convert.ToHexString(Payload.AsSpan(0, Math.Min(16, Payload.Length)));

    private static long Number(byte[] payload) =>
        (payload[0] << 24 | payload[1] << 16 | payload[2] << 8 | payload[3]) & 0x7FFF_FFFF;
}
