using System.Collections.Generic;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration.Schema;
using static Reactor.Server.Configuration.Schema.Applies;
using static Reactor.Server.Configuration.Schema.Units;

namespace Reactor.Server.Configuration;

/// <summary>Bounds of the whole server: section <c>limits</c>.</summary>
public sealed record LimitsOptions
{
    public int MaxConnections { get; init; } = 10_000;
    public int MaxConnectionsPerIp { get; init; }
    public int ConnectRatePerIp { get; init; }
    public int MaxFailedAttempts { get; init; } = 10;
    public int MaxName { get; init; } = StreamAddress.DefaultBytesMax;
    public int MaxReplies { get; init; } = 64 * Kilo;
    public int MaxPublishers { get; init; }
    public int MaxPlayers { get; init; }
    public long MaxMemory { get; init; }
    public long MaxBandwidthOut { get; init; }
    public long MaxBandwidthIn { get; init; }
    public int MaxRelays { get; init; } = 16;
    public int MaxProcesses { get; init; } = 64;
    public IReadOnlyList<AddressRange> RelayAllow { get; init; } = [];

    internal static readonly Section<LimitsOptions> Keys = new(
        "Bounds of the whole server; 0 for none.")
    {
        { "max_connections", Count(0, 10_000_000), Live,
            o => o.MaxConnections, (o, v) => o with { MaxConnections = v },
            "Connections; 0 for as many as there are descriptors, less 64." },
        { "max_connections_per_ip", Count(0, 10_000_000), Live,
            o => o.MaxConnectionsPerIp, (o, v) => o with { MaxConnectionsPerIp = v },
            "Connections from an address." },
        { "connect_rate_per_ip", Rate(1_000_000), Live,
            o => o.ConnectRatePerIp, (o, v) => o with { ConnectRatePerIp = v },
            "New connections from an address; twice as many at once." },
        { "max_failed_attempts", Count(0, 1_000_000), Live,
            o => o.MaxFailedAttempts, (o, v) => o with { MaxFailedAttempts = v },
            "Wrong keys, tokens and passwords from an address in a minute." },
        { "max_name", Size(64, 2 * Kilo), Live,
            o => o.MaxName, (o, v) => o with { MaxName = v },
            "Bytes of an application and the name of its stream together." },
        { "max_replies", Size(4 * Kilo, 16 * Mega), Live,
            o => o.MaxReplies, (o, v) => o with { MaxReplies = v },
            "Bytes of answers that a peer may leave unread; then it is not listened to." },
        { "max_publishers", Count(0, 10_000_000), Live,
            o => o.MaxPublishers, (o, v) => o with { MaxPublishers = v },
            "Publishers." },
        { "max_players", Count(0, 10_000_000), Live,
            o => o.MaxPlayers, (o, v) => o with { MaxPlayers = v },
            "Players." },
        { "max_memory", Size(0L, 1024L * Giga), Live,
            o => o.MaxMemory, (o, v) => o with { MaxMemory = v },
            "Memory for media; 0 for half of what the machine or its container has." },
        { "max_bandwidth_out", Bitrate, Live,
            o => o.MaxBandwidthOut, (o, v) => o with { MaxBandwidthOut = v },
            "While so much is sent, over the last 5 s, new players are refused; the others "
                + "go on." },
        { "max_bandwidth_in", Bitrate, Live,
            o => o.MaxBandwidthIn, (o, v) => o with { MaxBandwidthIn = v },
            "While so much is received, new publishers are refused; the others go on." },
        { "max_relays", Count(0, 10_000), Live,
            o => o.MaxRelays, (o, v) => o with { MaxRelays = v },
            "Relays that the API has started, at once." },
        { "max_processes", Count(0, 10_000), Live,
            o => o.MaxProcesses, (o, v) => o with { MaxProcesses = v },
            "Programs that run at once; half of them may be started because of players." },
        { "relay_allow", Ranges, Live,
            o => o.RelayAllow, (o, v) => o with { RelayAllow = v },
            "Loopback, link-local and private addresses that the API may relay to or from." },
    };
}
