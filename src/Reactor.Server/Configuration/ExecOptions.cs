using System;
using System.Collections.Generic;
using Reactor.Server.Configuration.Schema;
using static Reactor.Server.Configuration.Schema.Applies;
using static Reactor.Server.Configuration.Schema.Units;

namespace Reactor.Server.Configuration;

/// <summary>Programs that are started for a stream: section <c>exec</c>.</summary>
public sealed record ExecOptions
{
    public IReadOnlyList<ExecRule> ExecPush { get; init; } = [];
    public IReadOnlyList<ExecRule> ExecPull { get; init; } = [];
    public IReadOnlyList<ExecRule> ExecPublish { get; init; } = [];
    public IReadOnlyList<ExecRule> ExecPublishDone { get; init; } = [];
    public IReadOnlyList<ExecRule> ExecPlay { get; init; } = [];
    public IReadOnlyList<ExecRule> ExecPlayDone { get; init; } = [];
    public IReadOnlyList<ExecRule> ExecRecordDone { get; init; } = [];
    public bool Respawn { get; init; } = true;
    public TimeSpan RespawnTimeout { get; init; } = TimeSpan.FromSeconds(5);
    public TimeSpan RespawnTimeoutMax { get; init; } = TimeSpan.FromSeconds(60);
    public KillSignal KillSignal { get; init; } = KillSignal.Term;
    public TimeSpan KillTimeout { get; init; } = TimeSpan.FromSeconds(5);

    internal static readonly Section<ExecOptions> Keys = new(
        "Programs that are started for a stream, each a list of arguments or a line; no shell. "
            + "{app}, {stream}, {query.NAME}, {addr} and more are filled in.")
    {
        { "exec_push", ExecRules, Live,
            o => o.ExecPush, (o, v) => o with { ExecPush = v },
            "They run while a stream is published." },
        { "exec_pull", ExecRules, Live,
            o => o.ExecPull, (o, v) => o with { ExecPull = v },
            "They run while somebody watches what nobody else publishes, and publish it here; "
                + "pull_stop_after says for how long behind the last player." },
        { "exec_publish", ExecRules, Live,
            o => o.ExecPublish, (o, v) => o with { ExecPublish = v },
            "Started once when a publisher begins." },
        { "exec_publish_done", ExecRules, Live,
            o => o.ExecPublishDone, (o, v) => o with { ExecPublishDone = v },
            "Started once when a publisher has ended." },
        { "exec_play", ExecRules, Live,
            o => o.ExecPlay, (o, v) => o with { ExecPlay = v },
            "Started once for each player that begins." },
        { "exec_play_done", ExecRules, Live,
            o => o.ExecPlayDone, (o, v) => o with { ExecPlayDone = v },
            "Started once for each player that has ended." },
        { "exec_record_done", ExecRules, Live,
            o => o.ExecRecordDone, (o, v) => o with { ExecRecordDone = v },
            "Started once for each recording that is complete; {path} is its file." },
        { "respawn", Flag, Live,
            o => o.Respawn, (o, v) => o with { Respawn = v },
            "What ends by itself, though it is to run, is started again." },
        { "respawn_timeout", Duration("100ms", "1h"), Live,
            o => o.RespawnTimeout, (o, v) => o with { RespawnTimeout = v },
            "When; each time doubles it, until one has run for 10 s." },
        { "respawn_timeout_max", Duration("100ms", "1d"), Live,
            o => o.RespawnTimeoutMax, (o, v) => o with { RespawnTimeoutMax = v },
            "The longest that it waits." },
        { "kill_signal", new ChoiceUnit<KillSignal>(["TERM", "INT", "QUIT", "KILL"]), Live,
            o => o.KillSignal, (o, v) => o with { KillSignal = v },
            "What a program is sent that is to end." },
        { "kill_timeout", Duration("0s", "1m"), Live,
            o => o.KillTimeout, (o, v) => o with { KillTimeout = v },
            "What has not ended by then is killed." },
    };
}
