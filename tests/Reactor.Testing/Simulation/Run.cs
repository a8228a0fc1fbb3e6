using System;
using System.Collections.Generic;
using System.Linq;

namespace Reactor.Testing.Simulation;

/// <summary>What became of one planned world.</summary>
/// <param name="Plan">What was planned.</param>
/// <param name="Hash">Of everything that happened.</param>
/// <param name="Finding">What did not hold; null when all did.</param>
/// <param name="LastEvents">The end of the trace, a line each.</param>
/// <param name="ConnectionSeconds">Simulated seconds of all connections together.</param>
/// <param name="Frames">Frames that players saw.</param>
public sealed record Outcome(
    Plan Plan,
    ulong Hash,
    Exception? Finding,
    IReadOnlyList<string> LastEvents,
    double ConnectionSeconds,
    long Frames)
{
    /// <summary>Which promise was broken, for comparing runs.</summary>
    public string Sentence => Finding is FindingException finding
        ? finding.Sentence
        : Finding?.GetType().Name ?? "";
}

/// <summary>Runs planned worlds.</summary>
public static class Run
{
    private const int TraceLines = 100_000;
    private const double CalmSeconds = 16;
    private const int CallsMax = 40;            // a turn of a busy world has about so many

    public static Outcome Of(int seed, bool isSwarm) => Of(Plan.Draw(seed, isSwarm));

    /// <summary>Faults and troubles, then a calm, then the stop.</summary>
    /// <param name="plan">Decides all.</param>
    /// <param name="isLogged">Whether the trace also has what the server says.</param>
    public static Outcome Of(Plan plan, bool isLogged = false)
    {
        if (plan.IsCluster)
            return OfCluster(plan, isLogged);
        var world = new World(plan.Seed, plan.Options, plan.Plant, isLogged, plan.ClockGrainUs);
        Exception? finding = null;
        try
        {
            using var log = isLogged ? new ServerLog(world.Trace) : null;
            Live(world, plan);
            world.Dispose();
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            finding = broken;
        }
        return new Outcome(
            plan,
            world.Trace.Hash,
            finding,
            finding is null && !isLogged ? [] : [.. world.Trace.Last(TraceLines)],
            world.ConnectionSeconds,
            world.Parts.OfType<PlayPart>().Sum(play => play.View.Frames));
    }

    /// <summary>Two servers have two traces, which are read side by side.</summary>
    private static Outcome OfCluster(Plan plan, bool isLogged)
    {
        using var two = TwoServers.InCluster(plan.Seed, plan.Options, plan.Plant, isLogged);
        Exception? finding = null;
        try
        {
            using var log = isLogged ? new ServerLog(two.Origin.Trace) : null;
            new Cluster(two, plan).Live();
        }
        catch (Exception broken) when (broken is not OutOfMemoryException)
        {
            finding = broken;
        }
        World[] worlds = [two.Origin, two.Edge];
        return new Outcome(
            plan,
            (two.Origin.Trace.Hash * 31) ^ two.Edge.Trace.Hash,
            finding,
            finding is null && !isLogged ? [] : [.. worlds.SelectMany(History).Order()],
            worlds.Sum(world => world.ConnectionSeconds),
            worlds.SelectMany(world => world.Parts.OfType<PlayPart>())
                .Sum(play => play.View.Frames));

        IEnumerable<string> History(World world) => world.Trace.Last(TraceLines)
            .Select(line => $"{line}  at {(world == two.Edge ? "second" : "first")}");
    }

    private static void Live(World world, Plan plan)
    {
        world.Network.Faults = plan.Faults;
        world.DiskFaults = plan.Disk;
        world.ProgramFaults = plan.Programs;
        world.Disk.CapacityBytes = plan.DiskBytes;
        world.Load.Share = plan.Load;
        if (plan.HasRenames)
            world.Hook!.Rename(HookElse.Published, HookElse.Renamed);
        foreach (var peer in plan.Peers)
            world.Add(peer);
        foreach (var trouble in plan.Troubles)
        {
            world.Time.Plan(
                world.Time.NowUs + (trouble.AtMs * 1000L), () => Befall(world, trouble));
        }
        world.Run(plan.Seconds);
        if (!plan.StopsInTheMiddle)
        {
            world.Network.Faults = NetworkFaults.None;
            world.DiskFaults = DiskFaults.None;
            world.ProgramFaults = ProgramFaults.None;
            world.Redis?.Turn(Mood.Well);
            world.Hook?.Turn(Mood.Well);
            world.Run(CalmSeconds);
            world.Checks.EverybodyIsServed();
        }
        if (plan.StopsAtOnce)
            world.StopNow();
        else
            world.Stop();
    }

    internal static void Upset(World world, SomebodyElse? whom, Trouble trouble)
    {
        var moods = Enum.GetValues<Mood>();
        whom?.Turn(moods[1 + (trouble.LastsMs % (moods.Length - 1))]);
        world.Time.Plan(
            world.Time.NowUs + (trouble.LastsMs * 1000L), () => whom?.Turn(Mood.Well));
    }

    /// <summary>Every other kill falls into the middle of a turn.</summary>
    private static int? CallsOf(Trouble kill) =>
        kill.LastsMs % 2 == 0 ? null : kill.LastsMs / 2 % CallsMax;

    private static void Befall(World world, Trouble trouble)
    {
        var time = world.Time;
        switch (trouble.What)
        {
            case Calamity.Freeze:
                world.Freeze(trouble.LastsMs / 1000.0);
                break;
            case Calamity.Drought:
                world.Network.IsDry = true;
                time.Plan(
                    time.NowUs + (trouble.LastsMs * 1000L), () => world.Network.IsDry = false);
                break;
            case Calamity.Kill:
                world.Kill(trouble.LastsMs / 1000.0, afterCalls: CallsOf(trouble));
                break;
            case Calamity.PowerLoss:
                world.Kill(trouble.LastsMs / 1000.0, losesPower: true, CallsOf(trouble));
                break;
            case Calamity.Reload:
                var luck = new Random(trouble.LastsMs);
                if (luck.Next(4) == 0)
                    Reloads.Refuse(world, luck);
                else
                    world.Reload(Reloads.Change(world.Wanted, luck));
                break;
            case Calamity.Redis:
                Upset(world, world.Redis, trouble);
                break;
            case Calamity.Hook:
                Upset(world, world.Hook, trouble);
                break;
            case Calamity.Fault:
                world.Mishaps.Arm((Mishap)(trouble.LastsMs % 3));
                break;
            case Calamity.WallClock:
                var back = trouble.LastsMs - 2000;
                time.WallOffset -= back % 2 == 0
                    ? TimeSpan.FromHours(back)
                    : TimeSpan.FromMilliseconds(back);
                break;
        }
    }
}
