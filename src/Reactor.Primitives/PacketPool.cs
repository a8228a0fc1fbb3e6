using System;
using System.Numerics;

namespace Reactor.Primitives;

/// <summary>Packets by size class, each class an object pool that keeps a bounded number.</summary>
/// <remarks>
/// Classes are powers of two from 256 B to 32 MiB, so at most half of a packet is unused.
/// Whole GOPs leave a cache at once, and are needed again over the next seconds: so the classes
/// keep <see cref="RestBytesMax"/> together, and beyond that one of the class that rests most
/// goes to the garbage collector; and what rests on and on goes there by and by
/// (<see cref="Trim"/>).
/// Invariants: <see cref="Outstanding"/> is the number of packets that have an owner;
/// <see cref="RestBytes"/> is the sum of all shelves.
/// </remarks>
public sealed class PacketPool
{
    /// <summary>The largest packet: a message of 16 MiB grows into the class above it.</summary>
    public const int CapacityMax = 1 << LargestShift;

    /// <summary>Bytes kept for later: two GOP caches of 16 MiB, with packets half used.</summary>
    public const int RestBytesMax = 64 << 20;

    private const int SmallestShift = 8;
    private const int LargestShift = 25;

    private readonly PacketShelf[] _shelves = new PacketShelf[LargestShift - SmallestShift + 1];

    public PacketPool()
    {
        for (var i = 0; i < _shelves.Length; i++)
            _shelves[i] = new PacketShelf(this, 1 << (i + SmallestShift));
    }

    /// <summary>Packets that have an owner; zero after shutdown.</summary>
    public int Outstanding { get; private set; }

    /// <summary>Bytes of capacity of the packets that have an owner.</summary>
    public long OutstandingBytes { get; private set; }

    /// <summary>Bytes of capacity of the packets that have none.</summary>
    public long RestBytes { get; private set; }

    /// <summary>Bytes of capacity given to the garbage collector so far.</summary>
    public long GivenBytes { get; private set; }

    /// <summary>An empty packet of at least this capacity, owned by the caller.</summary>
    /// <param name="capacity">1 to <see cref="CapacityMax"/> bytes; checked by the caller.</param>
    public Packet Rent(int capacity)
    {
        Invariant.Vital(capacity is >= 0 and <= CapacityMax);
        var bits = BitOperations.Log2((uint)Math.Max(1, capacity - 1)) + 1;
        var shelf = _shelves[Math.Max(SmallestShift, bits) - SmallestShift];
        RestBytes -= shelf.RestBytes;
        var packet = shelf.Get().Begin();
        RestBytes += shelf.RestBytes;
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

    /// <summary>
    /// Gives up half of what nobody needed since the last call; to be called now and then.
    /// </summary>
    public void Trim()
    {
        var given = 0L;
        foreach (var shelf in _shelves)
            given += shelf.Trim();
        RestBytes -= given;
        GivenBytes += given;
    }

    /// <summary>A packet has come home.</summary>
    internal void Left(Packet packet)
    {
        Outstanding--;
        OutstandingBytes -= packet.Capacity;
        Invariant.Vital(Outstanding >= 0);
        RestBytes += packet.Capacity;
        while (RestBytes > RestBytesMax)
            DropOne();
    }

    private void DropOne()
    {
        var fullest = _shelves[0];
        foreach (var shelf in _shelves)
            fullest = shelf.RestBytes > fullest.RestBytes ? shelf : fullest;
        var before = fullest.RestBytes;
        fullest.Drop();
        RestBytes -= before - fullest.RestBytes;
        GivenBytes += before - fullest.RestBytes;
    }
}
