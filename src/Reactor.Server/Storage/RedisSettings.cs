namespace Reactor.Server.Storage;

/// <summary>Where a Redis server is, and as whom it is spoken to.</summary>
/// <param name="Host">A name or an address.</param>
/// <param name="Port">1 to 65,535; 6379 by default.</param>
public sealed record RedisSettings(string Host, int Port)
{
    /// <summary>Of Redis 6 and later; empty for the default user.</summary>
    public string User { get; init; } = "";

    /// <summary>Empty where none is asked for. Never logged.</summary>
    public string Password { get; init; } = "";

    /// <summary>0 is the one that a connection begins with.</summary>
    public int Database { get; init; }

    /// <summary>How long an answer may take, in milliseconds; then the server is away.</summary>
    public int CommandMs { get; init; } = 2000;

    /// <summary>Commands that may wait for their answers.</summary>
    public int CommandsMax { get; init; } = 1024;

    /// <summary>The first wait before another try, in milliseconds; then twice as long.</summary>
    public int RetryMs { get; init; } = 250;

    public int RetryMsMax { get; init; } = 15_000;

    /// <summary>After so many milliseconds without a command its life is asked for.</summary>
    public int PingMs { get; init; } = 5000;

    public override string ToString() => $"{Host}:{Port}";
}
