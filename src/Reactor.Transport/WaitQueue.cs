using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

namespace Reactor.Transport;

/// <summary>Connections that wait for a time, each for as long as those before it.</summary>
/// <remarks>
/// Cheaper than a timer each. Behind a longer wait a shorter one takes as long; one that has
/// ended otherwise is left out when its place comes.
/// </remarks>
/// <param name="isAwaited">Whether a wait that ends then still is one.</param>
internal sealed class WaitQueue(Func<Connection, long, bool> isAwaited)
{
    private readonly Queue<(Connection Target, long ByMs)> _waits = [];

    public void Add(Connection target, long byMs) => _waits.Enqueue((target, byMs));

    /// <summary>Until the first wait is over; −1 when nobody waits.</summary>
    public int UntilNextMs(long nowMs) =>
        TryPeek(out var next) ? (int)Math.Max(0, next.ByMs - nowMs) : -1;

    public bool TryTakeDue(long nowMs, [NotNullWhen(true)] out Connection? target)
    {
        target = TryPeek(out var next) && next.ByMs <= nowMs ? next.Target : null;
        if (target is not null)
            _waits.Dequeue();
        return target is not null;
    }

    private bool TryPeek(out (Connection Target, long ByMs) next)
    {
        while (_waits.TryPeek(out next))
        {
            if (isAwaited(next.Target, next.ByMs))
                return true;
            _waits.Dequeue();
        }
        return false;
    }
}
