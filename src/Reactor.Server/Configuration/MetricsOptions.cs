using Reactor.Server.Configuration.Schema;
using static Reactor.Server.Configuration.Schema.Applies;
using static Reactor.Server.Configuration.Schema.Units;

namespace Reactor.Server.Configuration;

/// <summary>Figures for Prometheus: section <c>metrics</c>.</summary>
public sealed record MetricsOptions
{
    public bool PerStream { get; init; } = true;

    internal static readonly Section<MetricsOptions> Keys = new(
        "Figures for Prometheus, at /metrics of listeners that serve metrics; api says to whom.")
    {
        { "per_stream", Flag, Live,
            o => o.PerStream, (o, v) => o with { PerStream = v },
            "Figures of each stream too: as many time series more." },
    };
}
