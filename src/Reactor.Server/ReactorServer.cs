using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Security.Cryptography;
using Reactor.Primitives;
using Reactor.Protocol;
using Reactor.Protocol.Http;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Authorisation;
using Reactor.Server.Configuration;
using Reactor.Server.Control;
using Reactor.Server.Egress;
using Reactor.Server.Exec;
using Reactor.Server.Hooks;
using Reactor.Server.Http;
using Reactor.Server.Recording;
using Reactor.Server.Relays;
using Reactor.Server.Rooms;
using Reactor.Server.Sessions;
using Reactor.Server.Storage;
using Reactor.Server.Vod;
using Reactor.Streaming;
using Reactor.Transport;
using Reactor.Transport.Polling;

namespace Reactor.Server;

/// <summary>The whole server: doors in, listeners out.</summary>
/// <remarks>
/// This file says what it consists of, <c>ReactorServer.Life.cs</c> what becomes of it. Whoever
/// owns the server turns its loop.
/// </remarks>
public sealed partial class ReactorServer : IDisposable
{
    /// <param name="options">Nothing is wrong with them.</param>
    /// <param name="doors">To the machine, or to a simulated world.</param>
    public ReactorServer(ServerOptions options, Doors doors)
    {
        Options = options;
        Random = new Random(doors.Seed);
        Id = options.ServerId.Length > 0
            ? options.ServerId
            : $"{Environment.MachineName}-{WordOf(doors.Seed)}";
        ConversationSettings = SettingsOf.Conversation(options);
        HttpLimits = SettingsOf.Http(options.Http);
        RtmpFormat = new RtmpFormat(options.Rtmp.ChunkSize);

        // The ground: loop, disk, name servers, clock.
        Time = doors.Time;
        Loop = new EventLoop(doors.Network, doors.Time, SettingsOf.Loop(options.Reactor));
        Work = doors.Work(Loop.Mailbox);
        Files = new FileStore(Loop, Work, doors.Disk);
        Hosts = new HostLookup(Loop, doors.Resolver(Loop.Mailbox), Struck);

        // Who is here, and what they do.
        Hub.Struck += Struck.Add;
        Sessions = new SessionTable(Loop, Struck, OnLeft);
        Entrance = new Entrance(this);
        Memory = new MemoryCeiling(Loop.Pool, options.Limits, Struck);

        // Who may.
        Credentials = new Credentials(doors.Time);
        Passwords = new Passwords(Work);
        Rooms = RoomStores.Open(this, doors.Secrets);
        Hooks = new HookCalls(this);
        Gate = new Gate(Loop, Credentials, Rooms, Hooks, Struck);
        Gate.Reload(options.Limits);

        // Where else streams come from and go to.
        Relays = new RelayTable(this);
        RelayApi = new RelayApi(this);
        Hls = new HlsOutputs(this);
        Recorders = new RecorderTable(this);
        RecordingApi = new RecordingApi(this);
        Exec = new ExecTable(this, doors.Programs(Loop.Mailbox));

        // What is told of all that.
        Rates = new StreamRates(Hub);
        Meter = new LoopMeter(Loop);
        Listing = new StreamListing(this);
        MissingFolders = new MissingFolders(Files, Loop);

        Loop.EndFailed = both => Log.Error(both, "a fault of ours, and one in ending its owner");
        _check = Loop.CreateTimer(Check, owner: null);
    }

    /// <summary>As the interface and the pages show it.</summary>
    public static string Version { get; } =
        typeof(ReactorServer).Assembly.GetName().Version?.ToString(fieldCount: 3) ?? "";

    /// <summary>The configured name, or the host's and a random word.</summary>
    public string Id { get; }

    /// <summary>Those in force; <see cref="Reload"/> puts others in their place.</summary>
    public ServerOptions Options { get; private set; }

    public EventLoop Loop { get; }

    /// <summary>Where work that may block is done.</summary>
    public IWorkQueue Work { get; }

    /// <summary>The disk.</summary>
    public FileStore Files { get; }

    /// <summary>Addresses of the hosts that we connect to.</summary>
    public HostLookup Hosts { get; }

    /// <summary>All live streams.</summary>
    public StreamHub Hub { get; } = new();

    /// <summary>Starts, stops and lists recordings.</summary>
    public RecordingApi RecordingApi { get; }

    /// <summary>Starts, stops and lists relays.</summary>
    public RelayApi RelayApi { get; }

    /// <summary>How often each limit has struck.</summary>
    public LimitCounts Struck { get; } = new();

    /// <summary>Where the server listens; a port that was 0 is the real one.</summary>
    public IEnumerable<IPEndPoint> Listening =>
        Entrance.Listeners.Select(listener => listener.Local);

    /// <summary>Connections that are open, those saying goodbye included.</summary>
    public int ConnectionCount => Sessions.Count;

    /// <summary>Connections that a limit turned away.</summary>
    public long Refused => Entrance.Refused;

    /// <summary>How many connections ended, by the reason: deadlines, limits, faults.</summary>
    public IReadOnlyDictionary<CloseReason, long> Closed => Sessions.Closed;

    /// <summary>How often peers broke the protocol, by what they did.</summary>
    public IReadOnlyDictionary<ProtocolError, long> ProtocolErrors => Sessions.ProtocolErrors;

    public int PublisherCount { get; internal set; }

    public int PlayerCount { get; internal set; }

    /// <summary>Everybody who plays: live streams by any way, and recordings.</summary>
    public int AudienceCount => PlayerCount + Hls.Viewers.Count + Recordings.Count;

    /// <summary>Questions that are under way to hooks, each on a connection of its own.</summary>
    public int CallCount => Hooks.Pending;

    /// <summary>Programs that are wanted, or have not ended yet.</summary>
    public int ProgramCount => Exec.Count;

    /// <summary>Live streams that are cut into segments of HLS.</summary>
    public int HlsCount => Hls.All.Count;

    /// <summary>Backlogs of slow players that were dropped because memory was short.</summary>
    public long Shed => Memory.Shed;

    /// <summary>Bits a second that come and go.</summary>
    public TrafficMeter Bandwidth => Traffic.All;

    /// <summary>For handshakes; the only luck there is.</summary>
    internal Random Random { get; }

    internal ServerConversationSettings ConversationSettings { get; private set; }

    internal HttpLimits HttpLimits { get; private set; }

    /// <summary>How RTMP players read frames: all of them in chunks of one size.</summary>
    internal RtmpFormat RtmpFormat { get; }

    /// <summary>The stream that somebody wrote the names of, if it can be one.</summary>
    internal bool TryName(string app, string name, out StreamKey key) =>
        StreamKey.TryRead(app, name, Options.Limits.MaxName, out key);

    /// <summary>The clock; for deadlines there is the loop's.</summary>
    internal TimeProvider Time { get; }

    /// <summary>Everybody who is connected.</summary>
    internal SessionTable Sessions { get; }

    /// <summary>Where the server listens, and who is let in there.</summary>
    internal Entrance Entrance { get; }

    /// <summary>The bound of all media, and what is given up for it.</summary>
    internal MemoryCeiling Memory { get; }

    /// <summary>Judges keys, signatures and tokens.</summary>
    internal Credentials Credentials { get; }

    /// <summary>Judges who may operate the server.</summary>
    internal Passwords Passwords { get; }

    /// <summary>Rooms and their keys; null where they are not switched on.</summary>
    internal IRoomStore? Rooms { get; }

    /// <summary>HTTP servers that are asked or told.</summary>
    internal HookCalls Hooks { get; }

    /// <summary>Where everybody passes who wants to publish or play.</summary>
    internal Gate Gate { get; }

    /// <summary>Streams on their way to and from other servers.</summary>
    internal RelayTable Relays { get; }

    /// <summary>Who plays recordings.</summary>
    internal VodAudience Recordings { get; } = new();

    /// <summary>Streams that are played by HLS.</summary>
    internal HlsOutputs Hls { get; }

    /// <summary>Streams on their way into files.</summary>
    internal RecorderTable Recorders { get; }

    /// <summary>Programs that are started for streams.</summary>
    internal ExecTable Exec { get; }

    /// <summary>What comes and goes, by app too.</summary>
    internal Traffic Traffic { get; } = new();

    /// <summary>Rates of all live streams.</summary>
    internal StreamRates Rates { get; }

    /// <summary>How busy the loop is.</summary>
    internal LoopMeter Meter { get; }

    /// <summary>Where answers to operators are written.</summary>
    internal AnswerBuffer Answers { get; } = new();

    /// <summary>What the player page lists.</summary>
    internal StreamListing Listing { get; }

    /// <summary>Which folders of files need not be asked for.</summary>
    internal MissingFolders MissingFolders { get; }

    /// <summary>A live stream, made now if nobody has needed it so far.</summary>
    internal LiveStream StreamOf(StreamKey key, StreamOptions options) =>
        Hub.GetOrAdd(key, SettingsOf.GopCache(options));

    /// <summary>Whether a stream that nobody publishes may come once somebody watches.</summary>
    internal bool MayCome(StreamKey key, StreamOptions options) =>
        options.Exec.ExecPull.Count > 0 || Relays.MayPull(key, options);

    /// <summary>
    /// For a publisher, whose audio waits for the picture beside it unless that was configured.
    /// </summary>
    internal IDeadline? CreateAudioDeadline(Action due, IFaultTarget owner) =>
        Options.Reactor.WriteCoalesce is null ? Loop.CreateTimer(due, owner) : null;

    private static string WordOf(int seed) =>
        Convert.ToHexString(SHA256.HashData(BitConverter.GetBytes(seed)))[..8];
}
