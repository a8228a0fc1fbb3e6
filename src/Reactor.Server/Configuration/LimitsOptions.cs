namespace Reactor.Server.Configuration;

/// <summary>Bounds of the whole server: section <c>limits</c>.</summary>
public sealed record LimitsOptions
{
    public int MaxConnections { get; init; } = 10_000;
    public int MaxConnectionsPerIp { get; init; }
    public int MaxPublishers { get; init; }
    public int MaxPlayers { get; init; }
}
