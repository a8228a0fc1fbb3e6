using System.Collections.Generic;
using Reactor.Server.Configuration.Schema;
using static Reactor.Server.Configuration.Schema.Applies;
using static Reactor.Server.Configuration.Schema.Units;

namespace Reactor.Server.Configuration;

/// <summary>RTMP over TLS: section <c>rtmps</c>; what else holds is in <c>rtmp</c>.</summary>
public sealed record RtmpsOptions : TlsOptions
{
    public IReadOnlyList<ListenAddress> Listen { get; init; } = [];

    internal static readonly Section<RtmpsOptions> Keys = new(
        "RTMP over TLS: rtmps:// for publishers and players.")
    {
        { "listen", Addresses, Restart,
            o => o.Listen, (o, v) => o with { Listen = v },
            "Where to listen; none by default. 443 and 1936 are usual. Proxies of "
                + "rtmp.trusted_proxies may send a PROXY header before TLS begins." },
        Rows<RtmpsOptions>(),
    };
}
