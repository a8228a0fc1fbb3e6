using System;
using System.Collections.Generic;

namespace Reactor.Transport;

/// <summary>How much of something each turn had: a histogram for metrics.</summary>
/// <remarks>Counting costs a few comparisons a turn, and nothing else.</remarks>
/// <param name="bounds">Upper bounds of the buckets, rising; one more has none.</param>
public sealed class TurnHistogram(params double[] bounds)
{
    private readonly long[] _counts = new long[bounds.Length + 1];

    /// <summary>Upper bounds of the buckets; one more has none.</summary>
    public IReadOnlyList<double> Bounds => bounds;

    /// <summary>Turns in each bucket, not summed up.</summary>
    public ReadOnlySpan<long> Counts => _counts;

    /// <summary>That of all turns together.</summary>
    public double Sum { get; private set; }

    /// <summary>What so many turns did not have more of.</summary>
    /// <param name="share">Of all turns, 0 to 1: 0.99 for all but one of a hundred.</param>
    /// <param name="since">Counts of an earlier moment, which are left out.</param>
    /// <returns>An upper bound; 0 for no turns.</returns>
    public double Percentile(double share, ReadOnlySpan<long> since)
    {
        var total = 0L;
        for (var i = 0; i < _counts.Length; i++)
            total += _counts[i] - (since.IsEmpty ? 0 : since[i]);
        var left = total - (long)Math.Floor(total * share);
        for (var i = _counts.Length - 1; i >= 0 && total > 0; i--)
        {
            left -= _counts[i] - (since.IsEmpty ? 0 : since[i]);
            if (left <= 0)
                return bounds[Math.Min(i, bounds.Length - 1)];
        }
        return 0;
    }

    internal void Add(double value)
    {
        Sum += value;
        var bucket = 0;
        while (bucket < bounds.Length && value > bounds[bucket])
            bucket++;
        _counts[bucket]++;
    }
}
