using System;
using System.Diagnostics.CodeAnalysis;
using Reactor.Protocol.Http;
using Reactor.Protocol.WebSocket;
using Reactor.Server.Configuration;
using Reactor.Server.Egress;
using Reactor.Server.Sessions;
using Reactor.Streaming;

namespace Reactor.Server.Http;

/// <summary>Live streams as FLV: <c>/APP/STREAM.flv</c>, by GET or by WebSocket (S4.22).</summary>
internal static class FlvRoutes
{
    private const string Suffix = ".flv";

    /// <summary>Plays a stream that is published; passes on any other.</summary>
    public static void PlayLive(HttpExchange exchange)
    {
        if (HttpStreamKey.TryRead(exchange, Suffix, out var key)
            && exchange.Server.Hub.Find(key) is { IsPublished: true })
        {
            Play(exchange, key);
        }
        else
        {
            exchange.Pass();
        }
    }

    /// <summary>Plays a stream as soon as it is published.</summary>
    public static void PlayWhenPublished(HttpExchange exchange)
    {
        if (HttpStreamKey.TryRead(exchange, Suffix, out var key))
            Play(exchange, key);
        else
            exchange.Refuse(400, "invalid path: /APP/STREAM.flv is needed");
    }

    private static void Play(HttpExchange exchange, StreamKey key)
    {
        if (TryResolve(exchange, key, out var options))
            PlayGate.Ask(exchange, key, options, admitted => Begin(exchange, admitted));
    }

    private static bool TryResolve(
        HttpExchange exchange, StreamKey key, [NotNullWhen(true)] out StreamOptions? options)
    {
        options = exchange.Server.Options.Resolve(key);
        if (options is { Live: true })
            return true;
        exchange.Refuse(404, Refusal.NotConfigured(key));
        return false;
    }

    private static void Begin(HttpExchange exchange, StreamKey key)
    {
        var server = exchange.Server;
        if (!TryResolve(exchange, key, out var options))
            return;
        if (!TryOverride(exchange, options, out var chosen, out var flv))
            return;
        if (PlayRules.Refuse(server, key, chosen) is { } refusal)
        {
            if (refusal.Kind == RefusalKind.NotFound)
                exchange.Session.TellNotFound(key, exchange.Request.Query);
            exchange.Refuse(PlayGate.StatusOf(refusal.Kind), $"{key}: {refusal.Why}");
            return;
        }
        if (exchange.Request.Method == HttpMethod.Head)
        {
            AnswerHead(exchange, key);
            return;
        }
        if (WebSocketUpgrade.IsAskedBy(exchange.Request))
        {
            PlayByWebSocket(exchange, key, chosen, flv);
            return;
        }
        if (!server.Options.Http.Flv.Enabled)
        {
            exchange.Refuse(404, "FLV over HTTP is switched off");
            return;
        }
        var isChunked = exchange.Request.Version == HttpVersion.Http11 && flv.Chunked;
        exchange.Session.Play(new FlvPlayer(
            exchange, server.StreamOf(key, chosen), chosen, flv, isChunked));
    }

    private static void PlayByWebSocket(
        HttpExchange exchange, StreamKey key, StreamOptions options, FlvOptions flv)
    {
        var server = exchange.Server;
        if (!server.Options.Http.WsFlv.Enabled)
        {
            exchange.Refuse(404, "FLV over WebSocket is switched off");
        }
        else if (!Cors.IsFromAllowedPage(exchange))
        {
            exchange.Refuse(403, "pages of that origin may not play here");
        }
        else if (!WebSocketUpgrade.TryAccept(
            exchange.Request, out var accept, out var status, out var why))
        {
            exchange.Header("Sec-WebSocket-Version", WebSocketUpgrade.Version);
            exchange.Refuse(status, why);
        }
        else
        {
            exchange.Session.Play(new WebSocketFlvPlayer(
                exchange, server.StreamOf(key, options), options, flv, accept));
        }
    }

    /// <summary>A stream has no length; whether it is there can be told.</summary>
    private static void AnswerHead(HttpExchange exchange, StreamKey key)
    {
        if (exchange.Server.Hub.Find(key) is { IsPublished: true })
        {
            exchange.BeginStream("video/x-flv", isChunked: false);
            exchange.Session.EndStream(Transport.CloseReason.PeerClosed, "answered");
        }
        else
        {
            exchange.Refuse(404, $"{key}: nobody publishes it");
        }
    }

    /// <summary>What the query says differently from the configuration, for this player.</summary>
    private static bool TryOverride(
        HttpExchange exchange,
        StreamOptions options,
        [NotNullWhen(true)] out StreamOptions? chosen,
        [NotNullWhen(true)] out FlvOptions? flv)
    {
        var query = exchange.Request.Query;
        var start = options.Play.StartAt;
        flv = exchange.Server.Options.Http.Flv;
        var hasAudio = flv.HasAudio;
        var hasVideo = flv.HasVideo;
        var isChunked = flv.Chunked ? TrackFlag.On : TrackFlag.Off;
        chosen = null;
        if (!TryChoose(exchange, query["start_at"], "start_at", ref start)
            || !TryChoose(exchange, Flag(query["has_audio"]), "has_audio", ref hasAudio)
            || !TryChoose(exchange, Flag(query["has_video"]), "has_video", ref hasVideo)
            || !TryChoose(exchange, Flag(query["chunked"]), "chunked", ref isChunked))
        {
            return false;
        }
        chosen = options with { Play = options.Play with { StartAt = start } };
        flv = flv with
        {
            HasAudio = hasAudio,
            HasVideo = hasVideo,
            Chunked = isChunked == TrackFlag.On,
        };
        return true;
    }

    private static bool TryChoose<T>(HttpExchange exchange, string? text, string name, ref T value)
        where T : struct, Enum
    {
        if (text is null)
            return true;
        foreach (var one in Enum.GetValues<T>())
        {
            if (!text.Equals(one.ToString(), StringComparison.OrdinalIgnoreCase))
                continue;
            value = one;
            return true;
        }
        var words = string.Join(", ", Enum.GetNames<T>());
        exchange.Refuse(400, $"{name} is one of {words.ToLowerInvariant()}");
        return false;
    }

    private static string? Flag(string? text) => text switch
    {
        "0" or "false" => nameof(TrackFlag.Off),
        "1" or "true" => nameof(TrackFlag.On),
        _ => text,
    };
}
