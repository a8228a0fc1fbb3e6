using System;
using System.Collections.Generic;
using System.Linq;
using Reactor.Protocol.Rtmp;

namespace Reactor.Testing.Simulation;

/// <summary>
/// Lets the chunks of messages of several chunk streams take turns (RTMP 1.0 §5.3.2.3).
/// </summary>
/// <remarks>Within a lane messages follow one another; between lanes luck decides.</remarks>
public sealed class ChunkMixer(int chunkBytes, int lanes)
{
    private readonly Queue<byte[]>[] _lanes =
        [.. Enumerable.Range(0, lanes).Select(_ => new Queue<byte[]>())];

    public bool IsEmpty => _lanes.All(lane => lane.Count == 0);

    /// <summary>Adds a message to a lane; no other lane may use its chunk stream.</summary>
    public void Add(
        int lane, uint chunkStream, uint timestamp, MessageType type, uint streamId,
        ReadOnlySpan<byte> payload)
    {
        Span<byte> header = stackalloc byte[ChunkWriter.HeaderBytesMax];
        var length = ChunkWriter.WriteHeader(
            header, chunkStream, timestamp, payload.Length, type, streamId);
        while (true)
        {
            var count = Math.Min(chunkBytes, payload.Length);
            _lanes[lane].Enqueue([.. header[..length], .. payload[..count]]);
            payload = payload[count..];
            if (payload.IsEmpty)
                return;
            length = ChunkWriter.WriteContinuation(header, chunkStream, timestamp);
        }
    }

    /// <summary>Gives out all that was added, the lanes in any order.</summary>
    public void Drain(Random random, Action<byte[]> send)
    {
        while (!IsEmpty)
        {
            if (_lanes[random.Next(lanes)].TryDequeue(out var chunk))
                send(chunk);
        }
    }
}
