using System;
using NLog;
using Reactor.Primitives;
using Reactor.Server.Configuration;
using Reactor.Server.Relays;
using Reactor.Streaming;
using Reactor.Transport.Polling;

namespace Reactor.Server.Exec;

/// <summary>How far a program is.</summary>
internal enum ExecState
{
    /// <summary>Until there is room, or it is time to try again.</summary>
    Waiting,
    Starting,
    Running,

    /// <summary>It was told to end.</summary>
    Ending,

    /// <summary>It has ended, is still wanted, and not to be started again.</summary>
    Done,
}

/// <summary>One program that is wanted: started, ended, and started again while that is so.
/// </summary>
/// <remarks>
/// Invariant: there is a process exactly while starting, running or ending, and never a second one.
/// It is in the table until it is neither wanted nor a process.
/// </remarks>
internal sealed class ExecProgram : IFaultTarget
{
    private const int RoomRetryMs = 1000;
    private const int KillAgainMs = 1000;

    /// <summary>Running for so long proves that it is well.</summary>
    private const int ProvenMs = 10_000;

    private static readonly Logger Log = LogManager.GetLogger("exec");

    private readonly ReactorServer _server;
    private readonly ExecTable _table;
    private ProgramCommand _command;
    private ExecOptions _options;
    private RelayBackoff _backoff;
    private IProgram? _process;
    private bool _isWanted = true;
    private bool _isAgain;
    private bool _wasKilled;
    private long _dueMs;
    private long _startedMs;
    private string _why = "";

    /// <param name="table">Where it stands.</param>
    /// <param name="server">On whose loop it lives.</param>
    /// <param name="kind">What it is for.</param>
    /// <param name="key">Whose it is; the default for nobody's.</param>
    /// <param name="rule">From which it follows.</param>
    /// <param name="command">What is started.</param>
    /// <param name="options">How.</param>
    public ExecProgram(
        ExecTable table,
        ReactorServer server,
        ExecKind kind,
        StreamKey key,
        ExecRule rule,
        ProgramCommand command,
        ExecOptions options)
    {
        (_table, _server, _command, _options) = (table, server, command, options);
        (Kind, Key, Rule) = (kind, key, rule);
        _backoff = BackoffOf(options);
    }

    public ExecKind Kind { get; }

    public StreamKey Key { get; }

    public ExecRule Rule { get; }

    public ExecState State { get; private set; } = ExecState.Waiting;

    /// <summary>Whether it is to run no more, though there may be a process yet.</summary>
    public bool IsLeaving => !_isWanted;

    /// <summary>Whether it waits for room.</summary>
    public bool IsPutOff { get; private set; }

    /// <summary>Whether there is a process, or will be in a moment.</summary>
    public bool HasProcess => State is ExecState.Starting or ExecState.Running or ExecState.Ending;

    /// <summary>Starts it; there is room.</summary>
    public void Start()
    {
        Invariant.Holds(!HasProcess);
        State = ExecState.Starting;
        _startedMs = _server.Loop.NowMs;
        _why = "";
        _wasKilled = false;
        var counts = _table.CountsOf(Kind);
        counts.Running++;
        counts.Respawned += _isAgain ? 1 : 0;
        _process = _table.Programs.Start(
            _command, news => _server.Loop.Contain(this, () => Take(news)));
    }

    /// <summary>It is wanted no more.</summary>
    public void End(string why)
    {
        if (!_isWanted)
            return;
        _isWanted = false;
        _why = why;
        if (State is ExecState.Waiting or ExecState.Done)
            _table.Remove(this);
        else if (State == ExecState.Running)
            TellToEnd();
    }

    /// <summary>It is wanted again before it was gone: another one follows at once.</summary>
    public void Revive(ProgramCommand command, ExecOptions options)
    {
        Invariant.Holds(!_isWanted);
        _isWanted = true;
        _isAgain = false;
        _command = command;
        Reload(options);
    }

    /// <summary>Other options; what runs goes on.</summary>
    public void Reload(ExecOptions options)
    {
        if (options.RespawnTimeout != _options.RespawnTimeout
            || options.RespawnTimeoutMax != _options.RespawnTimeoutMax)
        {
            _backoff = BackoffOf(options);
        }
        _options = options;
    }

    /// <summary>Looks at its deadline.</summary>
    public void Check(long nowMs)
    {
        if (nowMs < _dueMs)
            return;
        if (State == ExecState.Ending)
            Kill();
        else if (State == ExecState.Waiting && Kind.IsKept())
            StartIfRoom();
    }

    /// <summary>Starts it, or tries again in a while.</summary>
    public void StartIfRoom()
    {
        State = ExecState.Waiting;
        if (!_table.MayStart(this))
            return;
        IsPutOff = !_table.HasRoom(Kind);
        if (!IsPutOff)
        {
            Start();
            return;
        }
        _table.TellFull(_command);
        _dueMs = _server.Loop.NowMs + RoomRetryMs;
    }

    /// <summary>The server stops: there is less time to end than was told.</summary>
    public void Hurry() => _dueMs = Math.Min(_dueMs, _server.Loop.NowMs + _table.PatienceMs);

    /// <summary>Ends it without a chance to tidy up.</summary>
    public void Kill()
    {
        if (!HasProcess)
            return;
        if (!_wasKilled && State == ExecState.Ending && _options.KillSignal != KillSignal.Kill)
        {
            Log.Warn(
                "{For:l}: {Program:l} does not end, and is killed", _command.For, _command.Name);
        }
        _wasKilled = true;
        _dueMs = _server.Loop.NowMs + KillAgainMs;
        if (State == ExecState.Running)
            State = ExecState.Ending;
        _process!.Signal(KillSignal.Kill);
    }

    /// <summary>A fault of ours with it ends it.</summary>
    public void OnFault(Exception fault)
    {
        Log.Error(fault, "{For:l}: a fault of ours", _command.For);
        End("a fault of ours");
    }

    private void Take(ProgramNews news)
    {
        Invariant.Holds(HasProcess);
        if (news.IsOver)
            TakeEnd(news);
        else
            TakeBeginning(news.ProcessId);
    }

    private void TakeBeginning(int processId)
    {
        _table.CountsOf(Kind).Started++;
        Log.Info(
            "{For:l}: {Program:l} ({Process}) has begun",
            _command.For, _command.Name, processId);
        State = ExecState.Running;
        if (!_isWanted || _wasKilled)
            TellToEnd();
    }

    private void TakeEnd(ProgramNews news)
    {
        var wasTold = State == ExecState.Ending;
        State = ExecState.Done;
        _process = null;
        var counts = _table.CountsOf(Kind);
        counts.Running--;
        if (news.ProcessId == 0 || (!wasTold && news.ExitCode != 0))
            counts.Failed++;
        var ranMs = _server.Loop.NowMs - _startedMs;
        LogEnd(news, ranMs);
        if (wasTold && _isWanted)
            StartIfRoom();                      // it was revived
        else if (!_isWanted || !Kind.IsKept())
            _table.Remove(this);
        else if (_options.Respawn)
            WaitForAnother(ranMs);
        _table.StartNext();
    }

    private void WaitForAnother(long ranMs)
    {
        if (ranMs >= ProvenMs)
            _backoff.Reset();
        var waitMs = _backoff.NextMs();
        _isAgain = true;
        State = ExecState.Waiting;
        _dueMs = _server.Loop.NowMs + waitMs;
        Log.Info(
            "{For:l}: {Program:l} is started again in {Seconds} s",
            _command.For, _command.Name, waitMs / 1000.0);
    }

    private void LogEnd(ProgramNews news, long ranMs)
    {
        if (news.ProcessId == 0)
        {
            Log.Warn(
                "{For:l}: {Program:l} cannot be started: {Why:l}",
                _command.For, _command.Arguments[0], news.Why);
            return;
        }
        Log.Info(
            "{For:l}: {Program:l} ({Process}) has ended after {Seconds} s, exit code {Code}{Why:l}",
            _command.For, _command.Name, news.ProcessId, ranMs / 1000.0, news.ExitCode,
            _why.Length == 0 ? "" : $": {_why}");
    }

    private void TellToEnd()
    {
        State = ExecState.Ending;
        _dueMs = _server.Loop.NowMs
            + Math.Min((long)_options.KillTimeout.TotalMilliseconds, _table.PatienceMs);
        _process!.Signal(_wasKilled ? KillSignal.Kill : _options.KillSignal);
    }

    private RelayBackoff BackoffOf(ExecOptions options) => new(
        options.RespawnTimeout, options.RespawnTimeoutMax, _server.Random);
}
