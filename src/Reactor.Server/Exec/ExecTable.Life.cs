using System.Collections.Generic;
using System.Linq;
using Reactor.Server.Configuration;
using Reactor.Streaming;

namespace Reactor.Server.Exec;

/// <summary>Other options while programs run, and their end with the server.</summary>
internal sealed partial class ExecTable
{
    /// <summary>How long programs that were told to end at last may take.</summary>
    private const int LastMs = 300;

    private long _patienceMs = int.MaxValue;
    private long _onceUntilMs;
    private bool _isOver;

    /// <summary>How long a program may take at most to end.</summary>
    public long PatienceMs => _isOver ? LastMs : _patienceMs;

    /// <summary>Other options: what runs for streams begins and ends at once (A2).</summary>
    public void Reload()
    {
        foreach (var program in _programs.ToArray())
        {
            var options = program.Kind == ExecKind.Static ? StaticOptions : OptionsOf(program.Key);
            if (options is not null)
                program.Reload(options);
        }
        ReloadKept(ExecKind.Static, default, _server.Options.ExecStatic, StaticOptions,
            new ExecFields("", ""));
        foreach (var key in _watched.Keys.ToArray())
            ReloadPull(key);
        foreach (var stream in _server.Hub.Streams.ToArray())
        {
            if (!stream.IsPublished)
                Want(stream);
            else if (OptionsOf(stream.Key) is { } options)
                ReloadPushes(stream, options);
        }
    }

    /// <summary>
    /// The server stops. What runs for streams is told to end; what was started once has as long as
    /// peers have, and so has what recordings bring about that are completed now.
    /// </summary>
    public void Stop(long drainMs)
    {
        if (_isStopped)
            return;
        _isStopped = true;
        _patienceMs = drainMs;
        _onceUntilMs = _server.Loop.NowMs + drainMs;
        _watched.Clear();
        foreach (var program in _programs.ToArray())
        {
            if (program.Kind.IsKept())
                program.End("the server stops");
            program.Hurry();
        }
    }

    /// <summary>Ends all that is left, at once.</summary>
    public void StopNow()
    {
        _server.Hub.Changed -= _changed;
        _published.Clear();
        EndEvents();
        foreach (var program in _programs.ToArray())
            program.Kill();
    }

    private void CheckStop(long nowMs)
    {
        if (_isStopped && !_isOver && nowMs >= _onceUntilMs)
            EndEvents();
    }

    private void EndEvents()
    {
        if (_isOver)
            return;
        _isOver = true;
        DropWaiting();
        foreach (var program in _programs.ToArray())
        {
            program.End("the server stops");
            program.Hurry();
        }
    }

    private void ReloadPushes(LiveStream stream, ExecOptions options)
    {
        if (Hears(stream, options) && !_published.ContainsKey(stream.Key))
        {
            _published[stream.Key] =
                (_server.Hooks.PublisherOf(stream), stream.PublishedSinceMs);
        }
        if (_published.TryGetValue(stream.Key, out var it))
        {
            ReloadKept(ExecKind.Push, stream.Key, options.ExecPush, options,
                ExecFields.Of(it.Publisher));
        }
    }

    private void ReloadPull(StreamKey key)
    {
        var options = _server.Options.Resolve(key);
        if (options is null or { Exec.ExecPull.Count: 0 })
        {
            EndPull(key, "it is not configured any more");
            return;
        }
        var watched = _watched[key];
        watched.StopAfterMs = options.PullStopAfter.TotalMilliseconds;
        ReloadKept(ExecKind.Pull, key, options.Exec.ExecPull, options.Exec,
            ExecFields.Of(key, watched.Parameters));
    }

    /// <summary>What is in both lists goes on.</summary>
    private void ReloadKept(
        ExecKind kind,
        StreamKey key,
        IReadOnlyList<ExecRule> rules,
        ExecOptions options,
        ExecFields fields)
    {
        var wanted = rules.ToList();
        foreach (var program in _programs.ToArray())
        {
            if (program.Kind != kind || program.Key != key || program.IsLeaving)
                continue;
            if (!wanted.Remove(program.Rule))
                program.End("it is not configured any more");
        }
        foreach (var rule in wanted)
            Keep(kind, key, rule, fields, options);
    }
}
