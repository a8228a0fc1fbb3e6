using System;
using System.Collections.Generic;
using System.Net;
using NLog;
using Reactor.Primitives;
using Reactor.Protocol;
using Reactor.Protocol.Redis;
using Reactor.Transport;
using Reactor.Transport.Network;

namespace Reactor.Server.Storage;

/// <summary>How it stands with the Redis server.</summary>
public enum RedisState
{
    /// <summary>Not begun, or stopped.</summary>
    Stopped,

    /// <summary>Its host is being looked up.</summary>
    Resolving,

    /// <summary>Connecting, authenticating, and waiting for the first answer.</summary>
    Greeting,

    /// <summary>It answers.</summary>
    Ready,

    /// <summary>It is away; after a while it is tried again.</summary>
    Waiting,
}

/// <summary>A Redis server, spoken to by one connection on the loop, which never waits.</summary>
/// <remarks>
/// Commands leave at once, one behind another, and answers come in the same order. A command
/// that is not answered in time ends the connection, for what hangs answers nobody; then it is
/// connected anew, after a wait that doubles, less a random part, so that a farm of servers
/// does not come all at once. While the server is away commands fail at once.
/// Invariant: every call is answered once: by the server, or by the end of the connection; the
/// timer is set while there is a connection or a wait.
/// </remarks>
public sealed class RedisClient : IConnectionHandler
{
    private const int OutboxBytesMax = 8 << 20;
    private const int RetryDoublingsMax = 16;

    private static readonly Logger Log = LogManager.GetLogger("redis");

    private readonly EventLoop _loop;
    private readonly HostLookup _hosts;
    private readonly LimitCounts _struck;
    private readonly RedisSettings _settings;
    private readonly Random _random;
    private readonly Queue<RedisCall> _unsent = new();
    private readonly Queue<RedisCall> _sent = new();
    private readonly LoopTimer _timer;
    private PacketRing _outbox = null!;
    private RespReader _reader = null!;
    private Connection? _connection;
    private int _greetings;
    private int _attempts;
    private int _lookup;
    private long _lastId;

    /// <param name="loop">The loop that it lives on.</param>
    /// <param name="hosts">Where its host is looked up.</param>
    /// <param name="settings">Where and as whom.</param>
    /// <param name="random">Spreads the tries.</param>
    /// <param name="struck">Where commands are counted that nobody answered.</param>
    public RedisClient(
        EventLoop loop,
        HostLookup hosts,
        RedisSettings settings,
        Random random,
        LimitCounts struck)
    {
        _struck = struck;
        _loop = loop;
        _hosts = hosts;
        _settings = settings;
        _random = random;
        _timer = loop.CreateTimer(OnTimer, this);
    }

    public RedisState State { get; private set; }

    /// <summary>Why it is not ready, in words; empty while all is well.</summary>
    public string Trouble { get; private set; } = "not begun";

    /// <summary>Commands that wait for their answers.</summary>
    public int Pending => _unsent.Count + _sent.Count;

    /// <summary>Connections that were ready so far.</summary>
    public long Connections { get; private set; }

    /// <summary>Whether it was lost, or not found, and is not there again: one that hangs lets
    /// itself be connected to.</summary>
    private bool IsAway => _attempts > 0 && State != RedisState.Ready;

    /// <summary>Connects, and from then on whenever the connection is lost.</summary>
    public void Start()
    {
        if (State == RedisState.Stopped)
            Resolve();
    }

    /// <summary>Ends; what waits fails.</summary>
    public void Stop()
    {
        State = RedisState.Stopped;
        Trouble = "stopped";
        _lookup++;
        _timer.Cancel();
        _connection?.Close(CloseReason.Shutdown, "the server stops");
        FailAll(Trouble);
    }

    /// <summary>Asks something.</summary>
    /// <param name="done">
    /// Called once with the answer; before this returns where it is known at once that there
    /// will be none.
    /// </param>
    /// <param name="words">The command and its arguments.</param>
    public RedisCall Ask(Action<RedisAnswer> done, params ReadOnlySpan<string> words)
    {
        var packet = RespWriter.Write(_loop.Pool, words);
        var call = new RedisCall(packet, done);
        if (State == RedisState.Stopped || IsAway)
            call.Fail(Trouble);
        else if (Pending >= _settings.CommandsMax)
            call.Fail($"{_settings.CommandsMax} commands wait for Redis already");
        else if (State == RedisState.Ready)
            Send(call);
        else
            _unsent.Enqueue(call);
        return call;
    }

    public void OnReceived(ref ReadOnlySpan<byte> input)
    {
        while (_reader.TryRead(ref input, out var answer))
        {
            if (answer.Kind == RespKind.Push)
                continue;
            if (!_sent.TryDequeue(out var call))
                throw new ProtocolException(ProtocolError.Resp, "an answer that nobody asked for");
            call.Answer(answer);
            if (_connection is not { IsOpen: true })
                return;                         // it was no good answer
        }
        ArmTimer();
    }

    public void OnDrained()
    {
    }

    public void OnClosed(CloseReason reason, string detail)
    {
        _connection = null;
        if (State != RedisState.Stopped)
            BeginWait(detail);
    }

    public void OnFault(Exception fault)
    {
        if (fault is ProtocolException broken)
            _connection?.Close(CloseReason.Protocol, broken.Detail);
        else
            Log.Error(fault, "Redis at {Address:l}: fault of ours", _settings.ToString());
    }

    private void Resolve()
    {
        State = RedisState.Resolving;
        _timer.Set(_settings.CommandMs);
        var lookup = ++_lookup;
        _hosts.Find(_settings.Host, this, (addresses, why) =>
        {
            if (lookup != _lookup || State != RedisState.Resolving)
                return;
            if (addresses.Length == 0)
                BeginWait(why);
            else
                Connect(addresses[_attempts % addresses.Length]);
        });
    }

    private void Connect(IPAddress address)
    {
        State = RedisState.Greeting;
        ISocket socket;
        try
        {
            var to = new IPEndPoint(address, _settings.Port);
            socket = _loop.Network.Connect(to, new SocketSettings());
        }
        catch (NetworkException refused)
        {
            BeginWait(refused.Message);
            return;
        }
        _reader = new RespReader(new RespLimits());
        _outbox = new PacketRing(_settings.CommandsMax + 8, OutboxBytesMax);
        _connection = new Connection(_loop, ++_lastId, socket, _ => { });
        _connection.Start(this, _outbox);
        Greet();
    }

    /// <summary>Says who we are; the ping makes sure that somebody is at home.</summary>
    private void Greet()
    {
        _greetings = 0;
        if (_settings.Password.Length > 0 && _settings.User.Length > 0)
            SendGreeting("AUTH", _settings.User, _settings.Password);
        else if (_settings.Password.Length > 0)
            SendGreeting("AUTH", _settings.Password);
        if (_settings.Database > 0)
            SendGreeting("SELECT", $"{_settings.Database}");
        SendGreeting("PING");
    }

    private void SendGreeting(params ReadOnlySpan<string> words)
    {
        _greetings++;
        var packet = RespWriter.Write(_loop.Pool, words);
        var command = words[0];
        Send(new RedisCall(packet, answer => OnGreeted(command, answer)));
    }

    private void OnGreeted(string command, RedisAnswer answer)
    {
        if (_connection is null || State != RedisState.Greeting)
            return;                             // the connection ended before it was answered
        if (!answer.IsGood)
            _connection.Close(CloseReason.Refused, $"{command}: {answer.Trouble}");
        else if (--_greetings == 0)
            BeginReady();
    }

    private void BeginReady()
    {
        State = RedisState.Ready;
        Trouble = "";
        _attempts = 0;
        Connections++;
        Log.Info("Redis at {Address:l} is there", _settings.ToString());
        while (_unsent.TryDequeue(out var call))
            Send(call);
    }

    private void Send(RedisCall call)
    {
        var packet = call.Take();
        var isTaken = _outbox.TryPush(packet);
        packet.Release();
        if (!isTaken)
        {
            call.Fail("too many bytes wait for Redis");
            return;
        }
        call.DeadlineMs = _loop.NowMs + _settings.CommandMs;
        _sent.Enqueue(call);
        _connection!.MarkDirty();
        if (_sent.Count == 1)
            ArmTimer();
    }

    /// <summary>The oldest command's deadline, or the next sign of life.</summary>
    private void ArmTimer()
    {
        if (_connection is null)
            return;
        _timer.Set(_sent.TryPeek(out var oldest)
            ? oldest.DeadlineMs - _loop.NowMs
            : _settings.PingMs);
    }

    private void OnTimer()
    {
        if (State == RedisState.Waiting)
            Resolve();
        else if (State == RedisState.Resolving)
            BeginWait($"{_settings.Host} was not looked up within {_settings.CommandMs} ms");
        else if (_sent.Count > 0)
            CloseUnanswered();
        else if (State == RedisState.Ready)
            Ask(static _ => { }, "PING");
    }

    private void CloseUnanswered()
    {
        _struck.Add(Limit.RedisTimeout);
        _connection?.Close(CloseReason.Deadline, $"no answer within {_settings.CommandMs} ms");
    }

    private void BeginWait(string why)
    {
        // Once a loss, not once a try: what is away for a night shall not fill the log.
        var level = _attempts == 0 ? LogLevel.Warn : LogLevel.Debug;
        Log.Log(level, "Redis at {Address:l} is away: {Why:l}", _settings.ToString(), why);
        State = RedisState.Waiting;
        Trouble = $"Redis is away: {why}";
        var doublings = Math.Min(_attempts++, RetryDoublingsMax);
        var waitMs = Math.Min((long)_settings.RetryMs << doublings, _settings.RetryMsMax);
        _timer.Set((waitMs / 2) + _random.NextInt64((waitMs / 2) + 1));
        FailAll(Trouble);
    }

    /// <summary>Those that are there now: what they ask anew is answered by the state.</summary>
    private void FailAll(string why)
    {
        for (var count = _sent.Count; count > 0; count--)
            _sent.Dequeue().Fail(why);
        for (var count = _unsent.Count; count > 0; count--)
            _unsent.Dequeue().Fail(why);
    }
}
