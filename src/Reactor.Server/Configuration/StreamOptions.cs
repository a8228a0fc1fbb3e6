namespace Reactor.Server.Configuration;

/// <summary>
/// What holds for one live stream: <c>defaults</c>, overlaid by <c>apps.NAME</c>, overlaid by
/// <c>apps.NAME.streams.GLOB</c>.
/// </summary>
public sealed record StreamOptions
{
    public bool Live { get; init; } = true;
    public PublishOptions Publish { get; init; } = new();
    public PlayOptions Play { get; init; } = new();
}
