using System.Collections.Generic;
using Reactor.Server.Configuration.Schema;

namespace Reactor.Server.Configuration;

/// <summary>HTTP over TLS: section <c>https</c>; what else holds is in <c>http</c>.</summary>
public sealed record HttpsOptions : TlsOptions
{
    public HttpsOptions() => Alpn = ["http/1.1"];

    public IReadOnlyList<HttpListen> Listen { get; init; } = [];

    internal static readonly Section<HttpsOptions> Keys = new(
        "HTTP over TLS: everything that http serves.")
    {
        new ItemsKey<HttpsOptions, HttpListen>("listen", HttpListen.Keys, "address", new(),
            o => o.Listen, (o, v) => o with { Listen = v },
            "Listeners and what each serves, as in http.listen; none by default. Proxies of "
                + "http.trusted_proxies may send a PROXY header before TLS begins."),
        Rows<HttpsOptions>(),
    };
}
