using System.Collections.Generic;
using System.Linq;

namespace Reactor.Load.Measures;

/// <summary>A distribution of durations, in milliseconds.</summary>
internal sealed record Percentiles(double P50, double P90, double P99, double Max)
{
    /// <summary>The median of each percentile by itself; null where nothing was measured.</summary>
    public static Percentiles? Median(IEnumerable<Percentiles?> all)
    {
        var known = all.OfType<Percentiles>().ToList();
        return known.Count == 0
            ? null
            : new Percentiles(
                Middle(known.Select(each => each.P50)),
                Middle(known.Select(each => each.P90)),
                Middle(known.Select(each => each.P99)),
                Middle(known.Select(each => each.Max)));
    }

    /// <summary>The middle value; of an even number, the lower of the two.</summary>
    public static double Middle(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[(sorted.Count - 1) / 2];
    }
}
