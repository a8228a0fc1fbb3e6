using System;
using BenchmarkDotNet.Attributes;
using Reactor.Primitives;
using Reactor.Protocol.Flv;

namespace Reactor.Bench;

/// <summary>A tag out of an FLV file, as recordings are read, its one copy included.</summary>
public class FlvReaderBench
{
    private readonly PacketPool _pool = new();
    private byte[] _file = [];

    [GlobalSetup]
    public void Prepare()
    {
        var writer = new ByteWriter(_file = new byte[1 << 20]);
        FlvWriter.Header(ref writer, hasAudio: true, hasVideo: true);
        foreach (var (type, payload) in Samples.Second)
        {
            FlvWriter.TagHeader(ref writer, type, 1000, payload.Length);
            writer.Bytes(payload);
            FlvWriter.BackPointer(ref writer, payload.Length);
        }
        _file = _file[..writer.Length];
    }

    [Benchmark(OperationsPerInvoke = Samples.Messages)]
    public int Tag()
    {
        using var reader = new FlvReader(_pool, payloadBytesMax: 16 << 20);
        ReadOnlySpan<byte> input = _file;
        var bytes = 0;
        while (reader.TryRead(ref input, out var tag))
        {
            bytes += tag.Payload.Length;
            tag.Payload.Release();
        }
        return bytes;
    }
}
