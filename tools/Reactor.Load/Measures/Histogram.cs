using System;
using System.Numerics;

namespace Reactor.Load.Measures;

/// <summary>
/// Counts of durations in microseconds, within 2 %; a million a second cost nothing.
/// </summary>
internal sealed class Histogram
{
    // 64 steps to each power of two: the first 64 buckets are exact.
    private const int StepBits = 6;
    private readonly long[] _counts = new long[(64 - StepBits) << StepBits];
    private long _max;

    public long Count { get; private set; }

    public void Add(long microseconds)
    {
        var value = Math.Max(0, microseconds);
        _counts[BucketOf(value)]++;
        _max = Math.Max(_max, value);
        Count++;
    }

    public void Clear()
    {
        Array.Clear(_counts);
        _max = 0;
        Count = 0;
    }

    /// <summary>The distribution in milliseconds; null when nothing was counted.</summary>
    public Percentiles? Summarise() => Count == 0
        ? null
        : new(Percentile(0.50), Percentile(0.90), Percentile(0.99), _max / 1000.0);

    private double Percentile(double share)
    {
        var wanted = (long)Math.Ceiling(share * Count);
        var seen = 0L;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= wanted)
                return UpperEnd(i) / 1000.0;
        }
        return _max / 1000.0;
    }

    private static int BucketOf(long value)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)value | 1) - StepBits);
        return (shift << StepBits) + (int)(value >> shift);
    }

    private static long UpperEnd(int bucket)
    {
        var shift = Math.Max(0, (bucket >> StepBits) - 1);
        return (((long)bucket - (shift << StepBits) + 1) << shift) - 1;
    }
}
