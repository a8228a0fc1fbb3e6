using System;
using System.Globalization;
using Reactor.Server.Configuration;
using Reactor.Server.Sessions;
using Reactor.Server.Vod;
using Reactor.Streaming;

namespace Reactor.Server.Http;

/// <summary>
/// Recordings as files: <c>/APP/NAME.flv</c>, in ranges, or from a time on by <c>?start=</c>.
/// </summary>
internal static class VodRoute
{
    private const string Suffix = ".flv";
    private const string MediaType = "video/x-flv";

    /// <summary>Serves a recording; passes on what is none.</summary>
    public static void Serve(HttpExchange exchange)
    {
        var server = exchange.Server;
        if (!HttpStreamKey.TryRead(exchange.Request, Suffix, out var key)
            || server.Options.Resolve(key.App, key.Name) is not { Vod.Enabled: true } options)
        {
            exchange.Pass();
            return;
        }
        var isGone = false;
        exchange.Gone = () => isGone = true;
        VodFile.Open(server.Files, options.Vod, key, exchange.Session, (file, _) =>
        {
            if (isGone || exchange.IsAnswered)
            {
                file?.Close();
                return;
            }
            exchange.Gone = null;
            if (file is null)
                exchange.Pass();
            else
                Ask(exchange, key, options, file);
        });
    }

    private static void Ask(
        HttpExchange exchange, StreamKey key, StreamOptions options, VodFile file)
    {
        var isAdmitted = false;
        PlayGate.Ask(exchange, key, options, _ =>
        {
            isAdmitted = true;
            var server = exchange.Server;
            if (PlayRules.RefuseMore(server, key, options) is { } refusal)
            {
                file.Close();
                exchange.Refuse(PlayGate.StatusOf(refusal.Kind), $"{key}: {refusal.Why}");
                return;
            }
            file.CountAsPlayed(server, key);
            exchange.App = key.App;
            Begin(exchange, file);
        });
        if (isAdmitted)
            return;
        if (exchange.IsAnswered)
        {
            file.Close();
            return;
        }
        var forget = exchange.Gone;
        exchange.Gone = () =>
        {
            forget?.Invoke();
            file.Close();
        };
    }

    private static void Begin(HttpExchange exchange, VodFile file)
    {
        if (exchange.Request.Query["start"] is not { } start)
        {
            FileAnswer.Send(exchange, file.Stored, MediaType);
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
            if (exchange.IsAnswered || found is not { } entry)
            {
                file.Close();
                if (!exchange.IsAnswered)
                    exchange.Refuse(500, error!.Text);
                return;
            }
            var from = Math.Max(entry.Position, file.HeadingBytes);
            var rest = file.Length - from;
            FileAnswer.Send(
                exchange, file.Stored, MediaType, 200, (0, file.HeadingBytes), (from, rest));
        });
    }
}
