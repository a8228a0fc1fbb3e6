using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using Reactor.Testing.Simulation;

namespace Reactor.Simulator;

/// <summary>Runs worlds one after another, and tells of each that breaks a promise.</summary>
/// <param name="isSwarm">Whether worlds lack whole kinds of faults.</param>
/// <param name="areClusters">Whether each world is two servers with one Redis.</param>
/// <param name="shrinks">Whether a failing world is made smaller.</param>
/// <param name="output">Where the findings go.</param>
internal sealed class Runner(bool isSwarm, bool areClusters, bool shrinks, TextWriter output)
{
    private readonly List<Outcome> _outcomes = [];
    private int _findings;

    /// <param name="seed">The world.</param>
    /// <param name="isTraced">Whether its whole history is written to a file.</param>
    public int One(int seed, bool isTraced)
    {
        RunSeed(seed);
        if (isTraced)
        {
            var again = Run.Of(_outcomes[0].Plan, isLogged: true);
            output.WriteLine($"trace: {Report.WriteTrace(again)}");
        }
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"hash {_outcomes[0].Hash:x16}"));
        return Conclude();
    }

    public int Many(int first, int count)
    {
        for (var seed = first; seed < first + count; seed++)
            RunSeed(seed);
        return Conclude();
    }

    public int For(int first, TimeSpan duration)
    {
        var clock = Stopwatch.StartNew();
        for (var seed = first; clock.Elapsed < duration; seed++)
            RunSeed(seed);
        return Conclude();
    }

    private void RunSeed(int seed)
    {
        var outcome = areClusters
            ? Run.Of(Plan.DrawCluster(seed))
            : Run.Of(seed, isSwarm);
        _outcomes.Add(outcome with { LastEvents = [] });
        if (outcome.Finding is null)
            return;
        _findings++;
        var smallest = shrinks ? Shrinker.Shrink(outcome) : outcome;
        output.WriteLine(Report.Of(smallest, isSwarm));
        if (shrinks)
            output.WriteLine(smallest.Plan);
    }

    private int Conclude()
    {
        using var process = Process.GetCurrentProcess();
        output.WriteLine(Report.Speed(_outcomes, process.TotalProcessorTime));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{_outcomes.Count - _findings} passed, {_findings} failed"));
        return _findings == 0 ? 0 : 1;
    }
}
