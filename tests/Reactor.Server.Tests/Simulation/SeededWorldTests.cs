using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
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
    private const int PlantSeedsMax = 60;

    private static readonly Plant[] Planted =
        [.. Enum.GetValues<Plant>().Where(plant => plant != Plant.None)];

    /// <summary>Where nothing but one sentence can find a bug: that this one does.</summary>
    private static readonly Dictionary<Plant, string> Sentences = new()
    {
        [Plant.ShiftsTime] = "frames in segments keep the times that were published",
        [Plant.PartsTracks] = "frames in segments keep the times that were published",
        [Plant.ShortensSegments] = "a segment and a part last as long as the playlist says",
        [Plant.ShortensParts] = "a segment and a part last as long as the playlist says",
        [Plant.HidesIndependence] =
            "a part begins with a sync sample if it says so, and only then",
        [Plant.SwallowsFault] = "a fault of ours is counted",
        [Plant.LosesReport] = "a fault of ours is reported",
        [Plant.SpreadsFault] =
            "a connection ends only for a reason that its peer, a limit or an operator gave",
    };

    [Test]
    public void Every_promise_holds_in_every_world([Values] bool isSwarm) =>
        EachHolds(seed => Plan.Draw(seed, isSwarm), isSwarm);

    [Test]
    public void Every_promise_holds_in_every_cluster() => EachHolds(Plan.DrawCluster, false);

    private static void EachHolds(Func<int, Plan> draw, bool isSwarm)
    {
        var outcomes = new List<Outcome>();
        var before = CpuTime();
        for (var seed = 1; seed <= Seeds(); seed++)
        {
            var outcome = Run.Of(draw(seed));
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

    /// <summary>Hash codes of strings, for one, differ from process to process.</summary>
    [Test]
    public void The_same_seed_gives_the_same_history_in_every_process()
    {
        var here = $"hash {Run.Of(3, isSwarm: true).Hash:x16}";

        Assert.That(HashFromItsOwnProcess(3), Is.EqualTo(here));
        Assert.That(HashFromItsOwnProcess(3), Is.EqualTo(here));
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
            var plan = plant == Plant.KeepsLease
                ? Plan.DrawCluster(seed)
                : Plan.Draw(seed, isSwarm: false);
            var outcome = Run.Of(plan with { Plant = plant });
            if (outcome.Finding is null)
                continue;
            Assert.That(
                outcome.Sentence, Is.EqualTo(Sentences.GetValueOrDefault(plant, outcome.Sentence)));
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
        Assert.That(
            small.Plan.Peers, Has.Count.InRange(1, 3),
            "a publisher, a player or a recorder, and who hands out the key");
        Assert.That(small.Plan.Faults, Is.EqualTo(NetworkFaults.None));
    }

    private static int Seeds() => int.TryParse(
        Environment.GetEnvironmentVariable("REACTOR_SIM_SEEDS"),
        CultureInfo.InvariantCulture,
        out var seeds)
        ? seeds
        : SeedsUsually;

    private static string HashFromItsOwnProcess(int seed)
    {
        var simulator = Path.Combine(AppContext.BaseDirectory, "Reactor.Simulator.dll");
        var start = new ProcessStartInfo("dotnet", [simulator, "--seed", $"{seed}", "--swarm"])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, output);
        return output.Split('\n').First(line => line.StartsWith("hash ", StringComparison.Ordinal));
    }

    private static TimeSpan CpuTime()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }
}
