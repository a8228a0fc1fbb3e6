using BenchmarkDotNet.Attributes;
using Reactor.Primitives;

namespace Reactor.Bench;

/// <summary>A packet through the pool, the ring and a gathering write.</summary>
public class PacketRingBench
{
    private const int Packets = 8;
    private readonly PacketPool _pool = new();
    private readonly PacketRing _ring = new(packetsMax: 64, ringBytesMax: 1 << 20);
    private readonly GatherList _write = new(segmentsMax: 256, scratchBytes: 64 << 10);

    [Benchmark(OperationsPerInvoke = Packets)]
    public int Packet()
    {
        for (var i = 0; i < Packets; i++)
        {
            var packet = _pool.Rent(1000);
            packet.Advance(1000);
            _ring.TryPush(packet);
            packet.Release();
        }
        _ring.Gather(_write, bytesMax: 1 << 20);
        _ring.Advance(_write.Bytes);
        return _write.Count;
    }
}
