using System;
using System.Collections.Generic;
using Reactor.Server.Configuration.Schema;
using static Reactor.Server.Configuration.Schema.Applies;
using static Reactor.Server.Configuration.Schema.Units;

namespace Reactor.Server.Configuration;

/// <summary>
/// What holds for one live stream: <c>defaults</c>, overlaid by <c>apps.NAME</c>, overlaid by
/// <c>apps.NAME.streams.GLOB</c>.
/// </summary>
public sealed record StreamOptions
{
    public bool Live { get; init; } = true;
    public PublishOptions Publish { get; init; } = new();
    public PlayOptions Play { get; init; } = new();
    public AuthOptions Auth { get; init; } = new();
    public HooksOptions Hooks { get; init; } = new();
    public HlsOptions Hls { get; init; } = new();
    public IReadOnlyList<RecordOptions> Record { get; init; } = [];
    public VodOptions Vod { get; init; } = new();
    public IReadOnlyList<RelayRule> Push { get; init; } = [];
    public TimeSpan PushReconnect { get; init; } = TimeSpan.FromSeconds(3);
    public TimeSpan PushReconnectMax { get; init; } = TimeSpan.FromSeconds(30);
    public IReadOnlyList<RelayRule> Pull { get; init; } = [];
    public TimeSpan PullReconnect { get; init; } = TimeSpan.FromSeconds(3);
    public TimeSpan PullReconnectMax { get; init; } = TimeSpan.FromSeconds(30);
    public TimeSpan PullStopAfter { get; init; } = TimeSpan.FromSeconds(10);
    public TimeSpan PullTimeout { get; init; } = TimeSpan.FromSeconds(10);
    public IReadOnlyList<string> Origin { get; init; } = [];
    public RelayOptions Relay { get; init; } = new();
    public ExecOptions Exec { get; init; } = new();

    internal static readonly Section<StreamOptions> Keys = new(
        "What holds for every stream, unless its app says otherwise.")
    {
        { "live", Flag, New,
            o => o.Live, (o, v) => o with { Live = v },
            "Takes live streams; off refuses the app." },
        { "publish", PublishOptions.Keys, o => o.Publish, (o, v) => o with { Publish = v } },
        { "play", PlayOptions.Keys, o => o.Play, (o, v) => o with { Play = v } },
        { "auth", AuthOptions.Keys, o => o.Auth, (o, v) => o with { Auth = v } },
        { "hooks", HooksOptions.Keys, o => o.Hooks, (o, v) => o with { Hooks = v } },
        { "hls", HlsOptions.Keys, o => o.Hls, (o, v) => o with { Hls = v } },
        new ItemsKey<StreamOptions, RecordOptions>("record", RecordOptions.Keys, "record", new(),
            o => o.Record, (o, v) => o with { Record = v },
            "Recorders; a word alone is what is recorded: \"all\"."),
        { "vod", VodOptions.Keys, o => o.Vod, (o, v) => o with { Vod = v } },
        { "push", PushRules, Applies.Live,
            o => o.Push, (o, v) => o with { Push = v },
            "Where each stream is pushed to while it is published." },
        { "push_reconnect", Duration("1s", "1h"), New,
            o => o.PushReconnect, (o, v) => o with { PushReconnect = v },
            "When a push that failed tries again; each failure doubles it." },
        { "push_reconnect_max", Duration("1s", "1h"), New,
            o => o.PushReconnectMax, (o, v) => o with { PushReconnectMax = v },
            "The longest that it waits." },
        { "pull", PullRules, Applies.Live,
            o => o.Pull, (o, v) => o with { Pull = v },
            "Where a stream that nobody publishes is pulled from while somebody watches." },
        { "pull_reconnect", Duration("1s", "1h"), New,
            o => o.PullReconnect, (o, v) => o with { PullReconnect = v },
            "When a pull that failed tries again; each failure doubles it." },
        { "pull_reconnect_max", Duration("1s", "1h"), New,
            o => o.PullReconnectMax, (o, v) => o with { PullReconnectMax = v },
            "The longest that it waits." },
        { "pull_stop_after", Duration("0s", "1d"), Applies.Live,
            o => o.PullStopAfter, (o, v) => o with { PullStopAfter = v },
            "How long a pull goes on after its last player has left." },
        { "pull_timeout", Duration("1s", "1h"), New,
            o => o.PullTimeout, (o, v) => o with { PullTimeout = v },
            "A pull that gets no media for so long connects anew." },
        { "origin", Texts, Applies.Live,
            o => o.Origin, (o, v) => o with { Origin = v },
            "Servers, as host or host:port, that this edge pulls from and publishes to." },
        { "relay", RelayOptions.Keys, o => o.Relay, (o, v) => o with { Relay = v } },
        { "exec", ExecOptions.Keys, o => o.Exec, (o, v) => o with { Exec = v } },
    };
}
