using System.Collections.Generic;
using Reactor.Server.Configuration.Schema;
using static Reactor.Server.Configuration.Schema.Applies;
using static Reactor.Server.Configuration.Schema.Units;

namespace Reactor.Server.Configuration;

/// <summary>What an HTTP listener is for.</summary>
public enum HttpRole
{
    /// <summary>HTTP-FLV and WebSocket-FLV, and files.</summary>
    Flv,

    /// <summary>Playlists and segments, and files.</summary>
    Hls,

    /// <summary>The page to watch in.</summary>
    Player,

    /// <summary>The control API.</summary>
    Control,

    /// <summary>The page to operate with.</summary>
    Console,

    /// <summary>Figures for Prometheus.</summary>
    Metrics,

    /// <summary>Everything.</summary>
    All,
}

/// <summary>An item of <c>http.listen</c>: an address, and what is served there.</summary>
public sealed record HttpListen
{
    public ListenAddress Address { get; init; } = ListenAddress.Parse("0");
    public IReadOnlyList<HttpRole> Serve { get; init; } = [HttpRole.All];

    internal static readonly Section<HttpListen> Keys = new("A listener.")
    {
        { "address", Units.Address, Restart,
            o => o.Address, (o, v) => o with { Address = v },
            "Where it listens." },
        { "serve", Choices<HttpRole>(), Restart,
            o => o.Serve, (o, v) => o with { Serve = v },
            "What is served there." },
    };
}
