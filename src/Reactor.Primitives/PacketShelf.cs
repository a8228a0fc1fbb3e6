using System;
using System.Collections.Generic;
using Microsoft.Extensions.ObjectPool;

namespace Reactor.Primitives;

/// <summary>The packets of one size that rest: the last to come home is the first to leave.
/// </summary>
/// <remarks>
/// The processor's cache still has it. In a queue it would be the one that rested longest: with
/// a thousand GOP caches that was half of the cost of receiving.
/// </remarks>
/// <param name="pool">Whose shelf it is.</param>
/// <param name="capacity">Bytes that fit into each packet.</param>
internal sealed class PacketShelf(PacketPool pool, int capacity) : ObjectPool<Packet>
{
    private const int ManyPackets = 4096;

    private readonly Stack<Packet> _resting = new();
    private int _restingMin;

    /// <summary>Bytes of capacity on the shelf.</summary>
    public long RestBytes => (long)_resting.Count * capacity;

    public override Packet Get()
    {
        if (!_resting.TryPop(out var packet))
            return new Packet(pool, this, capacity);
        _restingMin = Math.Min(_restingMin, _resting.Count);
        if (_resting.TryPeek(out var next))
            Prefetch.Object(next, lines: 1);    // maybe it has rested for a GOP
        return packet;
    }

    public override void Return(Packet obj) => _resting.Push(obj);

    /// <summary>Gives a packet to the garbage collector.</summary>
    public void Drop() => _resting.Pop();

    /// <summary>Gives up half of what was not needed since the last time.</summary>
    /// <returns>Bytes given up.</returns>
    public long Trim()
    {
        var surplus = (_restingMin + 1) / 2;
        for (var i = 0; i < surplus; i++)
            Drop();
        if (surplus >= ManyPackets)
            _resting.TrimExcess();              // else it would grow and shrink for ever
        _restingMin = _resting.Count;
        return (long)surplus * capacity;
    }
}
