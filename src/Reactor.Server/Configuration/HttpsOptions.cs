using System.Collections.Generic;
using Reactor.Server.Configuration.Schema;
using static Reactor.Server.Configuration.Schema.Applies;
using static Reactor.Server.Configuration.Schema.Units;

namespace Reactor.Server.Configuration;

/// <summary>HTTP over TLS: section <c>https</c>; what else holds is in <c>http</c>.</summary>
public sealed record HttpsOptions
{
    public IReadOnlyList<HttpListen> Listen { get; init; } = [];
    public string Cert { get; init; } = "server.crt";
    public string Key { get; init; } = "server.key";

    internal static readonly Section<HttpsOptions> Keys = new(
        "HTTP over TLS: everything that http serves.")
    {
        new ItemsKey<HttpsOptions, HttpListen>("listen", HttpListen.Keys, "address", new(),
            o => o.Listen, (o, v) => o with { Listen = v },
            "Listeners and what each serves, as in http.listen; none by default."),
        { "cert", Text, Restart,
            o => o.Cert, (o, v) => o with { Cert = v },
            "The certificate in PEM, and behind it those that vouch for it." },
        { "key", Text, Restart,
            o => o.Key, (o, v) => o with { Key = v },
            "Its key in PEM, without a password." },
    };
}
