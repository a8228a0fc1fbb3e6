using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Reactor.Server.Http;
using Reactor.Streaming;

namespace Reactor.Server.Control;

/// <summary>livego's <c>/stat/livestat</c>: publishers and players in figures (S4.16).</summary>
internal static class LivestatRoute
{
    public static void Answer(HttpExchange exchange)
    {
        var server = exchange.Server;
        IReadOnlyList<LiveStream> streams = [.. server.Hub.Streams];
        if (exchange.Request.Query["room"] is { Length: > 0 } room)
        {
            streams = [.. streams.Where(stream => stream.Key.ToString() == room)];
            if (!streams.Any(stream => stream.IsPublished))
            {
                Envelope.Answer(exchange, 404, "room not found or inactive");
                return;
            }
        }
        Envelope.Answer(exchange, 200, json =>
        {
            json.WriteStartObject();
            WritePublishers(json, server, streams);
            WritePlayers(json, server, streams);
            json.WriteEndObject();
        });
    }

    private static void WritePublishers(
        Utf8JsonWriter json, ReactorServer server, IReadOnlyList<LiveStream> streams)
    {
        json.WriteStartArray("publishers");
        foreach (var stream in streams)
        {
            if (stream.Publisher is not { } publisher)
                continue;
            var rate = server.Rates.Of(stream, server.Loop.NowMs);
            Write(
                json, stream, publisher.ConnectionId, rate, stream.VideoBytesIn,
                stream.AudioBytesIn);
        }
        json.WriteEndArray();
    }

    /// <summary>null where nobody plays, as livego says it.</summary>
    private static void WritePlayers(
        Utf8JsonWriter json, ReactorServer server, IReadOnlyList<LiveStream> streams)
    {
        var watchers = new Watchers(server);
        var players = streams.SelectMany(watchers.PlayersOf).Select(pair => pair.Player).ToList();
        if (players.Count == 0)
        {
            json.WriteNull("players");
            return;
        }
        json.WriteStartArray("players");
        foreach (var player in players)
        {
            var rate = server.Rates.Of(player.Stream, server.Loop.NowMs);
            Write(
                json, player.Stream, player.ConnectionId, rate,
                player.BytesSent - player.AudioBytesSent, player.AudioBytesSent);
        }
        json.WriteEndArray();
    }

    private static void Write(
        Utf8JsonWriter json, LiveStream stream, long id, StreamRate rate, long video, long audio)
    {
        json.WriteStartObject();
        json.WriteString("key", stream.Key.ToString());
        json.WriteString("url", $"rtmp://localhost/{stream.Key}");
        json.WriteNumber("stream_id", id);
        json.WriteNumber("video_total_bytes", video);
        json.WriteNumber("video_speed", (long)Math.Round(rate.VideoKbps));
        json.WriteNumber("audio_total_bytes", audio);
        json.WriteNumber("audio_speed", (long)Math.Round(rate.AudioKbps));
        json.WriteEndObject();
    }
}
