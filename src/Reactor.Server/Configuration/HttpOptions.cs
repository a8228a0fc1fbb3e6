using System;
using System.Collections.Generic;
using Reactor.Primitives;
using Reactor.Server.Configuration.Schema;
using static Reactor.Server.Configuration.Schema.Applies;
using static Reactor.Server.Configuration.Schema.Units;

namespace Reactor.Server.Configuration;

/// <summary>The HTTP listeners and what is served on them: section <c>http</c>.</summary>
public sealed record HttpOptions
{
    public IReadOnlyList<HttpListen> Listen { get; init; } =
    [
        On("[::]:7001", HttpRole.Flv, HttpRole.Player),
        On("[::]:7002", HttpRole.Hls),
        On("127.0.0.1:8090", HttpRole.Control, HttpRole.Console, HttpRole.Metrics),
    ];

    public TimeSpan Keepalive { get; init; } = TimeSpan.FromSeconds(30);
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(10);
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromSeconds(30);
    public int MaxHeader { get; init; } = 16 * Kilo;
    public int MaxHeaders { get; init; } = 64;
    public int MaxUrl { get; init; } = 4 * Kilo;
    public int MaxPipelined { get; init; } = 16;
    public int MaxBody { get; init; } = 1 * Mega;
    public CorsOptions Cors { get; init; } = new();
    public bool CrossdomainXml { get; init; } = true;
    public bool ProxyProtocol { get; init; }
    public IReadOnlyList<AddressRange> TrustedProxies { get; init; } = [];
    public string RealIpHeader { get; init; } = "X-Forwarded-For";
    public FlvOptions Flv { get; init; } = new();
    public WsFlvOptions WsFlv { get; init; } = new();
    public StaticOptions Static { get; init; } = new();

    internal static readonly Section<HttpOptions> Keys = new(
        "HTTP: the listeners, and what is served on them.")
    {
        new ItemsKey<HttpOptions, HttpListen>("listen", HttpListen.Keys, "address", new(),
            o => o.Listen, (o, v) => o with { Listen = v },
            "Listeners and what each serves: flv, hls, player, control, console, metrics, all. "
                + "An address alone serves all; [] for none."),
        { "keepalive", Duration("0s", "1h"), Live,
            o => o.Keepalive, (o, v) => o with { Keepalive = v },
            "How long an idle connection is kept for another request." },
        { "header_timeout", Duration("1s", "1h"), Live,
            o => o.HeaderTimeout, (o, v) => o with { HeaderTimeout = v },
            "The head of a request must be there by then." },
        { "body_timeout", Duration("1s", "1h"), Live,
            o => o.BodyTimeout, (o, v) => o with { BodyTimeout = v },
            "The body of a request must be there by then." },
        { "max_header", Size(1 * Kilo, 1 * Mega), New,
            o => o.MaxHeader, (o, v) => o with { MaxHeader = v },
            "Bytes of a request's head." },
        { "max_headers", Count(8, 1000), New,
            o => o.MaxHeaders, (o, v) => o with { MaxHeaders = v },
            "Headers of a request." },
        { "max_url", Size(256, 64 * Kilo), New,
            o => o.MaxUrl, (o, v) => o with { MaxUrl = v },
            "Bytes of a request's path and query." },
        { "max_pipelined", Count(1, 1000), Live,
            o => o.MaxPipelined, (o, v) => o with { MaxPipelined = v },
            "Requests of a connection that are answered in one turn." },
        { "max_body", Size(0, PacketPool.CapacityMax), New,
            o => o.MaxBody, (o, v) => o with { MaxBody = v },
            "Bytes of a request's body." },
        { "cors", CorsOptions.Keys, o => o.Cors, (o, v) => o with { Cors = v } },
        { "crossdomain_xml", Flag, New,
            o => o.CrossdomainXml, (o, v) => o with { CrossdomainXml = v },
            "Answers crossdomain.xml, which Flash players ask for." },
        { "proxy_protocol", Flag, New,
            o => o.ProxyProtocol, (o, v) => o with { ProxyProtocol = v },
            "Trusted proxies begin a connection with a PROXY header (v1 or v2)." },
        { "trusted_proxies", Ranges, New,
            o => o.TrustedProxies, (o, v) => o with { TrustedProxies = v },
            "Addresses and networks (10.0.0.0/8) that may speak for their clients." },
        { "real_ip_header", Text, New,
            o => o.RealIpHeader, (o, v) => o with { RealIpHeader = v },
            "Where trusted proxies name their client; empty for nowhere." },
        { "flv", FlvOptions.Keys, o => o.Flv, (o, v) => o with { Flv = v } },
        { "ws_flv", WsFlvOptions.Keys, o => o.WsFlv, (o, v) => o with { WsFlv = v } },
        { "static", StaticOptions.Keys, o => o.Static, (o, v) => o with { Static = v } },
    };

    private static HttpListen On(string address, params HttpRole[] roles) =>
        new() { Address = ListenAddress.Parse(address), Serve = roles };
}
