using System.Collections.Generic;
using Reactor.Server.Configuration.Schema;

namespace Reactor.Server.Configuration;

/// <summary>An application of section <c>apps</c>, or a stream of its <c>streams</c>.</summary>
/// <param name="Pattern">The key: a name, or a glob.</param>
/// <param name="Options">What holds there, all that is inherited included.</param>
/// <param name="Streams">The streams that differ; empty for a stream.</param>
public sealed record AppRule(string Pattern, StreamOptions Options, IReadOnlyList<AppRule> Streams)
{
    private static readonly Section<AppRule> StreamKeys = new("A stream.")
    {
        { StreamOptions.Keys, o => o.Options, (o, v) => o with { Options = v } },
    };

    private static readonly Section<AppRule> AppKeys = new("An app.")
    {
        { StreamOptions.Keys, o => o.Options, (o, v) => o with { Options = v } },
        new RulesKey<AppRule>("streams", "", StreamKeys,
            (app, name) => new AppRule(name, app.Options, []),
            app => app.Streams, (app, rules) => app with { Streams = rules },
            "Streams that differ from their app, by name or glob."),
    };

    internal static readonly RulesKey<ServerOptions> Apps = new("apps", "defaults", AppKeys,
        (server, name) => new AppRule(name, server.Defaults, []),
        server => server.Apps?.Rules, (server, rules) => server with { Apps = new AppTable(rules) },
        "Apps by name, path prefix or glob. Without this key every app is taken; with it, "
            + "only those named, so end with \"*\": {} to take the rest.");
}
