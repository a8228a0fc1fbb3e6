using System;
using BenchmarkDotNet.Attributes;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;

namespace Reactor.Bench;

/// <summary>A message out of chunks, its one copy included.</summary>
public class ChunkReaderBench
{
    private readonly PacketPool _pool = new();
    private byte[] _bytes = [];
    private ChunkReader _reader = null!;

    [Params(128, 4096)]
    public int ChunkBytes { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _bytes = Samples.Chunks(ChunkBytes);
        _reader = new ChunkReader(_pool, new ChunkLimits()) { ChunkBytesMax = ChunkBytes };
    }

    [Benchmark(OperationsPerInvoke = Samples.Messages)]
    public int Message()
    {
        ReadOnlySpan<byte> input = _bytes;
        var bytes = 0;
        while (_reader.TryRead(ref input, out var message))
        {
            bytes += message.Payload.Length;
            message.Payload.Release();
        }
        return bytes;
    }
}
