namespace Reactor.Server.Configuration;

/// <summary>All that <c>reactor.json</c>, the environment and the command line decide.</summary>
/// <remarks>
/// Immutable. A key of the file in PascalCase is the property: <c>rtmp.chunk_size</c> is
/// <c>Rtmp.ChunkSize</c>. The initial values are the defaults.
/// </remarks>
public sealed record ServerOptions
{
    public string ServerId { get; init; } = "";
    public ReactorOptions Reactor { get; init; } = new();
    public LogOptions Log { get; init; } = new();
    public LimitsOptions Limits { get; init; } = new();
    public RtmpOptions Rtmp { get; init; } = new();
    public StreamOptions Defaults { get; init; } = new();

    /// <summary>The applications that are configured; null allows every one.</summary>
    public AppTable? Apps { get; init; }

    /// <summary>What holds for a stream; null when the application is not configured (S4.9).</summary>
    public StreamOptions? Resolve(string app, string stream)
        => Apps is null ? Defaults : Apps.Resolve(app, stream);
}
