using System;
using System.Collections.Generic;

namespace Reactor.Testing.Fuzzing;

/// <summary>What one run showed: the steps that it took, and from which to which.</summary>
/// <remarks>
/// A cheap stand-in for code coverage: a pair of steps, and how often in powers of two.
/// </remarks>
public sealed class Features
{
    private readonly Dictionary<ulong, int> _pairs = [];
    private Fingerprint _trace = new();
    private ulong _last;

    /// <summary>A hash of all steps in order, details included.</summary>
    public ulong Trace => _trace.Value;

    /// <summary>One number for each thing that was seen.</summary>
    public IEnumerable<ulong> All
    {
        get
        {
            foreach (var (pair, count) in _pairs)
                yield return pair + (ulong)(uint)int.Log2(count);
        }
    }

    /// <param name="step">Of a small vocabulary: it makes up the features.</param>
    /// <param name="detail">Whatever else has to be the same at every cut.</param>
    public void Add(string step, string detail = "")
    {
        _trace.Add(step);
        _trace.Add(detail);
        var print = new Fingerprint();
        print.Add(step);
        var pair = (print.Value * 31) ^ (_last << 8);
        _pairs[pair] = _pairs.GetValueOrDefault(pair) + 1;
        _last = print.Value;
    }

    public void Add(string step, ReadOnlySpan<byte> detail) =>
        Add(step, Fingerprint.Of(detail).ToString());
}
