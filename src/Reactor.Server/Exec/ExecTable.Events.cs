using System.Collections.Generic;
using Reactor.Server.Hooks;
using Reactor.Streaming;

namespace Reactor.Server.Exec;

/// <summary>Programs that are started once, because something has happened.</summary>
/// <remarks>
/// Where there is no room they wait, a bounded number of them, and what publishers and recordings
/// bring about goes before what players do.
/// </remarks>
internal sealed partial class ExecTable
{
    private const int QuietMs = 1000;

    private readonly Queue<ExecProgram> _waiting = new();
    private readonly Queue<ExecProgram> _waitingByPlayers = new();
    private long _quietUntilMs;

    /// <summary>Whether anything is started when that happens to a stream.</summary>
    public bool Hears(ExecKind kind, StreamKey key) =>
        OptionsOf(key) is { } options && kind.RulesOf(options).Count > 0;

    /// <summary>Something has happened.</summary>
    /// <param name="kind">What.</param>
    /// <param name="it">To whom, as a hook would be told.</param>
    public void Tell(ExecKind kind, HookEvent it)
    {
        if (OptionsOf(it.Key) is not { } options)
            return;
        foreach (var rule in kind.RulesOf(options))
        {
            if (CommandOf(kind, it.Key, rule, ExecFields.Of(it)) is not { } command)
                continue;
            var program = new ExecProgram(this, _server, kind, it.Key, rule, command, options);
            Enqueue(program, command);
        }
        StartNext();
    }

    /// <summary>Starts what has waited longest, while there is room.</summary>
    public void StartNext()
    {
        for (var i = 0; i < _programs.Count; i++)
        {
            if (_programs[i] is { IsPutOff: true, State: ExecState.Waiting } kept
                && HasRoom(kept.Kind))
            {
                kept.StartIfRoom();
            }
        }
        StartFrom(_waiting);
        StartFrom(_waitingByPlayers);
    }

    /// <summary>A limit has struck; not more than a line a second says so.</summary>
    public void TellFull(ProgramCommand command)
    {
        _server.Struck.Add(Limit.MaxProcesses);
        Complain($"{command.For}: {command.Name} waits, for {Running} programs run");
    }

    private void Enqueue(ExecProgram program, ProgramCommand command)
    {
        var queue = program.Kind.IsByPlayers() ? _waitingByPlayers : _waiting;
        if (queue.Count > 0 || !HasRoom(program.Kind))
            _server.Struck.Add(Limit.MaxProcesses);
        if (queue.Count >= WaitingMax || _isOver)
        {
            CountsOf(program.Kind).Failed++;
            Complain($"{command.For}: {command.Name} is not started, for {queue.Count} wait");
            return;
        }
        queue.Enqueue(program);
        _programs.Add(program);
    }

    private void StartFrom(Queue<ExecProgram> queue)
    {
        while (queue.TryPeek(out var program) && HasRoom(program.Kind))
            queue.Dequeue().Start();
    }

    private void DropWaiting()
    {
        if (_waiting.Count + _waitingByPlayers.Count > 0)
        {
            Log.Warn(
                "{Programs} programs that waited for room are not started any more",
                _waiting.Count + _waitingByPlayers.Count);
        }
        foreach (var queue in (Queue<ExecProgram>[])[_waiting, _waitingByPlayers])
        {
            while (queue.TryDequeue(out var program))
                program.End("the server stops");
        }
    }

    private void Complain(string why)
    {
        if (_server.Loop.NowMs < _quietUntilMs)
            return;
        _quietUntilMs = _server.Loop.NowMs + QuietMs;
        Log.Warn("{Why:l}", why);
    }
}
