using System.Collections.Generic;
using Reactor.Server.Configuration.Schema;
using static Reactor.Server.Configuration.Schema.Applies;
using static Reactor.Server.Configuration.Schema.Units;

namespace Reactor.Server.Configuration;

/// <summary>Which pages of other origins may read answers: section <c>http.cors</c>.</summary>
public sealed record CorsOptions
{
    public bool Enabled { get; init; } = true;
    public IReadOnlyList<string> Origins { get; init; } = ["*"];

    internal static readonly Section<CorsOptions> Keys = new(
        "Which pages of other origins may play; the control API never answers them.")
    {
        { "enabled", Flag, New,
            o => o.Enabled, (o, v) => o with { Enabled = v },
            "Answers them at all." },
        { "origins", Texts, New,
            o => o.Origins, (o, v) => o with { Origins = v },
            "Their origins (https://example.com), or *." },
    };
}
