using System;
using System.Collections.Generic;
using System.Linq;
using NLog;
using Reactor.Protocol;
using Reactor.Server.Configuration;
using Reactor.Server.Hooks;
using Reactor.Streaming;
using Reactor.Transport;

namespace Reactor.Server.Exec;

/// <summary>All programs that the server starts: which there are, and why.</summary>
/// <remarks>
/// Invariants: a program of a stream is wanted exactly while its stream is as it says: published
/// for a push, watched for a pull; no more have a process than <c>limits.max_processes</c>, and
/// half of those because of players; after the stop there is none.
/// </remarks>
internal sealed partial class ExecTable : IDisposable
{
    /// <summary>
    /// Programs that wait for room because something has happened, and as many because of players;
    /// what comes beyond is not started.
    /// </summary>
    public const int WaitingMax = 1024;

    private static readonly Logger Log = LogManager.GetLogger("exec");

    private static readonly LentCall<ExecTable, ExecProgram> CheckOne =
        (ExecTable table, in ExecProgram program) => program.Check(table._server.Loop.NowMs);

    private readonly ReactorServer _server;
    private readonly Action<LiveStream, StreamChange> _changed;
    private readonly ExecCounts[] _counts =
        [.. ExecKinds.All.Select(_ => new ExecCounts())];

    private readonly List<ExecProgram> _programs = [];
    private readonly List<ExecProgram> _checked = [];
    private readonly Dictionary<StreamKey, (HookEvent Publisher, long SinceMs)> _published = [];
    private readonly Dictionary<StreamKey, Watched> _watched = [];
    private readonly List<StreamKey> _forgotten = [];
    private bool _isStopped;

    public ExecTable(ReactorServer server, IPrograms programs)
    {
        _server = server;
        Programs = programs;
        server.Hub.Changed += _changed = server.Contained(OnChanged);
    }

    public IPrograms Programs { get; }

    /// <summary>Programs that are wanted, or have a process yet.</summary>
    public int Count => _programs.Count;

    /// <summary>Programs that have a process, or will have in a moment.</summary>
    public int Running => _counts.Sum(counts => counts.Running);

    public ExecCounts CountsOf(ExecKind kind) => _counts[(int)kind];

    /// <summary>Whether programs fetch a stream while somebody watches it.</summary>
    public bool IsOnDemand(StreamKey key) => _watched.ContainsKey(key);

    /// <summary>Begins what runs as long as the server.</summary>
    public void Start()
    {
        foreach (var rule in _server.Options.ExecStatic)
            Keep(ExecKind.Static, default, rule, new ExecFields("", ""), StaticOptions);
    }

    /// <summary>Whether one more of its kind may run.</summary>
    public bool HasRoom(ExecKind kind)
    {
        var max = _server.Options.Limits.MaxProcesses;
        if (max == 0)
            return true;
        var byPlayers = 0;
        foreach (var each in ExecKinds.All)
            byPlayers += each.IsByPlayers() ? CountsOf(each).Running : 0;
        return Running < max && (!kind.IsByPlayers() || byPlayers < Math.Max(1, max / 2));
    }

    /// <summary>Whether it is time for a program that waits.</summary>
    /// <remarks>Not while another one publishes what it would.</remarks>
    public bool MayStart(ExecProgram program) => !_isStopped && !_server.IsQuitting
        && (program.Kind != ExecKind.Pull
            || _server.Hub.Find(program.Key) is not { IsPublished: true });

    /// <summary>Looks at every deadline.</summary>
    public void Check(long nowMs)
    {
        _checked.AddRange(_programs);           // a copy, for a check may end its program
        foreach (var program in _checked)
            _server.Loop.Contain(program, this, program, CheckOne);
        _checked.Clear();
        foreach (var (key, watched) in _watched)
        {
            if (_server.Hub.Find(key) is { AudienceCount: > 0 })
                watched.SeenMs = nowMs;
            else if (nowMs - watched.SeenMs >= watched.StopAfterMs)
                _forgotten.Add(key);
        }
        foreach (var key in _forgotten)
            EndPull(key, "nobody watches");
        _forgotten.Clear();
        CheckStop(nowMs);
    }

    /// <summary>It is neither wanted, nor is there a process.</summary>
    public void Remove(ExecProgram program) => _programs.Remove(program);

    public void Dispose() => Programs.Dispose();

    private ExecOptions StaticOptions => _server.Options.Defaults.Exec;

    private void OnChanged(LiveStream stream, StreamChange change)
    {
        switch (change)
        {
            case StreamChange.Published:
                OnPublished(stream);
                break;
            case StreamChange.Unpublished:
                OnUnpublished(stream);
                break;
            case StreamChange.Joined:
                Want(stream);
                break;
        }
    }

    private void OnPublished(LiveStream stream)
    {
        if (_isStopped || OptionsOf(stream.Key) is not { } options || !Hears(stream, options))
            return;
        var publisher = _server.Hooks.PublisherOf(stream);
        _published[stream.Key] = (publisher, _server.Loop.NowMs);
        Tell(ExecKind.Publish, publisher);
        var fields = ExecFields.Of(publisher);
        foreach (var rule in options.ExecPush)
            Keep(ExecKind.Push, stream.Key, rule, fields, options);
    }

    private void OnUnpublished(LiveStream stream)
    {
        EndAll(ExecKind.Push, stream.Key, "the publisher left");
        if (_published.Remove(stream.Key, out var it))
        {
            Tell(ExecKind.PublishDone, it.Publisher with
            {
                Seconds = (_server.Loop.NowMs - it.SinceMs) / 1000,
            });
        }
        Want(stream);
    }

    /// <summary>Somebody watches what nobody publishes: it is fetched, if it is known how.
    /// </summary>
    private void Want(LiveStream stream)
    {
        var key = stream.Key;
        if (_isStopped || _server.IsQuitting || stream.IsPublished || stream.AudienceCount == 0
            || _server.Options.Resolve(key) is not { Exec.ExecPull.Count: > 0 } options
            || _watched.ContainsKey(key) || _server.Relays.IsPulled(key))
        {
            return;
        }
        QueryParameters? parameters = null;
        foreach (var subscriber in stream.Subscribers)
            parameters ??= subscriber.Parameters;
        _watched.Add(key, new Watched(parameters)
        {
            SeenMs = _server.Loop.NowMs,
            StopAfterMs = options.PullStopAfter.TotalMilliseconds,
        });
        foreach (var rule in options.Exec.ExecPull)
            Keep(ExecKind.Pull, key, rule, ExecFields.Of(key, parameters), options.Exec);
    }

    private void EndPull(StreamKey key, string why)
    {
        _watched.Remove(key);
        EndAll(ExecKind.Pull, key, why);
    }

    private void EndAll(ExecKind kind, StreamKey key, string why)
    {
        for (var i = _programs.Count - 1; i >= 0; i--)
        {
            if (_programs[i].Kind == kind && _programs[i].Key == key)
                _programs[i].End(why);
        }
    }

    /// <summary>A program runs from now on, until it is ended.</summary>
    private void Keep(
        ExecKind kind, StreamKey key, ExecRule rule, ExecFields fields, ExecOptions options)
    {
        if (CommandOf(kind, key, rule, fields) is not { } command)
            return;
        foreach (var each in _programs)
        {
            if (each.Kind != kind || each.Key != key || !each.IsLeaving || !each.Rule.Equals(rule))
                continue;
            each.Revive(command, options);      // it has yet to end: there are never two of it
            return;
        }
        var program = new ExecProgram(this, _server, kind, key, rule, command, options);
        _programs.Add(program);
        program.StartIfRoom();
    }

    /// <summary>What a rule amounts to; null, with a line in the log, where that is nothing.
    /// </summary>
    private ProgramCommand? CommandOf(
        ExecKind kind, StreamKey key, ExecRule rule, ExecFields fields)
    {
        var name = kind == ExecKind.Static ? "exec_static" : $"{key} exec_{kind.Word()}";
        if (ExecTemplate.TryFill(rule, fields, out var arguments, out var why))
            return new ProgramCommand(arguments, name);
        CountsOf(kind).Failed++;
        Complain($"{name}: {rule.Words[0]} is not started: {why}");
        return null;
    }

    private ExecOptions? OptionsOf(StreamKey key) => _server.Options.Resolve(key)?.Exec;

    /// <summary>Whether anything is started for who publishes it.</summary>
    /// <remarks>Of a cluster that is the affair of the server where it is published.</remarks>
    private bool Hears(LiveStream stream, ExecOptions options) =>
        options.ExecPush.Count + options.ExecPublish.Count + options.ExecPublishDone.Count > 0
        && !_server.Relays.IsWithin(stream.Key);

    /// <summary>A stream that programs fetch.</summary>
    /// <param name="parameters">What the first of those who watch said.</param>
    private sealed class Watched(QueryParameters? parameters)
    {
        public QueryParameters? Parameters => parameters;

        /// <summary>When somebody was last seen to watch.</summary>
        public long SeenMs { get; set; }

        /// <summary>How long they go on behind the last one.</summary>
        public double StopAfterMs { get; set; }
    }
}
