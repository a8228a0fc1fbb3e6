using Reactor.Server.Configuration;
using Reactor.Streaming;

namespace Reactor.Server.Sessions;

/// <summary>Whether one more player is taken, whatever protocol it speaks.</summary>
internal static class PlayRules
{
    /// <returns>Null when it is.</returns>
    public static Refusal? Refuse(ReactorServer server, StreamKey key, PlayOptions options)
    {
        var stream = server.Hub.Find(key);
        var playersMax = server.Options.Limits.MaxPlayers;
        if (!options.IdleStreams && stream is not { IsPublished: true })
            return new Refusal(RefusalKind.NotFound, "nobody publishes it");
        if (playersMax > 0 && server.PlayerCount >= playersMax)
            return new Refusal(RefusalKind.Busy, $"{playersMax} play already");
        if (!server.Memory.IsOpenToPlayers)
            return new Refusal(RefusalKind.Busy, "the server is short of memory");
        return options.MaxPlayers > 0 && stream?.SubscriberCount >= options.MaxPlayers
            ? new Refusal(RefusalKind.Busy, $"{options.MaxPlayers} play this already")
            : null;
    }
}
