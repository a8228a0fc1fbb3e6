using System.Collections.Generic;
using Reactor.Server.Configuration.Schema;
using static Reactor.Server.Configuration.Schema.Applies;
using static Reactor.Server.Configuration.Schema.Units;

namespace Reactor.Server.Configuration;

/// <summary>RTMP over TLS: section <c>rtmps</c>.</summary>
public sealed record RtmpsOptions
{
    public IReadOnlyList<ListenAddress> Listen { get; init; } = [];
    public string Cert { get; init; } = "server.crt";
    public string Key { get; init; } = "server.key";

    internal static readonly Section<RtmpsOptions> Keys = new(
        "RTMP over TLS: rtmps:// for publishers and players.")
    {
        { "listen", Addresses, Restart,
            o => o.Listen, (o, v) => o with { Listen = v },
            "Where to listen; none by default. 443 and 1936 are usual." },
        { "cert", Text, Restart,
            o => o.Cert, (o, v) => o with { Cert = v },
            "The certificate in PEM, and behind it those that vouch for it." },
        { "key", Text, Restart,
            o => o.Key, (o, v) => o with { Key = v },
            "Its key in PEM, without a password." },
    };
}
