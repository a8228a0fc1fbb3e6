using System;
using System.Globalization;
using Reactor.Server.Configuration;
using Reactor.Server.Sessions;
using Reactor.Server.Storage;
using Reactor.Server.Vod;
using Reactor.Streaming;

namespace Reactor.Server.Http;

/// <summary>
/// Recordings as files: <c>/APP/NAME.flv</c> or <c>.mp4</c>, in ranges; FLV also from a time on,
/// by <c>?start=</c>.
/// </summary>
internal static class VodRoute
{
    private const string FlvType = "video/x-flv";

    private delegate void Opening(VodOptions options, StreamKey key, Action<Found?> done);

    /// <summary>Serves a recording in FLV; passes on what is none.</summary>
    public static void Serve(HttpExchange exchange) => Serve(
        exchange, ".flv",
        (options, key, done) => VodFile.Open(
            exchange.Server.Files, options, key, exchange.Session,
            (file, _) => done(file is null
                ? null
                : new Found(file.Stored, file.Kbps, admitted => Begin(admitted, file)))));

    /// <summary>Serves a recording in MP4, which browsers read by ranges; likewise.</summary>
    public static void ServeMp4(HttpExchange exchange) => Serve(
        exchange, ".mp4",
        (options, key, done) =>
        {
            var root = SafePath.Configured(options.Path);
            var path = root.Named(key.App).Named(key.Name).With(".mp4");
            exchange.Server.Files.OpenWithin(root, path, exchange.Session, result => done(
                result.IsOk(out var file, out _)
                    ? new Found(file, 0, admitted => FileAnswer.Send(admitted, file, "video/mp4"))
                    : null));
        });

    private static void Serve(HttpExchange exchange, string suffix, Opening open)
    {
        var server = exchange.Server;
        if (!HttpStreamKey.TryRead(exchange, suffix, out var key)
            || server.Options.Resolve(key) is not { Vod.Enabled: true } options)
        {
            exchange.Pass();
            return;
        }
        open(options.Vod, key, found =>
        {
            if (exchange.IsOver)
                found?.File.Close();
            else if (found is null)
                exchange.Pass();
            else
                Ask(exchange, key, options, found);
        });
    }

    private static void Ask(
        HttpExchange exchange, StreamKey key, StreamOptions options, Found found)
    {
        var isAdmitted = false;
        PlayGate.Ask(exchange, key, options, _ =>
        {
            isAdmitted = true;
            var server = exchange.Server;
            if (PlayRules.RefuseMore(server, key, options) is { } refusal)
            {
                found.File.Close();
                exchange.Refuse(PlayGate.StatusOf(refusal.Kind), $"{key}: {refusal.Why}");
                return;
            }
            server.Recordings.Enter(server, key, found.File, found.Kbps);
            exchange.App = key.App;
            found.Begin(exchange);
        });
        if (isAdmitted)
            return;
        if (exchange.IsAnswered)
        {
            found.File.Close();
            return;
        }
        var forget = exchange.Gone;
        exchange.Gone = () =>
        {
            forget?.Invoke();
            found.File.Close();
        };
    }

    private static void Begin(HttpExchange exchange, VodFile file)
    {
        if (exchange.Request.Query["start"] is not { } start)
        {
            FileAnswer.Send(exchange, file.Stored, FlvType);
            return;
        }
        if (!double.TryParse(start, NumberStyles.Float, CultureInfo.InvariantCulture, out var time)
            || !(time >= 0) || time * 1000 > file.DurationMs)
        {
            file.Close();
            exchange.Refuse(400, $"start is a time in seconds, up to {file.DurationMs / 1000.0}");
            return;
        }
        file.Find((uint)(time * 1000), (found, error) =>
        {
            if (exchange.IsOver || found is not { } entry)
            {
                file.Close();
                if (!exchange.IsOver)
                    exchange.Refuse(500, error!.Text);
                return;
            }
            var from = Math.Max(entry.Position, file.HeadingBytes);
            var rest = file.Length - from;
            FileAnswer.Send(
                exchange, file.Stored, FlvType, 200, (0, file.HeadingBytes), (from, rest));
        });
    }

    /// <summary>A recording that may be sent, once its player is let in.</summary>
    private sealed record Found(StoredFile File, double Kbps, Action<HttpExchange> Begin);
}
