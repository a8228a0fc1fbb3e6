using System;
using System.Collections.Generic;
using System.Linq;
using Reactor.Server.Configuration;

namespace Reactor.Testing.Simulation;

/// <summary>Something that befalls the whole machine.</summary>
public enum Calamity
{
    /// <summary>The server stands still, the network does not.</summary>
    Freeze,

    /// <summary>No descriptor is to be had.</summary>
    Drought,

    /// <summary>
    /// The wall clock is put back or forward: by so many milliseconds or hours, less 2000.
    /// </summary>
    WallClock,

    /// <summary>The process is killed, and begun again after so long.</summary>
    Kill,

    /// <summary>The same, and the disk loses what was not flushed.</summary>
    PowerLoss,

    /// <summary>An operator changes the configuration, by luck drawn from the length.</summary>
    Reload,

    /// <summary>Redis is not well, in a way drawn from the length.</summary>
    Redis,

    /// <summary>The hook is not well, likewise.</summary>
    Hook,

    /// <summary>A fault of ours shows, behind a door drawn from the length.</summary>
    Fault,

    /// <summary>Redis is restarted, and knows nothing any more.</summary>
    Forgetting,

    /// <summary>Every connection between the servers of a cluster breaks.</summary>
    Cut,
}

/// <summary>A calamity, when, and for how long.</summary>
/// <param name="What">The calamity.</param>
/// <param name="AtMs">When.</param>
/// <param name="LastsMs">For how long, or luck.</param>
public sealed record Trouble(Calamity What, int AtMs, int LastsMs)
{
    /// <summary>Whether it befalls the second server of a cluster.</summary>
    public bool IsAtSecond { get; init; }
}

/// <summary>All that is decided about a world before it begins; drawn from a seed.</summary>
/// <remarks>
/// A peer's luck is its own and the network's is another, so that leaving a peer or a trouble
/// out leaves the others as they are, as far as it can be. That is what shrinking lives on.
/// </remarks>
public sealed partial record Plan
{
    private static readonly string[] Streams = ["live/a", "live/b", "live/deep/c"];

    public int Seed { get; init; }

    public int Seconds { get; init; }

    public NetworkFaults Faults { get; init; } = NetworkFaults.None;

    public DiskFaults Disk { get; init; } = DiskFaults.None;

    public ProgramFaults Programs { get; init; } = ProgramFaults.None;

    /// <summary>Bytes that the disk holds.</summary>
    public long DiskBytes { get; init; } = long.MaxValue;

    public long ClockGrainUs { get; init; } = 1;

    public IReadOnlyList<PeerPlan> Peers { get; init; } = [];

    public IReadOnlyList<Trouble> Troubles { get; init; } = [];

    public ServerOptions Options { get; init; } = new();

    public Plant Plant { get; init; }

    /// <summary>Whether these are two servers with one Redis.</summary>
    public bool IsCluster { get; init; }

    /// <summary>Whether the hook gives what is published mostly a new name.</summary>
    public bool HasRenames { get; init; }

    /// <summary>Whether the operator is in a hurry in the end.</summary>
    public bool StopsAtOnce { get; init; }

    /// <summary>Whether the end comes while faults go on, and not after a calm.</summary>
    public bool StopsInTheMiddle { get; init; }

    /// <summary>Draws a world.</summary>
    /// <param name="seed">Decides everything.</param>
    /// <param name="isSwarm">
    /// Whether each kind of fault and peer is left out of some worlds altogether: mixes that
    /// lack something find what an average of everything hides.
    /// </param>
    public static Plan Draw(int seed, bool isSwarm)
    {
        var random = new Random(seed);
        var seconds = random.Next(15, 90);
        var kinds = isSwarm ? random.Next(1 << 16) : -1;
        bool Has(int kind) => (kinds & (1 << kind)) != 0;
        var peers = new List<PeerPlan>();
        for (var count = random.Next(1, 5); count > 0; count--)
            peers.Add(PeerDraw.Publisher(random, Stream(random), seconds, Has(0)));
        for (var count = random.Next(1, 8); count > 0; count--)
            peers.Add(PeerDraw.Player(random, Stream(random), Stream(random), seconds, Has(1)));
        for (var count = Has(2) ? random.Next(5) : 0; count > 0; count--)
            peers.Add(PeerDraw.Stranger(random, Stream(random), seconds));
        for (var count = Has(12) ? random.Next(3) : 0; count > 0; count--)
            peers.Add(PeerDraw.Several(random, () => Stream(random), seconds));
        for (var count = Has(14) ? random.Next(4) : 0; count > 0; count--)
            peers.Add(PeerDraw.FlvPlayer(random, Stream(random), seconds));
        var plan = new Plan
        {
            Seed = seed,
            Seconds = seconds,
            Faults = new NetworkFaults
            {
                ShortReads = Chance(random, Has(3), 900),
                ShortWrites = Chance(random, Has(4), 900),
                Storms = Chance(random, Has(5), 200),
                Spurious = Chance(random, Has(6), 300),
                Reordered = Chance(random, Has(7), 1000),
                Withheld = Chance(random, Has(8), 300),
                Exhausted = Chance(random, Has(9), 200),
                Aborted = Chance(random, Has(9), 100),
            },
            Disk = Has(13) ? DrawDisk(random) : DiskFaults.None,
            DiskBytes = Has(15) ? Pick(random, 100_000, 2_000_000, long.MaxValue) : long.MaxValue,
            ClockGrainUs = Has(10) ? Pick<long>(random, 1, 1000, 15_600) : 1,
            Peers = peers,
            Troubles = Has(11) ? DrawTroubles(random, seconds) : [],
            Options = DrawOptions(random),
            StopsAtOnce = random.Next(4) == 0,
            StopsInTheMiddle = random.Next(8) == 0,
        };
        return DrawMore(plan, random, isSwarm);
    }

    public override string ToString() =>
        $"{Seconds} s, {Faults}, {Disk}, grain {ClockGrainUs} us, load {Load}\n"
        + string.Join("\n", Troubles) + "\n"
        + string.Join("\n", Peers.Select((peer, at) => $"#{at + 1} {peer}")) + "\n"
        + $"{Options.Reactor}\n{Options.Rtmp}\n{Options.Defaults}";

    internal static T Pick<T>(Random random, params ReadOnlySpan<T> choices) =>
        choices[random.Next(choices.Length)];

    /// <summary>Mostly the first one, so that streams are shared.</summary>
    private static string Stream(Random random) =>
        Streams[random.Next(2) == 0 ? 0 : random.Next(Streams.Length)];

    private static int Chance(Random random, bool isOn, int perMilleMax)
    {
        var perMille = random.Next(perMilleMax);
        return isOn && random.Next(3) > 0 ? perMille : 0;
    }

    /// <summary>What came later, drawn last, so that old seeds keep the most of theirs.</summary>
    private static Plan DrawMore(Plan plan, Random random, bool isSwarm)
    {
        var kinds = isSwarm ? random.Next(1 << 16) : -1;
        bool Has(int kind) => (kinds & (1 << kind)) != 0;
        if (Has(0) && DrawKills(random, plan.Seconds).ToList() is { Count: > 0 } kills)
        {
            plan = plan with { Troubles = [.. plan.Troubles, .. kills] };
            if (random.Next(2) == 0)
                plan = WithRecorder(plan);
        }
        if (Has(1))
        {
            var defaults = plan.Options.Defaults;
            var hls = new HlsOptions
            {
                OnDemand = random.Next(3) > 0,
                HlsFragment = TimeSpan.FromSeconds(Pick(random, 1, 2, 4)),
            };
            plan = plan with
            {
                Peers = [.. plan.Peers, .. DrawHls(random, plan.Seconds)],
                Options = plan.Options with { Defaults = defaults with { Hls = hls } },
            };
        }
        if (Has(2) && random.Next(3) == 0)
        {
            plan = plan with
            {
                Peers = [PeerDraw.Clerk(random), .. plan.Peers],
                Options = plan.Options with
                {
                    Rooms = new RoomsOptions
                    {
                        Enabled = true,
                        Store = Pick(random, RoomStore.File, RoomStore.File, RoomStore.Redis),
                        OnError = Pick(random, Enum.GetValues<RoomTrouble>()),
                    },
                },
                Troubles = [.. plan.Troubles, .. DrawMoods(random, plan.Seconds, Calamity.Redis)],
            };
        }
        if (Has(3) && random.Next(3) == 0)
            plan = plan with { Peers = [.. plan.Peers, PeerDraw.Operator(random)] };
        if (Has(4))
            plan = plan with { Troubles = [.. plan.Troubles, .. DrawReloads(random, plan)] };
        if (Has(5) && random.Next(4) == 0)
            plan = WithHook(plan, random);
        var areEager = random.Next(2) == 0;
        if (Has(6) && random.Next(3) == 0)
            plan = WithSegmentFiles(plan);
        plan = DrawLatest(plan, random, Has);
        return plan with
        {
            Peers = [.. plan.Peers.Select(peer => peer with
            {
                Publishing = Calmer(peer.Publishing, plan.Options.Defaults.Hls.Store),
                Seats = [.. peer.Seats.Select(seat => seat with { IsEager = areEager })],
            })],
        };
    }

    /// <summary>
    /// Where segments are files headers change no more than once a second: numbers that came faster
    /// would pass those at which another run begins, whose files they are.
    /// </summary>
    private static PublisherPlan Calmer(PublisherPlan style, HlsStore store)
    {
        var gopsASecond = (style.FramesPerSecond + style.GopFrames - 1) / style.GopFrames;
        return store != HlsStore.Disk || style.ChangeEveryGops == 0
            ? style
            : style with { ChangeEveryGops = Math.Max(style.ChangeEveryGops, gopsASecond) };
    }

    private static Plan WithDefaults(Plan plan, StreamOptions defaults) =>
        plan with { Options = plan.Options with { Defaults = defaults } };

    private static Plan WithHook(Plan plan, Random random)
    {
        var hooks = new HooksOptions
        {
            OnPublish = HookElse.Url,
            OnPlay = random.Next(2) == 0 ? HookElse.Url : "",
            Timeout = TimeSpan.FromMilliseconds(random.Next(400, 2000)),
            Retries = random.Next(2),
            OnError = Pick(random, Enum.GetValues<HookErrorMode>()),
        };
        return plan with
        {
            Options = plan.Options with { Defaults = plan.Options.Defaults with { Hooks = hooks } },
            Troubles = [.. plan.Troubles, .. DrawMoods(random, plan.Seconds, Calamity.Hook)],
        };
    }

    private static IEnumerable<Trouble> DrawMoods(Random random, int seconds, Calamity what)
    {
        for (var count = random.Next(5); count > 0; count--)
            yield return new Trouble(what, random.Next(seconds * 1000), random.Next(500, 15_000));
    }

    private static IEnumerable<Trouble> DrawReloads(Random random, Plan plan)
    {
        for (var count = Pick(random, 0, 0, 0, 0, 1, 2); count > 0; count--)
            yield return new Trouble(
                Calamity.Reload, random.Next(plan.Seconds * 1000), random.Next());
    }

    /// <summary>HLS is on the disk, too, however that is.</summary>
    private static Plan WithSegmentFiles(Plan plan)
    {
        var defaults = plan.Options.Defaults;
        return WithDefaults(
            plan, defaults with { Hls = defaults.Hls with { Store = HlsStore.Disk } });
    }

    /// <summary>Everything is recorded, on a good disk: then it is known what is to be there.
    /// </summary>
    private static Plan WithRecorder(Plan plan) => plan with
    {
        Disk = DiskFaults.None,
        DiskBytes = long.MaxValue,
        Options = plan.Options with
        {
            Defaults = plan.Options.Defaults with
            {
                Record = [new RecordOptions { Record = RecordMode.All, MinFree = 0 }],
            },
        },
    };

    private static IEnumerable<PeerPlan> DrawHls(Random random, int seconds)
    {
        for (var count = Pick(random, 0, 0, 0, 1, 1, 2); count > 0; count--)
            yield return PeerDraw.HlsViewer(random, Stream(random), seconds);
    }

    private static RecordOptions DrawRecorder(Random random) => new()
    {
        Record = Pick(random, RecordMode.All, RecordMode.All, RecordMode.Audio, RecordMode.Video),
        RecordInterval = TimeSpan.FromSeconds(Pick(random, 0, 2, 10)),
        RecordMaxSize = Pick(random, 0, 50_000),
        MinFree = 0,
        Format = Pick(random, RecordFormat.Flv, RecordFormat.Fmp4),
    };

    private static DiskFaults DrawDisk(Random random) => new()
    {
        Failing = Chance(random, isOn: true, 200),
        Slow = Chance(random, isOn: true, 200),
        Crowded = Chance(random, isOn: true, 200),
    };

    private static List<Trouble> DrawTroubles(Random random, int seconds)
    {
        var troubles = new List<Trouble>();
        for (var count = random.Next(4); count > 0; count--)
        {
            troubles.Add(new Trouble(
                Pick(random, Calamity.Freeze, Calamity.Drought, Calamity.WallClock),
                random.Next(seconds * 1000),
                random.Next(50, 4000)));
        }
        return troubles;
    }

    private static IEnumerable<Trouble> DrawKills(Random random, int seconds)
    {
        for (var count = Pick(random, 0, 0, 0, 1, 1, 2); count > 0; count--)
        {
            yield return new Trouble(
                Pick(random, Calamity.Kill, Calamity.Kill, Calamity.PowerLoss),
                random.Next(2000, seconds * 1000),
                random.Next(10, 3000));
        }
    }

    private static ServerOptions DrawOptions(Random random)
    {
        var options = new ServerOptions
        {
            Rtmp = new RtmpOptions
            {
                ChunkSize = Pick(random, 128, 4096, 60_000, 60_000),
                AckWindow = Pick(random, 1 << 10, 5_000_000),
                SampleAccess = random.Next(2) == 0,
            },
            Defaults = new StreamOptions
            {
                Record = random.Next(3) == 0 ? [DrawRecorder(random)] : [],
                Publish = new PublishOptions
                {
                    OnDuplicate = Pick(
                        random, DuplicatePublish.Reject, DuplicatePublish.Replace),
                    Grace = TimeSpan.FromSeconds(Pick(random, 0, 5, 30)),
                },
                Play = new PlayOptions
                {
                    GopCache = random.Next(4) > 0,
                    GopNum = Pick(random, 1, 1, 2, 3),
                    GopCacheMaxFrames = Pick(random, 20, 2500),
                    StartAt = Pick(random, StartAt.Gop, StartAt.Gop, StartAt.Key),
                    QueuePolicy = Pick(random, Enum.GetValues<QueuePolicy>()),
                    QueueLength = TimeSpan.FromSeconds(Pick(random, 1, 10)),
                    QueueSize = Pick(random, 64 << 10, 8 << 20),
                    IdleStreams = random.Next(8) > 0,
                    TimeJitter = Pick(
                        random, TimeJitter.Full, TimeJitter.Full, TimeJitter.Zero, TimeJitter.Off),
                },
            },
        };
        return random.Next(3) > 0 ? options : options with
        {
            Reactor = new ReactorOptions
            {
                MaxEvents = Pick(random, 1, 3, 512),
                MaxAccept = Pick(random, 1, 64),
                ReadBuffer = Pick(random, 4 << 10, 64 << 10),
                ReadBudget = Pick(random, 4 << 10, 64 << 10),
                ReadMessages = Pick(random, 1, 7, 64),
                WriteBudget = Pick(random, 4 << 10, 512 << 10),
                IovMax = Pick(random, 4, 9, 256),
                WriteCoalesce = Pick<TimeSpan?>(
                    random, null, TimeSpan.Zero, TimeSpan.FromMilliseconds(100)),
                ReadCoalesce = TimeSpan.FromMilliseconds(Pick(random, 0, 100, 1000)),
            },
        };
    }
}
