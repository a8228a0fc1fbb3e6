using System.Collections.Generic;
using Reactor.Server.Configuration.Schema;
using Reactor.Streaming;
using static Reactor.Server.Configuration.Schema.Applies;
using static Reactor.Server.Configuration.Schema.Units;

namespace Reactor.Server.Configuration;

/// <summary>All that <c>reactor.json</c>, the environment and the command line decide.</summary>
/// <remarks>
/// Immutable. A key of the file in PascalCase is the property: <c>rtmp.chunk_size</c> is
/// <c>Rtmp.ChunkSize</c>. The initial values are the defaults.
/// </remarks>
public sealed record ServerOptions
{
    /// <summary>Globs of further files; empty again once they are read.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    public string ServerId { get; init; } = "";
    public ReactorOptions Reactor { get; init; } = new();
    public ProcessOptions Process { get; init; } = new();
    public LogOptions Log { get; init; } = new();
    public LimitsOptions Limits { get; init; } = new();
    public RtmpOptions Rtmp { get; init; } = new();
    public RtmpsOptions Rtmps { get; init; } = new();
    public HttpOptions Http { get; init; } = new();
    public HttpsOptions Https { get; init; } = new();
    public ApiOptions Api { get; init; } = new();
    public MetricsOptions Metrics { get; init; } = new();
    public RoomsOptions Rooms { get; init; } = new();
    public ClusterOptions Cluster { get; init; } = new();
    public StreamOptions Defaults { get; init; } = new();

    /// <summary>Programs that run as long as the server.</summary>
    public IReadOnlyList<ExecRule> ExecStatic { get; init; } = [];

    /// <summary>The applications that are configured; null allows every one.</summary>
    public AppTable? Apps { get; init; }

    /// <summary>What holds for a stream.</summary>
    /// <returns>Null when the application is not configured: it is to be refused (S4.9).</returns>
    public StreamOptions? Resolve(string app, string stream)
        => Apps is null ? Defaults : Apps.Resolve(app, stream);

    /// <summary>The same, by the stream's key.</summary>
    public StreamOptions? Resolve(StreamKey key) => Resolve(key.App, key.Name);

    /// <summary>What may hold for some stream: the defaults, each app's, each stream's.</summary>
    public IEnumerable<StreamOptions> AllOfStreams()
    {
        yield return Defaults;
        foreach (var app in Apps?.Rules ?? [])
        {
            yield return app.Options;
            foreach (var stream in app.Streams)
                yield return stream.Options;
        }
    }

    internal static readonly Section<ServerOptions> Keys = new(
        "Reactor, a live-streaming server. Every key is optional; these are the defaults.")
    {
        { "include", Texts, Live,
            o => o.Include, (o, v) => o with { Include = v },
            "More files beside this one, as globs; the later wins." },
        { "server_id", Text, Restart,
            o => o.ServerId, (o, v) => o with { ServerId = v },
            "The name of this server; empty for host name and a random word." },
        { "reactor", ReactorOptions.Keys, o => o.Reactor, (o, v) => o with { Reactor = v } },
        { "process", ProcessOptions.Keys, o => o.Process, (o, v) => o with { Process = v } },
        { "log", LogOptions.Keys, o => o.Log, (o, v) => o with { Log = v } },
        { "limits", LimitsOptions.Keys, o => o.Limits, (o, v) => o with { Limits = v } },
        { "rtmp", RtmpOptions.Keys, o => o.Rtmp, (o, v) => o with { Rtmp = v } },
        { "rtmps", RtmpsOptions.Keys, o => o.Rtmps, (o, v) => o with { Rtmps = v } },
        { "http", HttpOptions.Keys, o => o.Http, (o, v) => o with { Http = v } },
        { "https", HttpsOptions.Keys, o => o.Https, (o, v) => o with { Https = v } },
        { "api", ApiOptions.Keys, o => o.Api, (o, v) => o with { Api = v } },
        { "metrics", MetricsOptions.Keys, o => o.Metrics, (o, v) => o with { Metrics = v } },
        { "rooms", RoomsOptions.Keys, o => o.Rooms, (o, v) => o with { Rooms = v } },
        { "cluster", ClusterOptions.Keys, o => o.Cluster, (o, v) => o with { Cluster = v } },
        { "defaults", StreamOptions.Keys, o => o.Defaults, (o, v) => o with { Defaults = v } },
        { "exec_static", ExecRules, Live,
            o => o.ExecStatic, (o, v) => o with { ExecStatic = v },
            "Programs that run as long as the server; defaults.exec says how they end." },
        AppRule.Apps,
    };
}
