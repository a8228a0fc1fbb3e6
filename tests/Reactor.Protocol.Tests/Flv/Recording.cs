using System;
using System.Collections.Generic;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;
using Reactor.Testing;

namespace Reactor.Protocol.Tests.Flv;

/// <summary>The media that a recorded client sent, without its conversation.</summary>
internal static class Recording
{
    private const int HandshakeBytes = 1 + (2 * 1536);

    public static List<byte[]> Payloads(string sample, MessageType type)
    {
        var pool = new PacketPool();
        var reader = new ChunkReader(pool, new ChunkLimits());
        ReadOnlySpan<byte> input = Samples.Load(sample).AsSpan(HandshakeBytes);
        var payloads = new List<byte[]>();
        while (reader.TryRead(ref input, out var message))
        {
            var payload = message.Payload.Written;
            if (message.Type == type)
                payloads.Add(payload.ToArray());
            else if (message.Type == MessageType.SetChunkSize)
            {
                new ByteReader(payload).TryReadUInt32(out var size);
                reader.ChunkBytesMax = size;
            }
            message.Payload.Release();
        }
        reader.Close();
        Assert.That(pool.Outstanding, Is.Zero);
        return payloads;
    }
}
