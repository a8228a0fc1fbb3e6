using System;

namespace Reactor.Primitives;

/// <summary>A bounded queue of packets that is drained by bytes.</summary>
/// <remarks>
/// A packet in the ring has the ring as an owner. The array grows by doubling up to the bound,
/// so that a connection with little to say stays small.
/// Invariant: 0 ≤ _sent &lt; length of the head packet, and 0 when empty.
/// </remarks>
/// <param name="packetsMax">Packets at most.</param>
/// <param name="ringBytesMax">Bytes at most; one packet is always taken by an empty ring.</param>
public sealed class PacketRing(int packetsMax, int ringBytesMax) : IOutbox
{
    private const int FirstCapacity = 4;
    private Packet?[] _slots = [];
    private int _head;
    private int _sent;

    /// <summary>Packets waiting, the partly sent one included.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes waiting.</summary>
    public int Bytes { get; private set; }

    public bool IsEmpty => Count == 0;

    /// <summary>Adds a packet and retains it; a full ring says false and changes nothing.</summary>
    public bool TryPush(Packet packet)
    {
        if (Count == packetsMax || (Count > 0 && packet.Length > ringBytesMax - Bytes))
            return false;
        if (packet.Length == 0)
            return true;
        if (Count == _slots.Length)
            Grow();
        _slots[(_head + Count) % _slots.Length] = packet.Retain();
        Count++;
        Bytes += packet.Length;
        return true;
    }

    /// <summary>Adds what is waiting to one write, oldest first, as far as there is room.</summary>
    public void Gather(GatherList into, int bytesMax)
    {
        into.Begin(_sent);
        for (var i = 0; i < Count && into.Bytes < bytesMax && into.HasRoom(1, 0); i++)
        {
            var packet = _slots[(_head + i) % _slots.Length]!;
            into.Add(packet, 0, packet.Length);
        }
    }

    /// <summary>Releases what the socket took.</summary>
    public void Advance(int bytes)
    {
        Bytes -= bytes;
        for (_sent += bytes; Count > 0 && _sent >= _slots[_head]!.Length; Count--)
        {
            _sent -= _slots[_head]!.Length;
            _slots[_head]!.Release();
            _slots[_head] = null;
            _head = (_head + 1) % _slots.Length;
        }
        Invariant.Holds(Bytes >= 0 && (Count > 0 || _sent == 0));
    }

    /// <summary>Releases everything.</summary>
    public void Clear()
    {
        for (; Count > 0; Count--)
        {
            _slots[_head]!.Release();
            _slots[_head] = null;
            _head = (_head + 1) % _slots.Length;
        }
        _sent = 0;
        Bytes = 0;
    }

    private void Grow()
    {
        var slots = new Packet?[Math.Min(packetsMax, Math.Max(FirstCapacity, Count * 2))];
        for (var i = 0; i < Count; i++)
            slots[i] = _slots[(_head + i) % _slots.Length];
        _slots = slots;
        _head = 0;
    }
}
