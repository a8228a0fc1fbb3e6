using System;
using Reactor.Server.Configuration.Schema;
using static Reactor.Server.Configuration.Schema.Applies;
using static Reactor.Server.Configuration.Schema.Units;

namespace Reactor.Server.Configuration;

/// <summary>Several servers that are one service: section <c>cluster</c>.</summary>
public sealed record ClusterOptions : RedisOptions
{
    private const int RedisPort = 6379;
    private const int RtmpPort = 1935;

    public HostPort? Redis { get; init; }
    public HostPort? Address { get; init; }
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(10);

    internal static readonly Section<ClusterOptions> Keys = new(
        "Servers that find each other's streams in Redis: who is asked for one that it has not, "
            + "pulls it from the one that has.")
    {
        { "redis", new OptionalHostPortUnit(RedisPort), Restart,
            o => o.Redis, (o, v) => o with { Redis = v },
            "Where the servers meet; \"\" for no cluster." },
        Rows<ClusterOptions>(),
        { "address", new OptionalHostPortUnit(RtmpPort), Restart,
            o => o.Address, (o, v) => o with { Address = v },
            "Where the others reach this server by RTMP; \"\" for the first address of "
                + "rtmp.listen." },
        { "lease", Duration("1s", "10m"), Restart,
            o => o.Lease, (o, v) => o with { Lease = v },
            "How long the name of a stream is kept for a server that says nothing more." },
    };
}
