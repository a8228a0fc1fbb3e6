using System.Diagnostics.CodeAnalysis;
using Reactor.Primitives;

namespace Reactor.Transport;

/// <summary>Connections that have something to send, in the order in which they got it.</summary>
/// <remarks>
/// Whoever is taken was fetched into the cache while those before it were sent to: itself, then
/// what it refers to, then what its outbox refers to (<see cref="Prefetch"/>). Bounded by the
/// connections that there are, for none is in it twice.
/// </remarks>
internal sealed class FlushQueue
{
    private const int FirstCapacity = 64;
    private Connection?[] _ring = new Connection?[FirstCapacity];
    private int _head;

    public int Count { get; private set; }

    public void Add(Connection target)
    {
        if (Count == _ring.Length)
            Grow();
        At(Count) = target;
        Count++;
    }

    public bool TryTake([NotNullWhen(true)] out Connection? target)
    {
        target = null;
        if (Count == 0)
            return false;
        ref var first = ref At(0);
        target = first!;
        first = null;
        _head = (_head + 1) & (_ring.Length - 1);
        Count--;
        FetchAhead();
        return true;
    }

    private void FetchAhead()
    {
        if (Count > 2)
            Prefetch.Object(At(2), Connection.CacheLines);
        if (Count > 1)
            At(1)!.FetchParts();
        if (Count > 0)
            At(0)!.FetchOutbox();
    }

    private ref Connection? At(int index) => ref _ring[(_head + index) & (_ring.Length - 1)];

    private void Grow()
    {
        var ring = new Connection?[_ring.Length * 2];
        for (var i = 0; i < Count; i++)
            ring[i] = At(i);
        _ring = ring;
        _head = 0;
    }
}
