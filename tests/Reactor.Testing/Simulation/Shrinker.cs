using System;
using System.Collections.Generic;

namespace Reactor.Testing.Simulation;

/// <summary>Makes a failing plan smaller while it breaks the same promise.</summary>
public static class Shrinker
{
    private const int RunsMax = 400;

    /// <summary>What can be taken away, each step one thing.</summary>
    private static readonly Func<NetworkFaults, NetworkFaults>[] FaultSteps =
    [
        faults => faults with { ShortReads = 0 },
        faults => faults with { ShortWrites = 0 },
        faults => faults with { Storms = 0 },
        faults => faults with { Spurious = 0 },
        faults => faults with { Reordered = 0 },
        faults => faults with { Withheld = 0 },
        faults => faults with { Exhausted = 0 },
        faults => faults with { Aborted = 0 },
    ];

    /// <summary>Leaves out peers, troubles and faults, one at a time, until none can go.</summary>
    public static Outcome Shrink(Outcome failing)
    {
        var best = failing;
        var runs = 0;
        var hasShrunk = true;
        while (hasShrunk)
        {
            hasShrunk = false;
            foreach (var smaller in Smaller(best.Plan))
            {
                if (runs++ >= RunsMax)
                    return best;
                var outcome = Run.Of(smaller);
                if (outcome.Sentence != failing.Sentence)
                    continue;
                best = outcome;
                hasShrunk = true;
                break;
            }
        }
        return best;
    }

    private static IEnumerable<Plan> Smaller(Plan plan)
    {
        for (var i = plan.Peers.Count - 1; i >= 0; i--)
            yield return plan with { Peers = Without(plan.Peers, i) };
        for (var i = plan.Troubles.Count - 1; i >= 0; i--)
            yield return plan with { Troubles = Without(plan.Troubles, i) };
        foreach (var step in FaultSteps)
        {
            if (step(plan.Faults) != plan.Faults)
                yield return plan with { Faults = step(plan.Faults) };
        }
        if (plan.DiskBytes < long.MaxValue)
            yield return plan with { DiskBytes = long.MaxValue };
        if (plan.Disk != DiskFaults.None)
            yield return plan with { Disk = DiskFaults.None };
        if (plan.ClockGrainUs > 1)
            yield return plan with { ClockGrainUs = 1 };
        if (plan.Load > 0)
            yield return plan with { Load = 0 };
        if (plan.Seconds > 2)
            yield return plan with { Seconds = plan.Seconds / 2 };
    }

    private static List<T> Without<T>(IReadOnlyList<T> all, int index)
    {
        var rest = new List<T>(all);
        rest.RemoveAt(index);
        return rest;
    }
}
