using Reactor.Server.Configuration;
using Reactor.Streaming;

namespace Reactor.Server.Sessions;

/// <summary>Whether one more player is taken, whatever protocol it speaks.</summary>
internal static class PlayRules
{
    /// <returns>Null when it is.</returns>
    public static Refusal? Refuse(ReactorServer server, StreamKey key, StreamOptions options)
    {
        return RefuseWait(server, key, options) ?? RefuseMore(server, key, options);
    }

    /// <summary>Whether the limits let one more watch, by whatever way, live or not.</summary>
    /// <returns>Null when they do.</returns>
    public static Refusal? RefuseMore(ReactorServer server, StreamKey key, StreamOptions options)
    {
        var playersMax = server.Options.Limits.MaxPlayers;
        if (playersMax > 0 && server.AudienceCount >= playersMax)
            return Busy(server, Limit.MaxPlayers, $"{playersMax} play already");
        if (!server.Memory.IsOpenToPlayers)
            return Busy(server, Limit.MaxMemory, "the server is short of memory");
        return RefuseOfApp(server, key.App, options.Play)
            ?? RefuseOfStream(server, key, options.Play)
            ?? RefuseBandwidth(server, key.App, options);
    }

    /// <summary>The same for a player that is here already, and moves to this stream.</summary>
    public static Refusal? RefuseMove(ReactorServer server, StreamKey key, StreamOptions options) =>
        RefuseWait(server, key, options) ?? RefuseOfStream(server, key, options.Play);

    /// <summary>Whether enough is sent already.</summary>
    private static Refusal? RefuseBandwidth(ReactorServer server, string app, StreamOptions options)
    {
        var (all, ofApp) = (server.Options.Limits.MaxBandwidthOut, options.Play.MaxBandwidth);
        if (all > 0 && server.Traffic.All.ExpectedOutBps >= all)
        {
            return Busy(
                server, Limit.MaxBandwidthOut, $"{all / 1000} kbit/s are sent already");
        }
        return ofApp > 0 && server.Traffic.Of(app)?.ExpectedOutBps >= ofApp
            ? Busy(
                server, Limit.MaxBandwidthOut, $"{ofApp / 1000} kbit/s are sent in {app} already")
            : null;
    }

    private static Refusal? RefuseWait(ReactorServer server, StreamKey key, StreamOptions options)
    {
        var mayCome = options.Play.IdleStreams || server.MayCome(key, options);
        return mayCome || server.Hub.Find(key) is { IsPublished: true }
            ? null
            : new Refusal(RefusalKind.NotFound, "nobody publishes it");
    }

    private static Refusal? RefuseOfApp(ReactorServer server, string app, PlayOptions play)
    {
        if (play.MaxAppPlayers == 0)
            return null;
        var players = server.Recordings.OfApp(app);
        foreach (var stream in server.Hub.Streams)
            players += stream.Key.App == app ? server.Hls.AudienceOf(stream) : 0;
        return players >= play.MaxAppPlayers
            ? Busy(server, Limit.MaxPlayers, $"{play.MaxAppPlayers} play in {app} already")
            : null;
    }

    private static Refusal? RefuseOfStream(ReactorServer server, StreamKey key, PlayOptions play)
    {
        if (play.MaxPlayers == 0)
            return null;
        var live = server.Hub.Find(key) is { } stream ? server.Hls.AudienceOf(stream) : 0;
        return live + server.Recordings.Of(key) >= play.MaxPlayers
            ? Busy(server, Limit.MaxPlayers, $"{play.MaxPlayers} play this already")
            : null;
    }

    private static Refusal Busy(ReactorServer server, Limit limit, string why)
    {
        server.Struck.Add(limit);
        return new Refusal(RefusalKind.Busy, why);
    }
}
