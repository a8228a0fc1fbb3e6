using System;
using System.Collections.Generic;

namespace Reactor.Transport;

/// <summary>How much readiness turns handled: a histogram for metrics.</summary>
/// <remarks>Counting costs a few comparisons a turn, and nothing else.</remarks>
public sealed class TurnEvents
{
    private static readonly int[] Limits = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500];

    private readonly long[] _counts = new long[Limits.Length + 1];

    /// <summary>Upper bounds of the buckets; one more has none.</summary>
    public static IReadOnlyList<int> Bounds => Limits;

    /// <summary>Turns in each bucket, not summed up.</summary>
    public ReadOnlySpan<long> Counts => _counts;

    internal void Add(int events)
    {
        var bucket = 0;
        while (bucket < Limits.Length && events > Limits[bucket])
            bucket++;
        _counts[bucket]++;
    }
}
