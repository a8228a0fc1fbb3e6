using Reactor.Server.Configuration.Schema;
using static Reactor.Server.Configuration.Schema.Applies;
using static Reactor.Server.Configuration.Schema.Units;

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
    public AuthOptions Auth { get; init; } = new();

    internal static readonly Section<StreamOptions> Keys = new(
        "What holds for every stream, unless its app says otherwise.")
    {
        { "live", Flag, New,
            o => o.Live, (o, v) => o with { Live = v },
            "Takes live streams; off refuses the app." },
        { "publish", PublishOptions.Keys, o => o.Publish, (o, v) => o with { Publish = v } },
        { "play", PlayOptions.Keys, o => o.Play, (o, v) => o with { Play = v } },
        { "auth", AuthOptions.Keys, o => o.Auth, (o, v) => o with { Auth = v } },
    };
}
