using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

namespace Reactor.Transport;

/// <summary>Connections that wait for a time.</summary>
/// <remarks>
/// Cheaper than a timer each: waits of one length end in the order in which they began, so there is
/// a queue for each length. Lengths are those of the configuration and of <see cref="LoopPacing"/>,
/// a handful. A wait that has ended otherwise is left out when its place comes.
/// </remarks>
/// <param name="isAwaited">Whether a wait that ends then still is one.</param>
internal sealed class WaitQueue(Func<Connection, long, bool> isAwaited)
{
    private readonly List<(int WaitMs, Queue<(Connection Target, long ByMs)> Waits)> _queues = [];

    /// <param name="target">Waits.</param>
    /// <param name="waitMs">For how long.</param>
    /// <param name="byMs">Until when.</param>
    public void Add(Connection target, int waitMs, long byMs)
    {
        foreach (var (length, waits) in _queues)
        {
            if (length != waitMs)
                continue;
            waits.Enqueue((target, byMs));
            return;
        }
        _queues.RemoveAll(queue => queue.Waits.Count == 0);
        _queues.Add((waitMs, new([(target, byMs)])));
    }

    /// <summary>Until the first wait is over; −1 when nobody waits.</summary>
    public int UntilNextMs(long nowMs)
    {
        var firstMs = long.MaxValue;
        foreach (var (_, waits) in _queues)
        {
            if (TryPeek(waits, out var next))
                firstMs = Math.Min(firstMs, next.ByMs);
        }
        return firstMs == long.MaxValue ? -1 : (int)Math.Max(0, firstMs - nowMs);
    }

    public bool TryTakeDue(long nowMs, [NotNullWhen(true)] out Connection? target)
    {
        foreach (var (_, waits) in _queues)
        {
            if (!TryPeek(waits, out var next) || next.ByMs > nowMs)
                continue;
            waits.Dequeue();
            target = next.Target;
            return true;
        }
        target = null;
        return false;
    }

    private bool TryPeek(
        Queue<(Connection Target, long ByMs)> waits, out (Connection Target, long ByMs) next)
    {
        while (waits.TryPeek(out next))
        {
            if (isAwaited(next.Target, next.ByMs))
                return true;
            waits.Dequeue();
        }
        return false;
    }
}
