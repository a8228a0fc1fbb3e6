using System;
using System.Collections.Generic;
using System.Linq;
using Reactor.Server.Configuration;

namespace Reactor.Testing.Simulation;

/// <summary>What of a world is drawn last: recordings that are played, and new names.</summary>
public sealed partial record Plan
{
    /// <summary>See <see cref="PretendedLoad.Share"/>.</summary>
    public double Load { get; init; }

    /// <summary>What came later still, for the same reason.</summary>
    private static Plan DrawLatest(Plan plan, Random random, Func<int, bool> has)
    {
        var defaults = plan.Options.Defaults;
        var isRecorded = defaults.Record.Count > 0;
        if (has(7) && random.Next(isRecorded ? 2 : 6) == 0)
        {
            plan = WithRecordingPlayers(isRecorded ? plan : WithRecorder(plan), random);
            defaults = plan.Options.Defaults;
        }
        if (has(8) && random.Next(4) == 0)
        {
            var hls = defaults.Hls with { HlsWindow = 3, DeleteThreshold = 1 };
            plan = WithDefaults(plan, defaults with { Hls = hls });
        }
        var isSure = defaults.Hooks is { OnPublish.Length: > 0, OnError: HookErrorMode.Deny };
        if (has(9) && isSure && random.Next(4) > 0)
            plan = WithRenames(plan, random);
        var isOperated = plan.Peers.Any(peer => peer.Kind == PeerKind.Operator);
        if (isOperated && random.Next(2) == 0)
        {
            // Publishers that the operator moves are watched under their new name.
            var watcher = PeerDraw.Player(random, "live/m", "live/m", plan.Seconds, isOdd: false);
            plan = plan with { Peers = [.. plan.Peers, watcher] };
        }
        if (has(10) && random.Next(3) == 0)
            plan = WithParts(plan, random);
        else if (has(11) && random.Next(3) == 0)
            plan = WithMp4(plan);
        if (plan.Options.Defaults.Hls.Type != HlsType.Ll && has(12) && random.Next(3) == 0)
            plan = WithAligned(plan);
        if (has(13) && random.Next(5) == 0)
            plan = plan with { Troubles = [.. plan.Troubles, .. DrawFaults(random, plan.Seconds)] };
        if (has(14) && random.Next(4) == 0)
            plan = WithPrograms(plan, random);
        return has(15) && random.Next(5) == 0 ? plan with { Load = 0.9 } : plan;
    }

    /// <summary>Programs are started for streams, publishers and players.</summary>
    private static Plan WithPrograms(Plan plan, Random random)
    {
        var defaults = plan.Options.Defaults;
        // Elsewhere the HLS that is there because somebody watches is not told from the other.
        var isFetched = defaults.Hls is { OnDemand: true, Store: HlsStore.Memory };
        static ExecRule Rule(string name) => new([name, "{app}", "{stream}"]);
        var exec = new ExecOptions
        {
            ExecPush = [Rule(SimulatedProgram.Push)],
            ExecPull = isFetched && random.Next(2) == 0 ? [Rule(SimulatedProgram.Pull)] : [],
            ExecPublish = [Rule(SimulatedProgram.Once)],
            ExecPlay = random.Next(2) == 0 ? [Rule(SimulatedProgram.Once)] : [],
            ExecPublishDone = random.Next(2) == 0 ? [Rule(SimulatedProgram.Once)] : [],
            ExecRecordDone = [new ExecRule([SimulatedProgram.Once, "{path}"])],
            Respawn = random.Next(4) > 0,
            RespawnTimeout = TimeSpan.FromMilliseconds(Pick(random, 100, 1000, 5000)),
            KillTimeout = TimeSpan.FromSeconds(Pick(random, 0, 1, 5)),
        };
        plan = WithDefaults(plan, defaults with { Exec = exec });
        return plan with
        {
            Options = plan.Options with
            {
                Limits = plan.Options.Limits with { MaxProcesses = Pick(random, 2, 3, 8, 64) },
            },
            Programs = new ProgramFaults
            {
                Failing = Chance(random, isOn: true, 500),
                Brief = Chance(random, isOn: true, 800),
                Deaf = Chance(random, isOn: true, 800),
                Slow = Chance(random, isOn: true, 500),
            },
        };
    }

    private static IEnumerable<Trouble> DrawFaults(Random random, int seconds)
    {
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            yield return new Trouble(
                Calamity.Fault, random.Next(2000, seconds * 1000), random.Next(3));
        }
    }

    private static Plan WithAligned(Plan plan)
    {
        var defaults = plan.Options.Defaults;
        var hls = defaults.Hls with { HlsFragmentSlicing = HlsSlicing.Aligned };
        return WithDefaults(plan, defaults with { Hls = hls });
    }

    private static Plan WithMp4(Plan plan)
    {
        var defaults = plan.Options.Defaults;
        var hls = defaults.Hls with { Type = HlsType.Fmp4 };
        return WithDefaults(plan, defaults with { Hls = hls });
    }

    /// <summary>HLS is of low latency.</summary>
    private static Plan WithParts(Plan plan, Random random)
    {
        var defaults = plan.Options.Defaults;
        var hls = defaults.Hls with
        {
            Type = HlsType.Ll,
            HlsPart = TimeSpan.FromMilliseconds(Pick(random, 100, 200, 200, 500)),
        };
        return WithDefaults(plan, defaults with { Hls = hls });
    }

    private static Plan WithRecordingPlayers(Plan plan, Random random)
    {
        var players = new List<PeerPlan>();
        for (var count = random.Next(1, 4); count > 0; count--)
            players.Add(PeerDraw.RecordingPlayer(random, Stream(random), plan.Seconds));
        var defaults = plan.Options.Defaults with { Vod = new VodOptions { Enabled = true } };
        return WithDefaults(plan, defaults) with { Peers = [.. plan.Peers, .. players] };
    }

    /// <summary>Half of those who play what has another name now know that.</summary>
    private static Plan WithRenames(Plan plan, Random random) => plan with
    {
        HasRenames = true,
        Peers = [.. plan.Peers.Select(peer => peer with
        {
            Stream = peer.Stream == HookElse.Published && random.Next(2) == 0
                && peer.Kind is PeerKind.Player or PeerKind.FlvPlayer or PeerKind.HlsViewer
                ? HookElse.Renamed
                : peer.Stream,
        })],
    };
}
