using System;
using System.Numerics;
using Microsoft.Extensions.ObjectPool;

namespace Reactor.Primitives;

/// <summary>Packets by size class, each class an object pool that keeps a bounded number.</summary>
/// <remarks>
/// Classes are powers of two from 256 B to 32 MiB, so at most half of a packet is unused.
/// Each class keeps at most <see cref="RetainedBytesPerClass"/> at rest; what a peak needed
/// beyond that goes to the garbage collector when it is released.
/// Invariant: <see cref="Outstanding"/> is the number of packets that have an owner.
/// </remarks>
public sealed class PacketPool
{
    /// <summary>The largest packet: a message of 16 MiB grows into the class above it.</summary>
    public const int CapacityMax = 1 << LargestShift;

    private const int SmallestShift = 8;
    private const int LargestShift = 25;
    private const int RetainedBytesPerClass = 4 << 20;
    private const int RetainedPerClassMax = 4096;

    private readonly ObjectPool<Packet>[] _classes =
        new ObjectPool<Packet>[LargestShift - SmallestShift + 1];

    public PacketPool()
    {
        for (var i = 0; i < _classes.Length; i++)
        {
            var capacity = 1 << (i + SmallestShift);
            var policy = new Policy(this, capacity);
            var retained = Math.Clamp(RetainedBytesPerClass / capacity, 1, RetainedPerClassMax);
            _classes[i] = new DefaultObjectPool<Packet>(policy, retained);
            policy.Home = _classes[i];
        }
    }

    /// <summary>Packets that have an owner; zero after shutdown.</summary>
    public int Outstanding { get; private set; }

    /// <summary>Bytes of capacity of the packets that have an owner.</summary>
    public long OutstandingBytes { get; private set; }

    /// <summary>An empty packet of at least this capacity, owned by the caller.</summary>
    /// <param name="capacity">1 to <see cref="CapacityMax"/> bytes; checked by the caller.</param>
    public Packet Rent(int capacity)
    {
        Invariant.Vital(capacity is >= 0 and <= CapacityMax);
        var bits = BitOperations.Log2((uint)Math.Max(1, capacity - 1)) + 1;
        var shift = Math.Max(SmallestShift, bits);
        var packet = _classes[shift - SmallestShift].Get().Begin();
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

    internal void Left(Packet packet)
    {
        Outstanding--;
        OutstandingBytes -= packet.Capacity;
        Invariant.Vital(Outstanding >= 0);
    }

    private sealed class Policy(PacketPool pool, int capacity) : PooledObjectPolicy<Packet>
    {
        public ObjectPool<Packet>? Home { get; set; }

        public override Packet Create() => new(pool, Home!, capacity);

        public override bool Return(Packet obj) => true;
    }
}
