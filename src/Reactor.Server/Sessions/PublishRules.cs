using Reactor.Server.Configuration;
using Reactor.Streaming;

namespace Reactor.Server.Sessions;

/// <summary>Whether one more publisher is taken.</summary>
internal static class PublishRules
{
    /// <returns>Null when it is, or else why not.</returns>
    public static string? Refuse(ReactorServer server, StreamKey key, StreamOptions options)
    {
        var limits = server.Options.Limits;
        var (all, ofApp) = (limits.MaxPublishers, options.Publish.MaxPublishers);
        if (!server.Memory.IsOpenToPublishers)
            return Busy(server, Limit.MaxMemory, "the server is short of memory");
        if (all > 0 && server.PublisherCount >= all)
            return Busy(server, Limit.MaxPublishers, $"{all} publish already");
        if (ofApp > 0 && CountOf(server, key.App) >= ofApp)
            return Busy(server, Limit.MaxPublishers, $"{ofApp} publish in {key.App} already");
        return limits.MaxBandwidthIn > 0 && server.Traffic.All.InBps >= limits.MaxBandwidthIn
            ? Busy(
                server, Limit.MaxBandwidthIn,
                $"{limits.MaxBandwidthIn / 1000} kbit/s are received already")
            : null;
    }

    private static int CountOf(ReactorServer server, string app)
    {
        var publishers = 0;
        foreach (var stream in server.Hub.Streams)
            publishers += stream.IsPublished && stream.Key.App == app ? 1 : 0;
        return publishers;
    }

    private static string Busy(ReactorServer server, Limit limit, string why)
    {
        server.Struck.Add(limit);
        return why;
    }
}
