using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Reactor.Primitives;
using Reactor.Server;
using Reactor.Server.Configuration;

namespace Reactor.Testing.Simulation;

/// <summary>The whole server against a simulated network, clock and peers, in one thread.</summary>
/// <remarks>
/// Everything that happens follows from the seed. The server is the very one that ships; only
/// its doors are others. Checks run after each turn; a broken one throws a
/// <see cref="FindingException"/>.
/// </remarks>
public sealed partial class World : IDisposable
{
    private const int AfterFreezeUs = 10_000_000;       // until the next keyframe, surely
    private const int DiskLuck = 0x5d15c;               // its own, so that the rest stays the same
    private const int WorkLuck = 0x3047;
    private const int RedisLuck = 0x4ed1;
    private const int HookLuck = 0x400c;
    private const int KeptEvents = 256;
    private const int TracedEvents = 100_000;
    private const int PeerBufferBytes = 64 << 10;
    private readonly List<Peer> _peers = [];
    private readonly Random _random;
    private readonly World? _beside;
    private ServerOptions _options;
    private byte[] _frame = new byte[4096];
    private long _disturbedUs = long.MinValue;
    private long _chargedEvents;
    private bool _hasDiskFaults;
    private bool _hasDiskFailed;

    public World(
        int seed,
        ServerOptions? options = null,
        Plant plant = Plant.None,
        bool isTraced = false,
        long clockGrainUs = 1,
        World? beside = null)
    {
        Seed = seed;
        _beside = beside;
        Time = beside?.Time ?? new SimulatedTime();
        Ledger = beside?.Ledger ?? new Ledger();
        Time.GrainUs = clockGrainUs;            // later would put the server's clock back
        _random = new Random(seed);
        Plants = new Plants(plant, seed);
        Trace = new Trace(Time, isTraced ? TracedEvents : KeptEvents);
        Network = new SimulatedNetwork(Time, new Random(_random.Next()), Trace)
        {
            BeforeWait = ChargeTurn,
            Plants = Plants,
        };
        Checks = new Checks(this);
        Network.Mishaps = Mishaps = new Mishaps(this);
        Rooms = new RoomBook(Checks);
        Segments = new SegmentBook(this);
        Verdicts = new Verdicts(this);
        Disk = new SimulatedDisk(new Random(seed ^ DiskLuck), Time)
        {
            Plants = Plants,
            Before = Mishaps.OnDisk,
        };
        _options = options ?? new ServerOptions();
        if (_options.Rooms is { Enabled: true, Store: RoomStore.Redis })
            Redis = new RedisElse(this, seed ^ RedisLuck);
        if (IsClustered)
            Redis = JoinCluster(seed ^ RedisLuck);
        if (_options.Defaults.Hooks.OnPublish == HookElse.Url)
            Hook = new HookElse(this, seed ^ HookLuck);
        _everInForce = [_options];
        Server = Open();
        Server.Start();
    }

    public int Seed { get; }

    /// <summary>One clock, also for a world beside another one.</summary>
    public SimulatedTime Time { get; }

    public Trace Trace { get; }

    public SimulatedNetwork Network { get; }

    public SimulatedDisk Disk { get; }

    /// <summary>What the server has others do for it.</summary>
    public SimulatedWork Work { get; private set; } = null!;

    /// <summary>Where the server asks for the addresses of hosts.</summary>
    public SimulatedResolver Resolver { get; private set; } = null!;

    /// <summary>Whether half a write could perhaps not be taken back.</summary>
    public bool HasDiskFailed => _hasDiskFailed || Mishaps.HaveStruck;

    /// <summary>How unkind both are.</summary>
    public DiskFaults DiskFaults
    {
        get => Disk.Faults;
        set
        {
            Disk.Faults = Work.Faults = value;
            _hasDiskFailed |= value.Failing > 0;
            _hasDiskFaults |= value != DiskFaults.None;
        }
    }

    /// <summary>The server; another one after each <see cref="Kill"/>.</summary>
    public ReactorServer Server { get; private set; }

    public Checks Checks { get; }

    /// <summary>Faults of ours that are drawn.</summary>
    public Mishaps Mishaps { get; }

    /// <summary>What is published, here or in the world beside.</summary>
    public Ledger Ledger { get; }

    /// <summary>What was promised of rooms.</summary>
    public RoomBook Rooms { get; }

    /// <summary>Where rooms are kept, or the streams of a cluster; null where neither is.
    /// </summary>
    public RedisElse? Redis { get; }

    /// <summary>Who is asked who may; null where the options ask nobody.</summary>
    public HookElse? Hook { get; }

    /// <summary>Whether what was asked at the gate was answered so.</summary>
    public Verdicts Verdicts { get; }

    /// <summary>Whether what is asked of rooms may find their store away.</summary>
    public bool HasStoreTrouble =>
        Redis is not null || _hasDiskFaults || Mishaps.HaveStruck
        || Disk.CapacityBytes < long.MaxValue;

    /// <summary>What was given out by HLS.</summary>
    public SegmentBook Segments { get; }

    /// <summary>The rooms that there are: names of streams without their application.</summary>
    public IReadOnlyList<string> RoomNames { get; } = ["a", "b", "c"];

    public Plants Plants { get; }

    public IReadOnlyList<Peer> Peers => _peers;

    /// <summary>Everything that anybody publishes or plays, or plans to.</summary>
    public IEnumerable<Part> Parts => _peers.SelectMany(peer => peer.Parts);

    /// <summary>Packets of the peers' own conversations.</summary>
    public PacketPool PeerPool { get; } = new();

    /// <summary>Whether streams may be had from another server, if Redis knows of it.</summary>
    public bool IsClustered => _options.Cluster.Redis is not null;

    /// <summary>Whether somebody has told the server to stop.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>Simulated seconds of all connections together.</summary>
    public double ConnectionSeconds { get; private set; }

    /// <summary>Frames in all recordings, once the server has stopped.</summary>
    public long FramesRecorded { get; private set; }

    /// <summary>The largest message that a peer sends.</summary>
    public int MessageBytesMax { get; set; } = 1 << 20;

    public PretendedLoad Load { get; } = new();

    /// <summary>Latency and jitter from the farthest publisher to the farthest player.</summary>
    public long WayUsMax { get; private set; }

    /// <summary>What a world beside does until then, while time goes by without this server.
    /// </summary>
    internal Action<long>? Meanwhile { get; set; }

    /// <summary>Where peers receive into: they run one after another.</summary>
    internal byte[] PeerBuffer { get; } = new byte[PeerBufferBytes];

    /// <summary>Adds somebody, who comes when the plan says.</summary>
    public Peer Add(PeerPlan plan)
    {
        var id = _peers.Count + 1;
        Peer peer = plan.Kind switch
        {
            PeerKind.Publisher => new PublisherPeer(this, id, plan),
            PeerKind.Player => new PlayerPeer(this, id, plan),
            PeerKind.FlvPlayer => new FlvPeer(this, id, plan),
            PeerKind.Several => new SeveralPeer(this, id, plan),
            PeerKind.HlsViewer => new HlsPeer(this, id, plan),
            PeerKind.RecordingPlayer => new RecordingPeer(this, id, plan),
            PeerKind.Clerk => new ClerkPeer(this, id, plan),
            PeerKind.Operator => new OperatorPeer(this, id, plan),
            _ => new StrangerPeer(this, id, plan),
        };
        _peers.Add(peer);
        var quality = plan.Quality;
        WayUsMax = Math.Max(WayUsMax, 2L * (quality.LatencyUs + quality.JitterUs));
        peer.Arrange();
        return peer;
    }

    public PublisherPeer Publish(string stream, PublisherPlan? publishing = null) =>
        (PublisherPeer)Add(new PeerPlan
        {
            Kind = PeerKind.Publisher,
            Seed = _random.Next(),
            Stream = stream,
            Publishing = publishing ?? new PublisherPlan(),
        });

    public FlvPeer PlayFlv(string stream, FlvOver over, PlayerPlan? playing = null) =>
        (FlvPeer)Add(new PeerPlan
        {
            Kind = PeerKind.FlvPlayer,
            Seed = _random.Next(),
            Stream = stream,
            Over = over,
            Playing = playing ?? new PlayerPlan(),
        });

    public HlsPeer PlayHls(string stream) => (HlsPeer)Add(new PeerPlan
    {
        Kind = PeerKind.HlsViewer,
        Seed = _random.Next(),
        Stream = stream,
    });

    public PlayerPeer Play(string stream, PlayerPlan? playing = null) =>
        (PlayerPeer)Add(new PeerPlan
        {
            Kind = PeerKind.Player,
            Seed = _random.Next(),
            Stream = stream,
            Playing = playing ?? new PlayerPlan(),
        });

    /// <summary>Plays a recording of this application, one of those that there are.</summary>
    public RecordingPeer PlayRecording(string stream, PlayerPlan? playing = null) =>
        (RecordingPeer)Add(new PeerPlan
        {
            Kind = PeerKind.RecordingPlayer,
            Seed = _random.Next(),
            Stream = stream,
            Playing = playing ?? new PlayerPlan(),
        });

    /// <summary>Turns the loop for so many simulated seconds.</summary>
    public void Run(double seconds) => RunUntil(() => false, seconds);

    /// <summary>Turns the loop until something holds.</summary>
    /// <returns>False when it did not within the time.</returns>
    public bool RunUntil(Func<bool> holds, double secondsMax)
    {
        var endUs = Time.NowUs + (long)(secondsMax * 1e6);
        Time.Plan(endUs, () => Server.Loop.Poller.Wake());
        while (!holds())
        {
            if (Time.NowUs >= endUs)
                return false;
            Turn();
        }
        return true;
    }

    /// <summary>One turn of the loop, and what befalls the process behind it.</summary>
    internal void Turn()
    {
        var beforeUs = Time.NowUs;
        Server.Loop.RunOnce();
        ConnectionSeconds += (Time.NowUs - beforeUs) / 1e6 * Server.ConnectionCount;
        if (!Network.Process.IsDead)
        {
            Load.AfterTurn(Server.Loop);
            Plants.AfterTurn(Server);
            Mishaps.AfterTurn(Server);
            Checks.AfterTurn(Server);
        }
        EndProcessIfKilled();
    }

    /// <summary>What a player here sees has come a longer way.</summary>
    internal void Lengthen(long us) => WayUsMax += us;

    /// <summary>An operator stops the server; then nothing may be left.</summary>
    /// <remarks>By a letter, as signals and the control API do it.</remarks>
    public void Stop()
    {
        BeginStop(0);
        Server.Loop.Mailbox.TryPost(Server.Stop);
        var drain = Server.Options.Rtmp.DrainTimeout.TotalSeconds;
        if (!RunUntil(() => Server.IsStopped, drain + 1))
            Checks.Fail("a stop ends within the drain timeout", $"{Server.ConnectionCount} open");
        ProgramChecks.AfterStop(this);
        Server.Dispose();
        Checks.NothingIsLeft(Server);
        FramesRecorded = Archive.Check(this);
        SegmentFiles.Check(this);
    }

    /// <summary>As <see cref="Stop"/>, without a goodbye.</summary>
    public void StopNow()
    {
        BeginStop(1);
        Server.StopNow();
        Server.Dispose();
        Checks.NothingIsLeft(Server);
        FramesRecorded = Archive.Check(this);
        SegmentFiles.Check(this);
    }

    /// <summary>The machine is frozen: the network goes on, the server does not.</summary>
    public void Freeze(double seconds)
    {
        Trace.Note(TraceKind.Fault, 0, (long)(seconds * 1e6), "frozen");
        Pass(seconds);
        Disturb();
        // What had just been cut short may have waited over its time, and is dropped; and who
        // changed his mind is heard only now, with a frame or two between both wishes.
        var isLong = EverInForce.Any(options =>
            options.Defaults.Play.QueueLength.TotalSeconds
                <= seconds + options.Reactor.WriteCoalesceMax.TotalSeconds);
        foreach (var play in Parts.OfType<PlayPart>())
        {
            if (isLong || play.ChangesItsMind)
                play.View.MayMissUntilUs = Time.NowUs + AfterFreezeUs;
        }
    }

    /// <summary>Frames published before now may have been late.</summary>
    public void Disturb() => _disturbedUs = Time.NowUs;

    public bool IsDisturbedSince(long sentUs) => sentUs <= _disturbedUs;

    public void Dispose()
    {
        IsStopping = true;
        Server.Dispose();
    }

    internal static IPAddress AddressOf(int peer) => new([10, 1, (byte)(peer >> 8), (byte)peer]);

    internal byte[] FrameBuffer(int capacity)
    {
        if (_frame.Length < capacity)
            _frame = new byte[capacity * 2];
        return _frame;
    }

    /// <summary>Bytes of a real client.</summary>
    internal static byte[] DrawRecording(Random random)
    {
        var names = Samples.ClientCaptures;
        return (byte[])Recordings.Of(names[random.Next(names.Length)]).Clone();
    }

    /// <summary>
    /// Nobody kills a process that is told to end; one that has died already is begun again first.
    /// </summary>
    private void BeginStop(int how)
    {
        while (_killed is not null && Network.Process.IsDead)
            EndProcessIfKilled();
        IsStopping = true;
        Network.Process.Begin();
        Mishaps.Disarm();
        Trace.Note(TraceKind.Stopping, 0, how);
    }

    /// <summary>Time goes by without the server.</summary>
    private void Pass(double seconds)
    {
        var endUs = Time.NowUs + (long)(seconds * 1e6);
        Meanwhile?.Invoke(endUs);
        while (Time.NextUs <= endUs)
        {
            Time.MoveTo(Time.NextUs);
            Time.Happen();
        }
        Time.MoveTo(endUs);
    }

    /// <summary>A turn costs time: 5 µs, and 2 µs for each call that moved bytes.</summary>
    private void ChargeTurn()
    {
        var events = Trace.Count - _chargedEvents;
        _chargedEvents = Trace.Count;
        Time.MoveTo(Time.NowUs + 5 + (2 * events));
    }
}
