using System;
using System.Linq;
using System.Text;
using Reactor.Primitives;
using Reactor.Protocol.Hls;
using Reactor.Server.Authorisation;
using Reactor.Server.Configuration;
using Reactor.Server.Egress;
using Reactor.Server.Sessions;
using Reactor.Streaming;
using Reactor.Streaming.Hls;
using static System.FormattableString;

namespace Reactor.Server.Http;

/// <summary>
/// HLS: <c>/APP/STREAM.m3u8</c> and <c>/APP/STREAM/NUMBER.ts</c> (S4.24), or <c>.m4s</c> and their
/// init <c>NUMBER.mp4</c>, and parts of them, <c>NUMBER.PART.m4s</c>.
/// </summary>
internal static class HlsRoutes
{
    private const string PlaylistSuffix = ".m3u8";
    private const string PlaylistType = "application/vnd.apple.mpegurl";

    /// <summary>For so many target durations a request is held (RFC 8216bis §6.2.5.2).</summary>
    private const int TargetsWaited = 3;

    /// <summary>For so many a cache may keep the answer to one that was.</summary>
    private const int TargetsCached = 6;

    /// <summary>Beyond the longest segment and the wait for tracks.</summary>
    private static readonly TimeSpan PlaylistMargin = TimeSpan.FromSeconds(1);

    /// <summary>The playlist, once its first segment is complete.</summary>
    public static void Playlist(HttpExchange exchange)
    {
        if (!HttpStreamKey.TryRead(exchange, PlaylistSuffix, out var key))
            exchange.Pass("invalid path: /APP/STREAM.m3u8 is needed", 400);
        else if (Options(exchange, key) is { } options)
            Admit(exchange, key, options, BeginPlaylist);
    }

    /// <summary>A segment, a part of it or an init, none of which ever changes.</summary>
    public static void Segment(HttpExchange exchange)
    {
        if (!HlsName.TryRead(exchange, out var key, out var name))
            exchange.Pass();
        else if (Options(exchange, key) is { } options)
        {
            Admit(
                exchange, key, options,
                (_, visit) => AnswerSegment(exchange, visit, name));
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
        var reload = default(HlsReload);
        var wrong = options.Hls.Type == HlsType.Ll
            ? HlsReload.Read(exchange.Request.Query, out reload) ?? reload.Refuse(output.Window)
            : null;
        if (wrong is not null)
        {
            exchange.Refuse(400, wrong);
            return;
        }
        var watch = new Watch(output, options, viewer);
        AnswerOrHold(exchange, watch, () => TryAnswer(exchange, watch, reload));
    }

    /// <summary>Answers now, or as soon as there is what is asked for, or says why not.</summary>
    private static void AnswerOrHold(HttpExchange exchange, Watch watch, Func<bool> tryAnswer)
    {
        if (tryAnswer())
            return;
        var (output, options, _) = watch;
        var waited = options.Hls.HlsMaxFragment + options.Hls.TrackWait + PlaylistMargin;
        var targets = TimeSpan.FromSeconds(TargetsWaited * output.Window.TargetSeconds);
        if (output.Window.Listed > 0 && targets < waited)
            waited = targets;
        var untilMs = exchange.Server.Loop.NowMs + (long)waited.TotalMilliseconds;
        exchange.Waiting = nowMs => Wait(exchange, watch, untilMs - nowMs, tryAnswer);
        output.Hold(exchange);
    }

    private static void AnswerSegment(HttpExchange exchange, Visit visit, HlsName name)
    {
        var key = visit.Key;
        if (Options(exchange, key) is not { } options)
            return;
        var output = exchange.Server.Hls.Find(key);
        output?.Ask();
        if (output is null
            || (name.Find(output.Window) is null && !name.IsNext(output.Window)))
        {
            exchange.Pass($"{key}: there is no {name}");
            return;
        }
        if (OutputFor(exchange, visit, options) is null)
            return;
        var viewer = visit.Viewer
            ?? exchange.Server.Hls.Viewers.Enter(exchange, visit.Asked, output);
        var watch = new Watch(output, options, viewer);
        AnswerOrHold(exchange, watch, () => TryAnswer(exchange, watch, name));
    }

    private static bool TryAnswer(HttpExchange exchange, Watch watch, HlsName name)
    {
        var window = watch.Output.Window;
        var packets = name.Find(window);
        if (packets is null && !watch.Output.IsOver && name.IsNext(window))
            return false;
        if (packets is null)
        {
            exchange.Refuse(404, $"{watch.Output.Stream.Key}: there is no {name}");
            return true;
        }
        var caching = $"{Sharing(watch.Options)}, max-age=3600, immutable";
        if (exchange.IsSettled($"\"{name.Text}\"", caching))
            return true;
        Count(exchange, watch, HlsSegment.Sum(packets));
        exchange.Session.Sends = name.IsInit ? null : window.Find(name.Sequence);
        exchange.Answer(200, MediaTypes.Of(name.Ending), packets);
        return true;
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
        var options = exchange.Server.Options.Resolve(key);
        if (options is { Live: true, Hls.Enabled: true })
            return options;
        exchange.Pass(options is { Live: true }
            ? $"HLS is switched off for {key}"
            : Sessions.Refusal.NotConfigured(key));
        return null;
    }

    /// <summary>Why no output begins; null when it does.</summary>
    private static (int Status, string Why)? Refusal(
        ReactorServer server, StreamKey key, StreamOptions options)
    {
        var isThere = server.Hub.Find(key) is { IsPublished: true }
            || server.MayCome(key, options);
        if (server.IsStopping)
            return (503, "the server stops");
        if (!isThere)
            return (404, $"nobody publishes it{Elsewhere(server, key)}");
        return Worded(PlayRules.Refuse(server, key, options));
    }

    /// <summary>Other servers, and our own files, have a playlist in the stream's folder.
    /// </summary>
    private static string Elsewhere(ReactorServer server, StreamKey key)
    {
        var slash = key.App.LastIndexOf('/');
        if (key.Name != "index" || slash < 0)
            return "";
        var other = new StreamKey(key.App[..slash], key.App[(slash + 1)..]);
        return server.Hub.Find(other) is { IsPublished: true }
            ? $"; the playlist of {other} is /{other}.m3u8"
            : "";
    }

    private static (int Status, string Why)? Worded(Refusal? refusal) =>
        refusal is null ? null : (PlayGate.StatusOf(refusal.Kind), refusal.Why);

    private static bool TryAnswer(HttpExchange exchange, Watch watch, HlsReload reload)
    {
        var (output, options, _) = watch;
        if (!reload.IsMet(output.Window)
            || output.Playlist(reload.IsDelta(output.Window), out var tag) is not { } playlist)
        {
            return false;
        }
        // Who asks for more than there is asks once for it: the answer is good for as long as it
        // is of use, and a cache may give it to everybody.
        var seconds = reload.IsBlocking ? TargetsCached * output.Window.TargetSeconds : 1;
        if (exchange.IsSettled(tag, Invariant($"{Sharing(options)}, max-age={seconds}")))
            return true;
        Count(exchange, watch, playlist.Length);
        var query = HlsReload.Without(exchange.Request.QueryString);
        if (query.Length == 0 || AuthMethods.OfPlay(options).Count == 0)
            exchange.Answer(200, PlaylistType, [playlist]);
        else
            exchange.Answer(200, PlaylistType, WithQuery(playlist, query));
        return true;
    }

    private static void Count(HttpExchange exchange, Watch watch, long bytes)
    {
        exchange.Server.Traffic.CountAnswer(watch.Output.Stream.Key.App, bytes);
        if (watch.Viewer is { } viewer)
            viewer.Bytes += bytes;
    }

    /// <summary>
    /// What a viewer has shown stands behind its segments too, for they are asked for alike (A17).
    /// </summary>
    private static byte[] WithQuery(Packet playlist, string query)
    {
        var text = new StringBuilder(Encoding.ASCII.GetString(playlist.Written));
        foreach (var ending in PlaylistWriter.Endings)
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
        HttpExchange exchange, Watch watch, long leftMs, Func<bool> tryAnswer)
    {
        var (output, _, viewer) = watch;
        var key = output.Stream.Key;
        if (viewer?.Refused is { } why)
        {
            exchange.Refuse(403, $"{key}: {why}");
            return;
        }
        output.Ask();
        viewer?.Ask(exchange.Server.Loop.NowMs);
        if (tryAnswer())
            return;
        if (output.Obstacle is { } obstacle)
        {
            exchange.Refuse(404, $"{key}: {obstacle}");
        }
        else if (leftMs <= 0 || output.IsOver)
        {
            exchange.Header("Retry-After", "1");
            exchange.Refuse(503, $"{key}: it is not there yet");
        }
    }

    /// <summary>Somebody who may watch.</summary>
    /// <param name="Asked">The stream as the path names it.</param>
    /// <param name="Key">Its public name: a hook may have renamed it.</param>
    /// <param name="Viewer">Null for a newcomer.</param>
    private readonly record struct Visit(StreamKey Asked, StreamKey Key, HlsViewer? Viewer);

    /// <summary>Somebody who watches.</summary>
    /// <param name="Output">What is watched.</param>
    /// <param name="Options">Of its stream.</param>
    /// <param name="Viewer">Null where there are too many to know them all.</param>
    private readonly record struct Watch(
        HlsOutput Output, StreamOptions Options, HlsViewer? Viewer);
}
