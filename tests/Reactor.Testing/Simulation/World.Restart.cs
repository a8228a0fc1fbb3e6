using System;
using System.Collections.Generic;
using System.Linq;
using Reactor.Server;
using Reactor.Server.Configuration;
using Reactor.Transport;

namespace Reactor.Testing.Simulation;

/// <summary>What befalls the server's process: killed, begun again, told other options.</summary>
public sealed partial class World
{
    private const int ReturnLuck = 0x4e74;
    private const int NameLuck = 0xd25;
    private const int ProgramLuck = 0x9406;
    private const int CalmUs = 6_000_000;
    private const int ReturnMsMin = 50;
    private const int ReturnMsMax = 3000;
    private const int DyingUsMax = 100_000;
    private readonly List<ServerOptions> _everInForce;
    private ProgramFaults _programFaults = ProgramFaults.None;
    private bool _hasLostPower;
    private (double DownSeconds, bool LosesPower)? _killed;

    /// <summary>What the server has started.</summary>
    public SimulatedPrograms Programs { get; private set; } = null!;

    /// <summary>How unkind that is.</summary>
    public ProgramFaults ProgramFaults
    {
        get => _programFaults;
        set => Programs.Faults = _programFaults = value;
    }

    /// <summary>All options that were in force at some time, the first ones first.</summary>
    public IReadOnlyList<ServerOptions> EverInForce => _everInForce;

    /// <summary>What the file says now.</summary>
    public ServerOptions Wanted => _options;

    /// <summary>Whether segments of HLS follow from the publisher's clock; no reload changes it.
    /// </summary>
    public bool HasAlignedHls =>
        _options.Defaults.Hls.HlsFragmentSlicing == HlsSlicing.Aligned;

    /// <summary>Another server, where half of those go that were here; null for none.</summary>
    public World? ComesBackTo { get; set; }

    /// <summary>
    /// Until when players may be told of an end: what befell a server of the cluster, or its Redis,
    /// takes time to mend.
    /// </summary>
    public long MendsUntilUs { get; set; }

    /// <summary>How often the process was killed.</summary>
    public int Kills { get; private set; }

    /// <summary>Whether all that is published was to be recorded, on a disk without a fault.
    /// </summary>
    public bool IsRecordingSure => !_hasDiskFaults && !_hasLostPower && !Mishaps.HaveStruck
        && Disk.CapacityBytes == long.MaxValue
        && EverInForce.All(options => options is
        {
            Apps: null,
            Defaults.Record: [{ Record: RecordMode.All, Format: RecordFormat.Flv, MinFree: 0 }],
        });

    /// <summary>The process is killed (kill -9), and after a while begun again.</summary>
    /// <remarks>
    /// Nothing of the server's is told, ended or disposed. The kernel closes its sockets; of what
    /// was under way on the disk some is done, some half done, some not begun.
    /// </remarks>
    /// <param name="downSeconds">Until it is begun again, by whoever watches over it.</param>
    /// <param name="losesPower">Whether the disk also loses what was not flushed.</param>
    /// <param name="afterCalls">
    /// In the middle of a turn, once the server has made so many more calls, or after
    /// <see cref="DyingUsMax"/>; null for the end of this turn.
    /// </param>
    public void Kill(double downSeconds, bool losesPower = false, int? afterCalls = null)
    {
        if (IsStopping)
            return;
        _killed = (downSeconds, losesPower);
        if (afterCalls is not { } calls)
        {
            Server.Loop.Poller.Wake();
            return;
        }
        Network.Process.KillAfter(calls);
        Time.Plan(Time.NowUs + DyingUsMax, () =>
        {
            if (!Network.Process.IsDying)
                return;                         // it is dead, and another one is there
            Network.Process.KillAfter(0);
            Server.Loop.Poller.Wake();
        });
    }

    /// <summary>An operator has changed the file, and says so.</summary>
    /// <remarks>By a letter, as the signal does it.</remarks>
    public void Reload(ServerOptions options)
    {
        var server = Server;
        Trace.Note(TraceKind.Fault, 0, _everInForce.Count, "reloaded");
        _options = options;
        _everInForce.Add(options);
        foreach (var play in Parts.OfType<PlayPart>())
            play.Tell(options);
        server.Loop.Mailbox.TryPost(() =>
        {
            if (!server.IsStopping)
                server.Reload(options);
        });
    }

    /// <summary>One Redis for all that are in the same time.</summary>
    private RedisElse JoinCluster(int seed)
    {
        if (_beside?.Redis is not { } redis)
            return new RedisElse(this, seed);
        redis.ServeAlso(this);
        return redis;
    }

    private ReactorServer Open()
    {
        // What follows from a seed can be guessed; here it is to be.
        var secrets = new Random(_random.Next());
        return new ReactorServer(_options, new Doors
        {
            Network = Network,
            Time = new ServerTime(Time, Mishaps),
            Seed = _random.Next(),
            Secrets = secrets.NextBytes,
            Work = OpenWork,
            Resolver = OpenResolver,
            Programs = mailbox => Programs = new SimulatedPrograms(
                Time, new Random(Seed ^ ProgramLuck ^ Kills), Trace, mailbox, Plants)
            {
                Faults = _programFaults,
                Process = Network.Process,
            },
            Disk = Disk,
        });
    }

    private SimulatedWork OpenWork(Mailbox mailbox) => Work = new SimulatedWork(
        Time, new Random(Seed ^ WorkLuck), Trace, mailbox, threads: 2)
    {
        Faults = DiskFaults,
        Process = Network.Process,
    };

    /// <summary>The name servers outlast the process.</summary>
    private SimulatedResolver OpenResolver(Mailbox mailbox) => Resolver = new SimulatedResolver(
        Time, new Random(Seed ^ NameLuck), Trace, mailbox, before: Resolver);

    private void EndProcessIfKilled()
    {
        var isNow = Network.Process.IsDead || !Network.Process.IsDying;
        if (_killed is not var (downSeconds, losesPower) || IsStopping || !isNow)
            return;
        _killed = null;
        EndProcess(downSeconds, losesPower);
    }

    private void EndProcess(double downSeconds, bool losesPower)
    {
        Trace.Note(
            TraceKind.Fault, 0, (long)(downSeconds * 1e6), losesPower ? "power lost" : "killed");
        Kills++;
        _hasLostPower |= losesPower;
        Ledger.Kill(
            Parts.OfType<PublishPart>().Select(part => part.Publication), Time.NowUs,
            isCalm: !IsDisturbedSince(Time.NowUs - CalmUs));
        var victims = _peers.Where(peer => peer.IsConnected && peer.Excuse is null).ToList();
        foreach (var peer in _peers.Where(peer => peer.IsConnected))
            peer.Excused("the server was killed");
        Work.Kill(Disk);
        Programs.Kill();
        Resolver.Dispose();
        Network.EndProcess();
        if (losesPower)
            Disk.LosePower();
        else
            Disk.EndProcess();
        SegmentFiles.Check(this);
        Pass(downSeconds);
        Disturb();
        Mishaps.Disarm();                       // nobody was there
        Server = Open();
        Server.Start();
        var luck = new Random(Seed ^ ReturnLuck ^ Kills);
        foreach (var victim in victims)
            ComeBack(victim, luck);
    }

    /// <summary>Encoders and players connect again, as theirs do.</summary>
    internal void ComeBack(Peer victim, Random luck)
    {
        var plan = victim.Plan;
        if (IsStopping || plan.Kind is PeerKind.Stranger or PeerKind.Several)
            return;
        var where = ComesBackTo is not null && luck.Next(2) == 0 ? ComesBackTo : this;
        where.Add(plan with
        {
            Seed = luck.Next(),
            StartMs = luck.Next(ReturnMsMin, ReturnMsMax),
        });
    }
}
