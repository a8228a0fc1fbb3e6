using System;
using System.Collections.Generic;
using System.Net;
using NLog;
using Reactor.Protocol;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Server.Sessions;
using Reactor.Streaming;
using Reactor.Transport;
using Reactor.Transport.Network;

namespace Reactor.Server;

/// <summary>The whole server: doors in, listeners out.</summary>
/// <remarks>Whoever owns the server turns the loop.</remarks>
public sealed class ReactorServer : IDisposable
{
    private const int CheckEveryMs = 200;
    private const int QuietMs = 1000;
    private const int SpareDescriptors = 64;

    private static readonly Logger Log = LogManager.GetLogger("server");

    private readonly List<Listener> _listeners = [];
    private readonly Dictionary<Connection, Session> _sessions = [];
    private readonly SortedDictionary<ProtocolError, long> _protocolErrors = [];
    private readonly SortedDictionary<CloseReason, long> _closed = [];
    private readonly List<Session> _checked = [];
    private readonly Admission _admission;
    private readonly MemoryCeiling _memory;
    private readonly LoopTimer _check;
    private readonly int _connectionsMax;
    private long _lastId;
    private long _lastComplaintMs = -QuietMs;

    public ReactorServer(ServerOptions options, Doors doors)
    {
        Options = options;
        Random = new Random(doors.Seed);
        Loop = new EventLoop(doors.Network, doors.Time, SettingsOf.Loop(options.Reactor));
        Work = doors.Work(Loop.Mailbox);
        ConversationSettings = SettingsOf.Conversation(options);
        RtmpFormat = new RtmpFormat(options.Rtmp.ChunkSize);
        var possible = doors.Network.SocketsMax - SpareDescriptors;
        _connectionsMax = options.Limits.MaxConnections is > 0 and var wanted
            ? Math.Min(wanted, possible)
            : possible;
        _admission = new Admission(options.Limits, _connectionsMax);
        var memory = options.Limits.MaxMemory;
        _memory = new MemoryCeiling(Loop.Pool, memory > 0 ? memory : long.MaxValue);
        _check = Loop.CreateTimer(Check, owner: null);
    }

    public ServerOptions Options { get; }

    public EventLoop Loop { get; }

    /// <summary>Where work that may block is done.</summary>
    public IWorkQueue Work { get; }

    public StreamHub Hub { get; } = new();

    /// <summary>Connections that are open, those saying goodbye included.</summary>
    public int ConnectionCount => _sessions.Count;

    public int PublisherCount { get; internal set; }

    public int PlayerCount { get; internal set; }

    /// <summary>Connections that a limit turned away.</summary>
    public long Refused => _admission.Refused;

    /// <summary>Backlogs of slow players that were dropped because memory was short.</summary>
    public long Shed => _memory.Shed;

    /// <summary>How often peers broke the protocol, by what they did.</summary>
    public IReadOnlyDictionary<ProtocolError, long> ProtocolErrors => _protocolErrors;

    /// <summary>How many connections ended, by the reason: deadlines, limits, faults.</summary>
    public IReadOnlyDictionary<CloseReason, long> Closed => _closed;

    /// <summary>Where the server listens; a port that was 0 is the real one.</summary>
    public IEnumerable<IPEndPoint> Listening
    {
        get
        {
            foreach (var listener in _listeners)
                yield return listener.Local;
        }
    }

    /// <summary>Whether <see cref="Stop"/> was called; may be asked from any thread.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>Whether <see cref="Stop"/> is done: nothing is open any more.</summary>
    public bool IsStopped => IsStopping && _sessions.Count == 0;

    internal MemoryCeiling Memory => _memory;

    /// <summary>For handshakes; the only luck there is.</summary>
    internal Random Random { get; }

    internal ServerConversationSettings ConversationSettings { get; }

    /// <summary>How RTMP players read frames: all of them in chunks of one size.</summary>
    internal RtmpFormat RtmpFormat { get; }

    /// <summary>Opens the listeners.</summary>
    /// <exception cref="NetworkException">An address cannot be listened on.</exception>
    public void Start()
    {
        foreach (var address in Options.Rtmp.Listen)
        {
            var socket = Loop.Network.Listen(address.EndPoint, SettingsOf.Socket(Options.Rtmp));
            _listeners.Add(new Listener(Loop, socket, OnAccepted, OnExhausted));
            Log.Info("listening on rtmp://{Address}/APP/STREAM", socket.Local);
        }
        Log.Info("up to {Connections} connections", _connectionsMax);
        _check.Set(CheckEveryMs);
    }

    /// <summary>Stops: nobody is let in, everybody is told, and then the sockets drain.</summary>
    public void Stop()
    {
        if (IsStopping)
            return;
        IsStopping = true;
        Log.Info("stopping: {Connections} connections", _sessions.Count);
        foreach (var listener in _listeners)
            listener.Close();
        foreach (var session in new List<Session>(_sessions.Values))
            session.Stop((long)Options.Rtmp.DrainTimeout.TotalMilliseconds);
        _check.Cancel();
    }

    /// <summary>Stops without a word to anybody.</summary>
    public void StopNow()
    {
        Stop();
        foreach (var connection in new List<Connection>(_sessions.Keys))
            connection.Close(CloseReason.Shutdown, "the server stops now");
    }

    public void Dispose()
    {
        StopNow();
        Work.Dispose();
        Loop.Dispose();
    }

    internal LiveStream StreamOf(StreamKey key, StreamOptions options)
    {
        var play = options.Play;
        return Hub.GetOrAdd(key, new GopCacheLimits(
            play.GopCache ? play.GopNum : 0, play.GopCacheMaxFrames, play.GopCacheMaxSize));
    }

    internal void CountProtocolError(ProtocolError error) =>
        _protocolErrors[error] = _protocolErrors.GetValueOrDefault(error) + 1;

    internal void CountClosed(CloseReason reason) =>
        _closed[reason] = _closed.GetValueOrDefault(reason) + 1;

    private void OnAccepted(ISocket socket)
    {
        var address = socket.Remote.Address;
        if (_admission.TryEnter(address, _sessions.Count, Loop.NowMs) is { } why)
        {
            socket.Dispose();
            Complain("connection refused: {Why:l}", why);
            return;
        }
        var connection = new Connection(Loop, ++_lastId, socket, OnGone);
        var session = new RtmpSession(this, connection);
        _sessions.Add(connection, session);
        connection.Start(session, session.Outbox);
    }

    private void OnExhausted(string why) => Complain("cannot accept: {Why:l}", why);

    /// <summary>Once a second at most: a flood must not become one of log lines.</summary>
    private void Complain(string message, string why)
    {
        if (Loop.NowMs - _lastComplaintMs < QuietMs)
            return;
        _lastComplaintMs = Loop.NowMs;
        Log.Warn(message, why);
    }

    private void OnGone(Connection connection)
    {
        _sessions.Remove(connection);
        _admission.Leave(connection.Remote.Address);
    }

    private void Check()
    {
        _check.Set(CheckEveryMs);
        _admission.Forget(Loop.NowMs);
        _memory.Check(_sessions.Values);
        _checked.AddRange(_sessions.Values);    // a copy, for a check may end its session
        foreach (var session in _checked)
            session.Check(Loop.NowMs);
        _checked.Clear();
    }
}
