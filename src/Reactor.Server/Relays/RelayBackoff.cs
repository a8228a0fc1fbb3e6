using System;

namespace Reactor.Server.Relays;

/// <summary>How long a relay waits between attempts: each failure doubles it, up to a bound.
/// </summary>
/// <remarks>
/// A fifth of it is luck, so that a hundred relays do not all knock at once on a server that has
/// just come back.
/// </remarks>
/// <param name="first">After the first failure.</param>
/// <param name="longest">At most, luck aside.</param>
/// <param name="random">The luck.</param>
public sealed class RelayBackoff(TimeSpan first, TimeSpan longest, Random random)
{
    private const int DoublingsMax = 16;
    private int _failures;

    /// <summary>The wait after one more failure, in milliseconds.</summary>
    public long NextMs()
    {
        var doublings = Math.Min(_failures++, DoublingsMax);
        var wait = Math.Min(first.TotalMilliseconds * (1 << doublings), longest.TotalMilliseconds);
        return (long)(wait * (0.8 + (0.4 * random.NextDouble())));
    }

    /// <summary>It went well for a while: the next failure is the first again.</summary>
    public void Reset() => _failures = 0;
}
