using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using NUnit.Framework;
using Reactor.Testing.Simulation;

namespace Reactor.Server.Tests.Simulation;

/// <summary>Whole worlds, drawn from seeds: <c>make sim</c> runs these with more of them.</summary>
[TestFixture]
[Category("Simulation")]
public sealed class SeededWorldTests
{
    private const int SeedsUsually = 50;
    private const int PlantSeedsMax = 30;

    private static readonly Plant[] Planted =
        [.. Enum.GetValues<Plant>().Where(plant => plant != Plant.None)];

    [Test]
    public void Every_promise_holds_in_every_world([Values] bool isSwarm)
    {
        var one = Number("REACTOR_SIM_SEED");
        var seeds = one is { } seed ? [seed] : Enumerable.Range(
            1, Number("REACTOR_SIM_SEEDS") ?? SeedsUsually);
        var outcomes = new List<Outcome>();
        var before = CpuTime();
        foreach (var next in seeds)
        {
            var outcome = Run.Of(next, isSwarm);
            Assert.That(
                outcome.Finding, Is.Null,
                () => Report.Of(Shrinker.Shrink(outcome), isSwarm));
            outcomes.Add(outcome with { LastEvents = [] });
        }
        TestContext.Progress.WriteLine(Report.Speed(outcomes, CpuTime() - before));
    }

    [Test]
    public void The_same_seed_gives_the_same_history([Values(3, 17, 218)] int seed)
    {
        var first = Run.Of(seed, isSwarm: true);
        var second = Run.Of(seed, isSwarm: true);
        var other = Run.Of(seed + 1, isSwarm: true);

        Assert.That(second.Hash, Is.EqualTo(first.Hash));
        Assert.That(other.Hash, Is.Not.EqualTo(first.Hash));
    }

    [Test]
    public void The_servers_own_log_is_no_part_of_the_history()
    {
        var plan = Plan.Draw(5, isSwarm: false);

        Assert.That(Run.Of(plan, isLogged: true).Hash, Is.EqualTo(Run.Of(plan).Hash));
    }

    [TestCaseSource(nameof(Planted))]
    public void A_planted_bug_is_found(Plant plant)
    {
        for (var seed = 1; seed <= PlantSeedsMax; seed++)
        {
            var outcome = Run.Of(Plan.Draw(seed, isSwarm: false) with { Plant = plant });
            if (outcome.Finding is null)
                continue;
            Assert.Pass($"{plant}: seed {seed}: {outcome.Finding.Message}");
        }
        Assert.Fail($"{plant} was not found within {PlantSeedsMax} seeds");
    }

    [Test]
    public void A_failing_world_shrinks_to_what_matters()
    {
        var failing = Enumerable.Range(1, PlantSeedsMax)
            .Select(seed => Plan.Draw(seed, isSwarm: false) with { Plant = Plant.FlipsBit })
            .Select(plan => Run.Of(plan))
            .First(outcome => outcome.Finding is not null);

        var small = Shrinker.Shrink(failing);

        Assert.That(small.Sentence, Is.EqualTo(failing.Sentence));
        Assert.That(small.Plan.Peers, Has.Count.EqualTo(2), "a publisher and a player");
        Assert.That(small.Plan.Faults, Is.EqualTo(NetworkFaults.None));
    }

    private static int? Number(string variable) => int.TryParse(
        Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number)
        ? number
        : null;

    private static TimeSpan CpuTime()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }
}
