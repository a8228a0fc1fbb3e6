using System;
using System.Collections.Generic;
using System.Net;
using NLog;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Server.Egress;
using Reactor.Transport;
using Reactor.Transport.Network;
using Reactor.Transport.Polling;

namespace Reactor.Server.Relays;

/// <summary>
/// Keeps a connection to another server: finds it, connects, waits until it accepts, and begins
/// anew when that fails, for as long as it is wanted.
/// </summary>
/// <remarks>
/// Invariant: there is a session exactly while connecting or running, and the timer is set exactly
/// while connecting or waiting.
/// </remarks>
internal sealed class RelayClient : IFaultTarget
{
    private const int GoodbyeMs = 2000;

    /// <summary>Running for so long proves that the peer is well.</summary>
    private const int ProvenMs = 10_000;

    /// <summary>How long the first attempt after that waits at most; luck, as ever.</summary>
    private const int CutMsMax = 500;

    private static readonly Logger Log = LogManager.GetLogger("relay");

    private readonly ReactorServer _server;
    private readonly IReadOnlyList<RelayTarget> _targets;
    private readonly IRelayEnd _end;
    private readonly RelayBackoff _backoff;
    private readonly LoopTimer _timer;
    private RelaySession? _session;
    private bool _hasAnswered;
    private int _at;
    private long _received;
    private long _sent;

    /// <param name="server">On whose loop it lives.</param>
    /// <param name="targets">Where to: one after another, until one of them does it.</param>
    /// <param name="name">Its key, for log lines: <c>push:live/a</c>.</param>
    /// <param name="backoff">When to try again.</param>
    /// <param name="end">What stands behind the connection.</param>
    public RelayClient(
        ReactorServer server,
        IReadOnlyList<RelayTarget> targets,
        string name,
        RelayBackoff backoff,
        IRelayEnd end)
    {
        Invariant.Holds(targets.Count > 0);
        _server = server;
        _targets = targets;
        _end = end;
        _backoff = backoff;
        Name = name;
        _timer = server.Loop.CreateTimer(OnTimer, this);
        SinceMs = server.Loop.NowMs;
    }

    public string Name { get; }

    /// <summary>All that it may go to, in order.</summary>
    public IReadOnlyList<RelayTarget> Targets => _targets;

    /// <summary>The one that is being tried, or is next.</summary>
    public RelayTarget Target => _targets[_at];

    /// <summary>Whether there are others, so that patience with this one is short.</summary>
    public bool HasOthers => _targets.Count > 1;

    public RelayState State { get; private set; }

    /// <summary>Since when it is in this state, on the loop's clock.</summary>
    public long SinceMs { get; private set; }

    /// <summary>What the peer or the network said last that was no success; empty before.</summary>
    public string LastError { get; private set; } = "";

    /// <summary>Attempts to connect so far.</summary>
    public int Attempts { get; private set; }

    /// <summary>Bytes from the peer, over all connections.</summary>
    public long BytesReceived => _received + (_session?.Connection.BytesReceived ?? 0);

    public long BytesSent => _sent + (_session?.Connection.BytesSent ?? 0);

    /// <summary>The connection's number while there is one; 0 otherwise.</summary>
    public long ConnectionId => _session?.Connection.Id ?? 0;

    /// <summary>The peer's address while there is a connection.</summary>
    public IPEndPoint? Remote => _session?.Connection.Remote;

    /// <summary>Whether it publishes there, or else plays.</summary>
    public bool IsPush => _end is RelayPush;

    /// <summary>As they are now: a reload counts from the next wait on.</summary>
    private RelayOptions Options =>
        _server.Options.Resolve(Target.Key)?.Relay ?? _server.Options.Defaults.Relay;

    private RelayCounts Counts => IsPush ? _server.Relays.Pushes : _server.Relays.Pulls;

    /// <summary>Begins, unless it is at it already.</summary>
    public void Start()
    {
        if (State == RelayState.Idle)
            Resolve();
    }

    /// <summary>Says goodbye, and is idle until it is started again.</summary>
    public void Stop(string why)
    {
        Enter(RelayState.Idle);
        _timer.Cancel();
        _backoff.Reset();
        _at = 0;
        if (_session is { } session)
            session.End(why, GoodbyeMs);
        else
            _end.OnEnded(why);
    }

    /// <summary>Gives this connection up; another is tried after a while.</summary>
    public void Fail(string why)
    {
        if (State is RelayState.Idle or RelayState.Waiting)
            return;
        LastError = why;
        Counts.Failures++;
        var failed = Target;
        var wasProven = State == RelayState.Running && _server.Loop.NowMs - SinceMs >= ProvenMs;
        _at = wasProven ? 0 : (_at + 1) % _targets.Count;
        if (wasProven)
            _backoff.Reset();
        Enter(RelayState.Waiting);
        // One that did well was cut, as it seems: who is quick has missed nothing.
        var waitMs = wasProven ? _server.Random.Next(CutMsMax)
            : _at == 0 ? _backoff.NextMs() : 0;
        _timer.Set(waitMs);
        if (_session is { } session)
            session.Connection.Close(CloseReason.PeerLost, why);
        else
            _end.OnEnded(why);
        // Last, so that a fault in it leaves no connection behind that nobody owns.
        Log.Warn(
            "{Relay:l} {Target:l}: {Why:l}; {Next:l} in {Seconds} s",
            Name, failed.Shown, why, _at == 0 ? "again" : "the next one", waitMs / 1000.0);
    }

    /// <summary>Bytes have come: the peer is there.</summary>
    public void OnHeard()
    {
        if (_hasAnswered)
            return;
        _hasAnswered = true;
        _timer.Set((int)Options.AnswerTimeout.TotalMilliseconds);
    }

    public void OnStarted()
    {
        _timer.Cancel();
        Enter(RelayState.Running);
        Log.Info("{Relay:l} {Target:l}: runs, by {Remote}", Name, Target.Shown, Remote);
        _end.OnRunning(_session!);
    }

    /// <summary>An error of the peer's is kept, and shown to whoever asks (A36).</summary>
    public void OnStatus(string level, string code, string description)
    {
        var isError = level == "error"
            || code is StatusCode.ConnectRejected or StatusCode.PublishBadName;
        _end.OnStatus(code, isError);
        if (isError)
            Fail(description.Length > 0 ? $"{code}: {description}" : code);
    }

    public void OnMedia(RtmpMessage message) => _end.OnMedia(message);

    public void OnClosed(RelaySession session, string detail)
    {
        Invariant.Holds(session == _session);
        _received += session.Connection.BytesReceived;
        _sent += session.Connection.BytesSent;
        Counts.BytesIn += session.Connection.BytesReceived;
        Counts.BytesOut += session.Connection.BytesSent;
        _session = null;
        if (State is RelayState.Connecting or RelayState.Running)
            Fail(detail);                       // which tells the end, as there is no session
        else
            _end.OnEnded(detail);
    }

    public void OnFault(Exception fault)
    {
        Log.Error(fault, "{Relay:l}: a fault of ours", Name);
        Fail(fault.Message);
    }

    private void OnTimer()
    {
        switch (State)
        {
            case RelayState.Waiting:
                Resolve();
                break;
            default:
                _server.Struck.Add(_hasAnswered ? Limit.RelayAnswer : Limit.RelayConnect);
                Fail(_hasAnswered
                    ? $"the server did not accept within {Options.AnswerTimeout.TotalSeconds} s"
                    : $"no connection within {Options.ConnectTimeout.TotalSeconds} s");
                break;
        }
    }

    private void Resolve()
    {
        Enter(RelayState.Resolving);
        var attempt = ++Attempts;
        Counts.Attempts++;
        _server.Hosts.Find(Target.Url.Host, this, (addresses, why) =>
        {
            if (State == RelayState.Resolving && attempt == Attempts)
                OnResolved(addresses, why);
        });
    }

    private void OnResolved(IPAddress[] addresses, string why)
    {
        if (addresses.Length == 0)
        {
            Fail(why);
            return;
        }
        var address = addresses[Attempts % addresses.Length];
        if (RelayGuard.AddressRefusal(_server, Target, address) is { } refusal)
            Fail(refusal);
        else
            Connect(new IPEndPoint(address, Target.Url.Port));
    }

    private void Connect(IPEndPoint to)
    {
        ISocket socket;
        try
        {
            socket = _server.Loop.Network.Connect(to, SettingsOf.Socket(_server.Options.Rtmp));
        }
        catch (NetworkException refused)
        {
            Fail(refused.Message);
            return;
        }
        // Known by now: a socket whose two ends have one address has not left this machine.
        if (RelayGuard.RingRefusal(_server, Target, to, socket.Local) is { } ring)
        {
            socket.Dispose();
            _server.Struck.Add(Limit.RelayRing);
            Fail(ring);
            return;
        }
        if (Target.Url.IsSecure)
            socket = Secure(socket);
        Enter(RelayState.Connecting);
        _timer.Set((int)Options.ConnectTimeout.TotalMilliseconds);
        _hasAnswered = false;
        var request = _end.RequestOf(Target.Url);
        _session = (RelaySession)_server.Sessions.Enter(
            socket, connection => new RelaySession(_server, connection, this, request));
        _session.Begin();
    }

    private ISocket Secure(ISocket socket)
    {
        var settings = new TlsClientSettings
        {
            Host = Target.Url.Host,
            Verify = Options.VerifyTls,
        };
        return _server.Loop.Tls.Connect(
            socket,
            settings,
            why => Log.Warn("{Relay:l} {Target:l}: {Why:l}", Name, Target.Shown, why));
    }

    private void Enter(RelayState state)
    {
        State = state;
        SinceMs = _server.Loop.NowMs;
    }
}
