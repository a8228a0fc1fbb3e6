using System;
using System.Numerics;
using Microsoft.Extensions.ObjectPool;

namespace Reactor.Primitives;

/// <summary>Packets by size class, each class an object pool that keeps a bounded number.</summary>
/// <remarks>
/// Classes are powers of two from 256 B to 32 MiB, so at most half of a packet is unused.
/// Whole GOPs leave a cache at once, and are needed again over the next seconds: so the classes
/// keep <see cref="RestBytesMax"/> together, and beyond that one of the class that rests most
/// goes to the garbage collector.
/// Invariants: <see cref="Outstanding"/> is the number of packets that have an owner; _rest[i] is
/// the bytes at rest in _classes[i], and <see cref="RestBytes"/> their sum.
/// </remarks>
public sealed class PacketPool
{
    /// <summary>The largest packet: a message of 16 MiB grows into the class above it.</summary>
    public const int CapacityMax = 1 << LargestShift;

    /// <summary>Bytes kept for later: two GOP caches of 16 MiB, with packets half used.</summary>
    public const int RestBytesMax = 64 << 20;

    private const int SmallestShift = 8;
    private const int LargestShift = 25;

    private readonly ObjectPool<Packet>[] _classes =
        new ObjectPool<Packet>[LargestShift - SmallestShift + 1];

    private readonly long[] _rest = new long[LargestShift - SmallestShift + 1];

    public PacketPool()
    {
        for (var i = 0; i < _classes.Length; i++)
        {
            var capacity = 1 << (i + SmallestShift);
            var policy = new Policy(this, capacity);
            _classes[i] = new DefaultObjectPool<Packet>(policy, int.MaxValue);
            policy.Home = _classes[i];
        }
    }

    /// <summary>Packets that have an owner; zero after shutdown.</summary>
    public int Outstanding { get; private set; }

    /// <summary>Bytes of capacity of the packets that have an owner.</summary>
    public long OutstandingBytes { get; private set; }

    /// <summary>Bytes of capacity of the packets that have none.</summary>
    public long RestBytes { get; private set; }

    /// <summary>An empty packet of at least this capacity, owned by the caller.</summary>
    /// <param name="capacity">1 to <see cref="CapacityMax"/> bytes; checked by the caller.</param>
    public Packet Rent(int capacity)
    {
        Invariant.Vital(capacity is >= 0 and <= CapacityMax);
        var bits = BitOperations.Log2((uint)Math.Max(1, capacity - 1)) + 1;
        var packet = Take(Math.Max(SmallestShift, bits) - SmallestShift).Begin();
        Outstanding++;
        OutstandingBytes += packet.Capacity;
        return packet;
    }

    /// <summary>A packet that holds a copy of <paramref name="bytes"/>.</summary>
    public Packet Copy(ReadOnlySpan<byte> bytes)
    {
        var packet = Rent(bytes.Length);
        packet.Append(bytes);
        return packet;
    }

    /// <summary>A packet has come home.</summary>
    internal void Left(Packet packet)
    {
        Outstanding--;
        OutstandingBytes -= packet.Capacity;
        Invariant.Vital(Outstanding >= 0);
        _rest[BitOperations.Log2((uint)packet.Capacity) - SmallestShift] += packet.Capacity;
        RestBytes += packet.Capacity;
        while (RestBytes > RestBytesMax)
            _ = Take(FullestClass());
    }

    private int FullestClass()
    {
        var fullest = 0;
        for (var i = 1; i < _rest.Length; i++)
            fullest = _rest[i] > _rest[fullest] ? i : fullest;
        return fullest;
    }

    private Packet Take(int index)
    {
        var packet = _classes[index].Get();
        if (_rest[index] > 0)
        {
            _rest[index] -= packet.Capacity;
            RestBytes -= packet.Capacity;
        }
        return packet;
    }

    private sealed class Policy(PacketPool pool, int capacity) : PooledObjectPolicy<Packet>
    {
        public ObjectPool<Packet>? Home { get; set; }

        public override Packet Create() => new(pool, Home!, capacity);

        public override bool Return(Packet obj) => true;
    }
}
