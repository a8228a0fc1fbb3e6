using BenchmarkDotNet.Attributes;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;

namespace Reactor.Bench;

/// <summary>A message into chunks.</summary>
public class ChunkWriterBench
{
    private readonly PacketPool _pool = new();
    private readonly byte[] _header = new byte[ChunkWriter.HeaderBytesMax];
    private readonly byte[] _picture = Samples.Picture(isKeyframe: false, 3770);

    /// <summary>What is made for each player and message: only the header.</summary>
    [Benchmark]
    public int Header() => ChunkWriter.WriteHeader(
        _header, 6, 1000, _picture.Length, MessageType.Video, 1);

    /// <summary>Replies are written whole.</summary>
    [Benchmark]
    public void WholeMessage() => ChunkWriter
        .Write(_pool, 6, 1000, MessageType.Video, 1, _picture, chunkBytes: 4096)
        .Release();
}
