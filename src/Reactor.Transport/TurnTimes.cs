using System;
using System.Collections.Generic;

namespace Reactor.Transport;

/// <summary>How long turns took, their waits left out: a histogram for metrics.</summary>
/// <remarks>Counting costs a few comparisons a turn, and nothing else.</remarks>
public sealed class TurnTimes
{
    private static readonly double[] Bounds =
        [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 1000];

    private readonly long[] _counts = new long[BucketCount];

    public static int BucketCount => Bounds.Length + 1;

    /// <summary>Upper bounds of the buckets in milliseconds; one more has none.</summary>
    public static IReadOnlyList<double> BoundsMs => Bounds;

    /// <summary>Turns in each bucket, not summed up.</summary>
    public ReadOnlySpan<long> Counts => _counts;

    /// <summary>Milliseconds of all turns together.</summary>
    public double SumMs { get; private set; }

    /// <summary>The time that so many turns did not take longer than.</summary>
    /// <param name="share">Of all turns, 0 to 1: 0.99 for all but one of a hundred.</param>
    /// <param name="since">Counts of an earlier moment, which are left out.</param>
    /// <returns>An upper bound in milliseconds; 0 for no turns.</returns>
    public double PercentileMs(double share, ReadOnlySpan<long> since)
    {
        var total = 0L;
        for (var i = 0; i < _counts.Length; i++)
            total += _counts[i] - (since.IsEmpty ? 0 : since[i]);
        var left = total - (long)Math.Floor(total * share);
        for (var i = _counts.Length - 1; i >= 0 && total > 0; i--)
        {
            left -= _counts[i] - (since.IsEmpty ? 0 : since[i]);
            if (left <= 0)
                return Bounds[Math.Min(i, Bounds.Length - 1)];
        }
        return 0;
    }

    internal void Add(double milliseconds)
    {
        SumMs += milliseconds;
        var bucket = 0;
        while (bucket < Bounds.Length && milliseconds > Bounds[bucket])
            bucket++;
        _counts[bucket]++;
    }
}
