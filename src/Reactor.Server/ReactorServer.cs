using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using NLog;
using Reactor.Primitives;
using Reactor.Protocol;
using Reactor.Protocol.Http;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Authorisation;
using Reactor.Server.Configuration;
using Reactor.Server.Control;
using Reactor.Server.Egress;
using Reactor.Server.Hooks;
using Reactor.Server.Http;
using Reactor.Server.Recording;
using Reactor.Server.Relays;
using Reactor.Server.Rooms;
using Reactor.Server.Sessions;
using Reactor.Server.Storage;
using Reactor.Streaming;
using Reactor.Transport;
using Reactor.Transport.Polling;

namespace Reactor.Server;

/// <summary>The whole server: doors in, listeners out.</summary>
/// <remarks>Whoever owns the server turns the loop.</remarks>
public sealed partial class ReactorServer : IDisposable
{
    private const int CheckEveryMs = 200;
    private const int SettleEveryMs = 20;
    private const int FileGraceMs = 500;
    private const int SpareDescriptors = 64;

    private static readonly Logger Log = LogManager.GetLogger("server");
    private static readonly Action<object> CheckOne = CheckSession;
    private static readonly Action<object> CheckUpdatesOfOne = CheckUpdates;

    private readonly Dictionary<Connection, Session> _sessions = [];
    private readonly SortedDictionary<ProtocolError, long> _protocolErrors = [];
    private readonly SortedDictionary<CloseReason, long> _closed = [];
    private readonly List<Session> _checked = [];
    private readonly Admission _admission;
    private readonly MemoryCeiling _memory;
    private readonly LoopTimer _check;
    private int _connectionsMax;
    private long _stopByMs;
    private long _quitByMs;

    public ReactorServer(ServerOptions options, Doors doors)
    {
        Options = options;
        Random = new Random(doors.Seed);
        Loop = new EventLoop(doors.Network, doors.Time, SettingsOf.Loop(options.Reactor));
        Work = doors.Work(Loop.Mailbox);
        Files = new FileStore(Loop, Work, doors.Disk);
        Hosts = new HostLookup(Loop, doors.Resolver(Loop.Mailbox), Struck);
        Time = doors.Time;
        ConversationSettings = SettingsOf.Conversation(options);
        _trustedProxies = NetworksOf(options.Http.TrustedProxies);
        HttpLimits = SettingsOf.Http(options.Http);
        RtmpFormat = new RtmpFormat(options.Rtmp.ChunkSize);
        _connectionsMax = ConnectionsMax(options.Limits);
        _admission = new Admission(options.Limits, _connectionsMax, Struck);
        _memory = new MemoryCeiling(Loop.Pool, MemoryMax(options.Limits), Struck);
        _check = Loop.CreateTimer(Check, owner: null);
        Id = options.ServerId.Length > 0
            ? options.ServerId
            : $"{Environment.MachineName}-{WordOf(doors.Seed)}";
        Hub.Struck += Struck.Add;
        Rates = new StreamRates(Hub);
        Meter = new LoopMeter(Loop);
        Credentials = new Credentials(doors.Time);
        Rooms = RoomStores.Open(this, doors.Secrets);
        Hooks = new HookCalls(this);
        Gate = new Gate(Loop, Credentials, Rooms, Hooks, Struck);
        Relays = new RelayTable(this);
        Hls = new HlsOutputs(this);
        RelayApi = new RelayApi(this);
        Recorders = new RecorderTable(this);
        RecordingApi = new RecordingApi(this);
    }

    /// <summary>The configured name, or the host's and a random word.</summary>
    public string Id { get; }

    public ServerOptions Options { get; private set; }

    public EventLoop Loop { get; }

    /// <summary>Where work that may block is done.</summary>
    public IWorkQueue Work { get; }

    /// <summary>The disk.</summary>
    public FileStore Files { get; }

    /// <summary>Addresses of the hosts that we connect to.</summary>
    public HostLookup Hosts { get; }

    public StreamHub Hub { get; } = new();

    /// <summary>Starts, stops and lists recordings.</summary>
    public RecordingApi RecordingApi { get; }

    /// <summary>Starts, stops and lists relays.</summary>
    public RelayApi RelayApi { get; }

    /// <summary>Connections that are open, those saying goodbye included.</summary>
    public int ConnectionCount => _sessions.Count;

    public int PublisherCount { get; internal set; }

    public int PlayerCount { get; internal set; }

    /// <summary>Questions that are under way to hooks, each on a connection of its own.</summary>
    public int CallCount => Hooks.Pending;

    /// <summary>Live streams that are cut into segments of HLS.</summary>
    public int HlsCount => Hls.All.Count;

    /// <summary>Connections that a limit turned away.</summary>
    public long Refused => _admission.Refused;

    /// <summary>Backlogs of slow players that were dropped because memory was short.</summary>
    public long Shed => _memory.Shed;

    /// <summary>How often each limit has struck.</summary>
    public LimitCounts Struck { get; } = new();

    /// <summary>How often peers broke the protocol, by what they did.</summary>
    public IReadOnlyDictionary<ProtocolError, long> ProtocolErrors => _protocolErrors;

    /// <summary>How many connections ended, by the reason: deadlines, limits, faults.</summary>
    public IReadOnlyDictionary<CloseReason, long> Closed => _closed;

    /// <summary>Whether <see cref="Quit"/> was called; may be asked from any thread.</summary>
    public bool IsQuitting { get; private set; }

    /// <summary>Whether <see cref="Stop"/> was called; may be asked from any thread.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>Whether <see cref="Stop"/> is done: nothing is open any more.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>The clock; for deadlines there is the loop's.</summary>
    internal TimeProvider Time { get; }

    /// <summary>Rates of all live streams.</summary>
    internal StreamRates Rates { get; }

    /// <summary>Bits a second that come and go.</summary>
    public TrafficMeter Bandwidth => Traffic.All;

    /// <summary>What comes and goes, by app too.</summary>
    internal Traffic Traffic { get; } = new();

    /// <summary>How busy the loop is.</summary>
    internal LoopMeter Meter { get; }

    internal IReadOnlyCollection<Session> Sessions => _sessions.Values;

    /// <summary>What the player page lists.</summary>
    internal StreamListing Listing => field ??= new StreamListing(this);

    /// <summary>Which folders of files need not be asked for.</summary>
    internal MissingFolders MissingFolders => field ??= new MissingFolders(Files, Loop);

    internal MemoryCeiling Memory => _memory;

    /// <summary>Streams on their way into files.</summary>
    internal RecorderTable Recorders { get; }

    /// <summary>Rooms and their keys; null where they are not switched on.</summary>
    internal IRoomStore? Rooms { get; }

    /// <summary>Where everybody passes who wants to publish or play.</summary>
    internal Gate Gate { get; }

    /// <summary>HTTP servers that are asked or told.</summary>
    internal HookCalls Hooks { get; }

    /// <summary>Judges keys, signatures and tokens.</summary>
    internal Credentials Credentials { get; }

    /// <summary>Streams on their way to and from other servers.</summary>
    internal RelayTable Relays { get; }

    /// <summary>Streams that are played by HLS.</summary>
    internal HlsOutputs Hls { get; }

    /// <summary>For handshakes; the only luck there is.</summary>
    internal Random Random { get; }

    internal ServerConversationSettings ConversationSettings { get; private set; }

    internal HttpLimits HttpLimits { get; private set; }

    /// <summary>How RTMP players read frames: all of them in chunks of one size.</summary>
    internal RtmpFormat RtmpFormat { get; }

    /// <summary>Stops: nobody is let in, everybody is told, and then the sockets drain.</summary>
    public void Stop()
    {
        if (IsStopping)
            return;
        IsStopping = true;
        Log.Info("stopping: {Connections} connections", _sessions.Count);
        var drainMs = (long)Options.Rtmp.DrainTimeout.TotalMilliseconds;
        foreach (var listener in _listeners)
            listener.Close();
        Relays.Stop();
        Hls.Stop();
        Recorders.Stop();
        Rooms?.Stop();
        foreach (var session in new List<Session>(_sessions.Values))
            Loop.Contain(session.Connection, () => session.Stop(drainMs));
        _stopByMs = Loop.NowMs + drainMs + FileGraceMs;
        Settle();
    }

    /// <summary>
    /// Lets nobody in any more, and stops once publishers and players have ended by themselves,
    /// or after the grace period.
    /// </summary>
    public void Quit()
    {
        if (IsStopping || IsQuitting)
            return;
        IsQuitting = true;
        _quitByMs = Loop.NowMs + (long)Options.Process.GracePeriod.TotalMilliseconds;
        foreach (var listener in _listeners)
            listener.Close();
        Log.Info(
            "quitting: {Publishers} publishers and {Players} players have {Seconds} s to end",
            PublisherCount, PlayerCount, Options.Process.GracePeriod.TotalSeconds);
        StopIfQuiet();
    }

    /// <summary>Stops without a word to anybody.</summary>
    public void StopNow()
    {
        Stop();
        Relays.StopNow();
        foreach (var connection in new List<Connection>(_sessions.Keys))
            connection.Close(CloseReason.Shutdown, "the server stops now");
        Hooks.Stop();
        _stopByMs = Math.Min(_stopByMs, Loop.NowMs + FileGraceMs);
        Settle();
    }

    public void Dispose()
    {
        StopNow();
        Credentials.Dispose();
        Files.Dispose();
        Hosts.Dispose();
        Work.Dispose();
        _check.Cancel();                        // it may still have waited for files
        Loop.Dispose();
    }

    /// <summary>The session of a connection by its number, or null.</summary>
    internal Session? Find(long connectionId)
    {
        foreach (var session in _sessions.Values)
        {
            if (session.Connection.Id == connectionId)
                return session;
        }
        return null;
    }

    internal LiveStream StreamOf(StreamKey key, StreamOptions options) =>
        Hub.GetOrAdd(key, SettingsOf.GopCache(options.Play));

    /// <summary>
    /// For a publisher, whose audio waits for the picture beside it unless that was configured.
    /// </summary>
    internal IDeadline? CreateAudioDeadline(Action due, IFaultTarget owner) =>
        Options.Reactor.WriteCoalesce is null ? Loop.CreateTimer(due, owner) : null;

    internal void CountProtocolError(ProtocolError error)
    {
        _protocolErrors[error] = _protocolErrors.GetValueOrDefault(error) + 1;
        Struck.Add(error);
    }

    internal void CountClosed(CloseReason reason) =>
        _closed[reason] = _closed.GetValueOrDefault(reason) + 1;

    private static string WordOf(int seed) =>
        Convert.ToHexString(SHA256.HashData(BitConverter.GetBytes(seed)))[..8];

    /// <summary>
    /// Stopped is when everybody is gone and what was written is in its files; a disk that
    /// hangs is not waited for longer than for a peer.
    /// </summary>
    private void Settle()
    {
        if (!IsStopping || IsStopped)
            return;
        var isWritten = Files.IsIdle && Work.Outstanding == 0 && Hooks.Pending == 0;
        IsStopped = _sessions.Count == 0 && (isWritten || Loop.NowMs >= _stopByMs);
        if (IsStopped)
            EndStop();
        else
            _check.Set(SettleEveryMs);
    }

    private void EndStop()
    {
        Hooks.Stop();
        Hosts.Stop();
        _check.Cancel();
    }

    private void Check()
    {
        if (IsStopping)
        {
            Settle();
            return;
        }
        _check.Set(CheckEveryMs);
        _admission.Forget(Loop.NowMs);
        _memory.Check(_sessions.Values, Loop.NowMs);
        Rates.Check(Loop.NowMs);
        Traffic.Check(_sessions.Values, Loop.NowMs);
        Meter.Check(Loop.NowMs);
        Relays.Check(Loop.NowMs);
        Hls.Check(Loop.NowMs);
        Recorders.Check(Loop.NowMs);
        foreach (var files in _certificates)
            files.Check(Loop.NowMs);
        _checked.AddRange(_sessions.Values);    // a copy, for a check may end its session
        foreach (var session in _checked)
            Loop.Contain(session.Connection, session, CheckOne);
        if (Hooks.TellsUpdates)
        {
            foreach (var session in _checked)
                Loop.Contain(session.Connection, session, CheckUpdatesOfOne);
        }
        _checked.Clear();
        if (IsQuitting)
            StopIfQuiet();
    }

    private void StopIfQuiet()
    {
        foreach (var session in Sessions)
        {
            if (session.IsBusy && Loop.NowMs < _quitByMs)
                return;
        }
        Stop();
    }

    private static void CheckSession(object session) =>
        ((Session)session).Check(((Session)session).NowMs);

    private static void CheckUpdates(object session) =>
        ((Session)session).CheckUpdates(((Session)session).NowMs);
}
