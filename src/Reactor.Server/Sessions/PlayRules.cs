using Reactor.Server.Configuration;
using Reactor.Streaming;

namespace Reactor.Server.Sessions;

/// <summary>Whether one more player is taken, whatever protocol it speaks.</summary>
internal static class PlayRules
{
    /// <returns>Null when it is.</returns>
    public static Refusal? Refuse(ReactorServer server, StreamKey key, StreamOptions options)
    {
        var stream = server.Hub.Find(key);
        var playersMax = server.Options.Limits.MaxPlayers;
        var play = options.Play;
        var mayCome = play.IdleStreams || server.Relays.MayPull(key, options);
        if (!mayCome && stream is not { IsPublished: true })
            return new Refusal(RefusalKind.NotFound, "nobody publishes it");
        if (playersMax > 0 && server.PlayerCount >= playersMax)
            return Busy(server, Limit.MaxPlayers, $"{playersMax} play already");
        if (!server.Memory.IsOpenToPlayers)
            return Busy(server, Limit.MaxMemory, "the server is short of memory");
        return play.MaxPlayers > 0 && stream?.AudienceCount >= play.MaxPlayers
            ? Busy(server, Limit.MaxPlayers, $"{play.MaxPlayers} play this already")
            : null;
    }

    private static Refusal Busy(ReactorServer server, Limit limit, string why)
    {
        server.Struck.Add(limit);
        return new Refusal(RefusalKind.Busy, why);
    }
}
