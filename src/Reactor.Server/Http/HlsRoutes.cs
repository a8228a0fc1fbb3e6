using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using Reactor.Primitives;
using Reactor.Protocol.Hls;
using Reactor.Protocol.Http;
using Reactor.Server.Authorisation;
using Reactor.Server.Configuration;
using Reactor.Server.Egress;
using Reactor.Server.Sessions;
using Reactor.Streaming;
using Reactor.Streaming.Hls;

namespace Reactor.Server.Http;

/// <summary>
/// HLS: <c>/APP/STREAM.m3u8</c> and <c>/APP/STREAM/NUMBER.ts</c> (S4.24), or <c>.m4s</c> and their
/// init <c>NUMBER.mp4</c>.
/// </summary>
internal static class HlsRoutes
{
    private const string PlaylistSuffix = ".m3u8";
    private static readonly string[] Endings =
        [PlaylistWriter.TsEnding, PlaylistWriter.Mp4Ending, PlaylistWriter.InitEnding];

    private const string PlaylistType = "application/vnd.apple.mpegurl";

    /// <summary>Beyond the longest segment and the wait for tracks.</summary>
    private static readonly TimeSpan PlaylistMargin = TimeSpan.FromSeconds(1);

    /// <summary>The playlist, once its first segment is complete.</summary>
    public static void Playlist(HttpExchange exchange)
    {
        if (!HttpStreamKey.TryRead(exchange.Request, PlaylistSuffix, out var key))
            exchange.Pass("invalid path: /APP/STREAM.m3u8 is needed", 400);
        else if (Options(exchange, key) is { } options)
            Admit(exchange, key, options, BeginPlaylist);
    }

    /// <summary>One segment, or an init; neither changes ever.</summary>
    public static void Segment(HttpExchange exchange)
    {
        if (!TryReadName(exchange.Request, out var key, out var sequence, out var ending))
            exchange.Pass();
        else if (Options(exchange, key) is { } options)
        {
            Admit(
                exchange, key, options,
                (_, visit) => AnswerSegment(exchange, visit, sequence, ending));
        }
    }

    /// <summary>Whoever was let in before needs no verdict for each segment.</summary>
    private static void Admit(
        HttpExchange exchange, StreamKey key, StreamOptions options,
        Action<HttpExchange, Visit> admitted)
    {
        var viewer = exchange.Server.Hls.Viewers.Find(key, HlsVisitor.Of(exchange));
        if (viewer?.Refused is { } why)
            exchange.Refuse(403, $"{key}: {why}");
        else if (viewer is not null)
            admitted(exchange, new Visit(key, viewer.Output.Stream.Key, viewer));
        else
        {
            PlayGate.Ask(
                exchange, key, options,
                verdict => admitted(exchange, new Visit(key, verdict, Viewer: null)));
        }
    }

    private static void BeginPlaylist(HttpExchange exchange, Visit visit)
    {
        if (Options(exchange, visit.Key) is not { } options
            || OutputFor(exchange, visit, options) is not { } output)
        {
            return;
        }
        output.Ask();
        var viewer = visit.Viewer
            ?? exchange.Server.Hls.Viewers.Enter(exchange, visit.Asked, output);
        if (TryAnswer(exchange, output, options, viewer))
            return;
        var waited = options.Hls.HlsMaxFragment + options.Hls.TrackWait + PlaylistMargin;
        var untilMs = exchange.Server.Loop.NowMs + (long)waited.TotalMilliseconds;
        exchange.Waiting = nowMs => Wait(exchange, output, options, viewer, untilMs - nowMs);
    }

    private static void AnswerSegment(
        HttpExchange exchange, Visit visit, long sequence, string ending)
    {
        var key = visit.Key;
        if (Options(exchange, key) is not { } options)
            return;
        var output = exchange.Server.Hls.Find(key);
        output?.Ask();
        var isInit = ending == PlaylistWriter.InitEnding;
        var segment = isInit ? null : output?.Window.Find(sequence);
        var packets = isInit && output?.Window.FindInit(sequence) is { } init
            ? [init.Packet]
            : segment?.Ending == ending ? segment.Packets : null;
        if (output is null || packets is null)
        {
            exchange.Pass($"{key}: there is no segment {sequence}{ending}");
            return;
        }
        if (OutputFor(exchange, visit, options) is null)
            return;
        var viewer = visit.Viewer
            ?? exchange.Server.Hls.Viewers.Enter(exchange, visit.Asked, output);
        var caching = $"{Sharing(options)}, max-age=3600, immutable";
        if (exchange.IsSettled($"\"{sequence}\"", caching))
            return;
        Count(exchange, output, viewer, HlsSegment.Sum(packets));
        exchange.Session.Sends = segment;
        exchange.Answer(200, MediaTypes.Of(ending), packets);
    }

    /// <summary>
    /// The output of a stream, which may begin now; refuses whoever is one too many, and passes
    /// on where nobody publishes.
    /// </summary>
    private static HlsOutput? OutputFor(HttpExchange exchange, Visit visit, StreamOptions options)
    {
        if (visit.Viewer is { } viewer)
            return viewer.Output;
        var server = exchange.Server;
        var output = server.Hls.Find(visit.Key);
        var refusal = output is null
            ? Refusal(server, visit.Key, options)
            : Worded(PlayRules.RefuseMore(server, visit.Key, options));
        if (refusal is not var (status, why))
        {
            output ??= server.Hls.Open(visit.Key, options);
            if (output is null)
                exchange.Refuse(500, $"{visit.Key}: its HLS could not begin");
            return output;
        }
        if (status == 404)
        {
            exchange.Unanswered =               // unless it is a file
                () => exchange.Session.TellNotFound(visit.Key, exchange.Request.Query);
            exchange.Pass($"{visit.Key}: {why}");
        }
        else
            exchange.Refuse(status, $"{visit.Key}: {why}");
        return null;
    }

    /// <summary>What holds for the stream; passes on where HLS is not for it.</summary>
    private static StreamOptions? Options(HttpExchange exchange, StreamKey key)
    {
        var options = exchange.Server.Options.Resolve(key.App, key.Name);
        if (options is { Live: true, Hls.Enabled: true })
            return options;
        exchange.Pass(options is { Live: true }
            ? $"HLS is switched off for {key}"
            : $"application {key.App} is not configured for live streams");
        return null;
    }

    /// <summary>Why no output begins; null when it does.</summary>
    private static (int Status, string Why)? Refusal(
        ReactorServer server, StreamKey key, StreamOptions options)
    {
        var isThere = server.Hub.Find(key) is { IsPublished: true }
            || server.Relays.MayPull(key, options);
        if (server.IsStopping)
            return (503, "the server stops");
        if (!isThere)
            return (404, "nobody publishes it");
        return Worded(PlayRules.Refuse(server, key, options));
    }

    private static (int Status, string Why)? Worded(Refusal? refusal) =>
        refusal is null ? null : (PlayGate.StatusOf(refusal.Kind), refusal.Why);

    private static bool TryAnswer(
        HttpExchange exchange, HlsOutput output, StreamOptions options, HlsViewer? viewer)
    {
        if (output.Playlist(out var tag) is not { } playlist)
            return false;
        if (exchange.IsSettled(tag, $"{Sharing(options)}, max-age=1"))
            return true;
        Count(exchange, output, viewer, playlist.Length);
        var query = exchange.Request.QueryString;
        if (query.Length == 0 || AuthMethods.OfPlay(options).Count == 0)
            exchange.Answer(200, PlaylistType, [playlist]);
        else
            exchange.Answer(200, PlaylistType, WithQuery(playlist, query));
        return true;
    }

    private static void Count(
        HttpExchange exchange, HlsOutput output, HlsViewer? viewer, long bytes)
    {
        exchange.Server.Traffic.CountAnswer(output.Stream.Key.App, bytes);
        if (viewer is not null)
            viewer.Bytes += bytes;
    }

    /// <summary>
    /// What a viewer has shown stands behind its segments too, for they are asked for alike (A17).
    /// </summary>
    private static byte[] WithQuery(Packet playlist, string query)
    {
        var text = new StringBuilder(Encoding.ASCII.GetString(playlist.Written));
        foreach (var ending in Endings)
        {
            text.Replace($"{ending}\n", $"{ending}?{query}\n")
                .Replace($"{ending}\"", $"{ending}?{query}\"");
        }
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    /// <summary>A cache between may keep only what everybody may have.</summary>
    private static string Sharing(StreamOptions options)
    {
        var play = options.Play;
        var isOpen = AuthMethods.OfPlay(options).Count == 0
            && play.Refer.Count == 0
            && play.Deny.Count == 0
            && play.Allow.Any(range => range.Network is null);
        return isOpen ? "public" : "private";
    }

    private static void Wait(
        HttpExchange exchange, HlsOutput output, StreamOptions options, HlsViewer? viewer,
        long leftMs)
    {
        if (viewer?.Refused is { } why)
        {
            exchange.Refuse(403, $"{output.Stream.Key}: {why}");
            return;
        }
        output.Ask();
        viewer?.Ask(exchange.Server.Loop.NowMs);
        if (TryAnswer(exchange, output, options, viewer))
            return;
        var key = output.Stream.Key;
        if (output.Obstacle is { } obstacle)
        {
            exchange.Refuse(404, $"{key}: {obstacle}");
        }
        else if (leftMs <= 0)
        {
            exchange.Header("Retry-After", "1");
            exchange.Refuse(503, $"{key}: there is no segment yet");
        }
    }

    /// <summary>The stream, number and ending of <c>/APP/STREAM/NUMBER.ts</c>.</summary>
    private static bool TryReadName(
        HttpRequest request, out StreamKey key, out long sequence, out string ending)
    {
        key = default;
        sequence = 0;
        var segments = request.Segments;
        ending = segments.Count < 3 ? "" : Path.GetExtension(segments[^1]);
        return Endings.Contains(ending)
            && long.TryParse(
                segments[^1].AsSpan(0, segments[^1].Length - ending.Length),
                NumberStyles.None, CultureInfo.InvariantCulture, out sequence)
            && HttpStreamKey.TryRead(segments, segments.Count - 1, "", out key);
    }

    /// <summary>Somebody who may watch.</summary>
    /// <param name="Asked">The stream as the path names it.</param>
    /// <param name="Key">Its public name: a hook may have renamed it.</param>
    /// <param name="Viewer">Null for a newcomer.</param>
    private readonly record struct Visit(StreamKey Asked, StreamKey Key, HlsViewer? Viewer);
}
