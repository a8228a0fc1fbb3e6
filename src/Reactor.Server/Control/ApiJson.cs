using System;
using System.Linq;
using System.Text.Json;
using Reactor.Server.Egress;
using Reactor.Server.Sessions;
using Reactor.Streaming;

namespace Reactor.Server.Control;

/// <summary>Streams and clients as the REST interface shows them.</summary>
internal static class ApiJson
{
    /// <summary>What somebody publishes, or waits for.</summary>
    public static void WriteStreams(Utf8JsonWriter json, ReactorServer server, ListQuery query)
    {
        json.WriteStartArray("streams");
        foreach (var stream in server.Hub.Streams)
        {
            if (!query.Fits(stream) || !query.Takes())
                continue;
            json.WriteStartObject();
            WriteFacts(json, server, stream);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        query.WriteTotal(json);
    }

    /// <summary>What a stream's own answer has: the same, and each of those who watch it.
    /// </summary>
    public static void WriteWhole(Utf8JsonWriter json, ReactorServer server, LiveStream stream)
    {
        WriteFacts(json, server, stream);
        json.WriteStartArray("watching");
        foreach (var session in server.Sessions)
        {
            foreach (var player in session.Players)
            {
                if (player.Stream == stream)
                    WritePlayer(json, session, player);
            }
        }
        foreach (var viewer in server.Hls.Viewers.All
            .Where(viewer => viewer.Output.Stream == stream).Take(ListQuery.LimitMax))
        {
            json.WriteStartObject();
            WriteFacts(json, viewer);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteFacts(Utf8JsonWriter json, ReactorServer server, LiveStream stream)
    {
        var nowMs = server.Loop.NowMs;
        var rate = server.Rates.Of(stream, nowMs);
        json.WriteString("app", stream.Key.App);
        json.WriteString("name", stream.Key.Name);
        json.WriteBoolean("live", stream.IsPublished);
        json.WriteStartObject("codecs");
        json.WriteString("video", stream.Codecs.VideoCodec);
        json.WriteString("audio", stream.Codecs.AudioCodec);
        json.WriteEndObject();
        var picture = stream.Codecs.Picture;
        if (stream.Codecs.HasVideo)
            WriteVideo(json, stream.Codecs, picture);
        if (stream.Codecs.HasAudio)
            WriteAudio(json, stream.Codecs);
        json.WriteNumber("width", picture.Width);
        json.WriteNumber("height", picture.Height);
        json.WriteNumber("fps", Math.Round(rate.Fps, 2));
        json.WriteNumber("bitrate_kbps", Math.Round(rate.Kbps, 1));
        json.WriteNumber("gop_seconds", stream.GopMs / 1000.0);
        json.WriteNumber("timestamps_repaired", stream.Time.Repairs);
        json.WriteNumber("players", server.Hls.AudienceOf(stream));
        json.WriteNumber("hls_viewers", server.Hls.ViewersOf(stream));
        json.WriteStartArray("hls_left_out");
        foreach (var codec in server.Hls.Find(stream.Key)?.Refused ?? [])
            json.WriteStringValue(codec);
        json.WriteEndArray();
        json.WriteNumber("bytes_in", stream.BytesIn);
        json.WriteNumber("frames_in", stream.FramesIn);
        json.WriteNumber("frames_skipped", stream.Skipped);
        json.WriteNumber("cached_frames", stream.Gops.Count);
        json.WriteNumber(
            "seconds", stream.IsPublished ? (nowMs - stream.PublishedSinceMs) / 1000.0 : 0);
        if (stream.Publisher is { } publisher)
            WritePublisher(json, server, publisher);
        json.WriteString("flv", $"/{stream.Key}.flv");
        json.WriteString("ws", $"/{stream.Key}.flv");
    }

    private static void WritePlayer(Utf8JsonWriter json, Session session, Player player)
    {
        json.WriteStartObject();
        json.WriteString("id", $"{session.Connection.Id}");
        json.WriteString("protocol", session.Speaks);
        json.WriteString("address", $"{session.Peer}");
        json.WriteString("agent", session.Agent);
        json.WriteNumber("seconds", (session.NowMs - session.StartedMs) / 1000.0);
        json.WriteNumber("bytes_out", player.BytesSent);
        json.WriteNumber("lag_ms", session.Outbox.LagMs(session.NowMs));
        json.WriteNumber("dropped", player.Dropped);
        json.WriteEndObject();
    }

    private static void WriteClient(Utf8JsonWriter json, Session session)
    {
        var connection = session.Connection;
        var (role, stream) = session.Doing;
        var player = session.Players.Count > 0 ? session.Players[0] : null;
        json.WriteStartObject();
        json.WriteString("id", $"{connection.Id}");
        json.WriteString("role", role);
        json.WriteString("protocol", session.Speaks);
        json.WriteString("address", $"{session.Peer}");
        json.WriteString("app", stream?.Key.App ?? "");
        json.WriteString("name", stream?.Key.Name ?? "");
        json.WriteString("agent", session.Agent);
        json.WriteNumber("seconds", (session.NowMs - session.StartedMs) / 1000.0);
        json.WriteNumber("bytes_in", connection.BytesReceived);
        json.WriteNumber("bytes_out", connection.BytesSent);
        if (player is not null)
        {
            json.WriteNumber("lag_ms", session.Outbox.LagMs(session.NowMs));
            json.WriteNumber("dropped", player.Dropped);
        }
        json.WriteEndObject();
    }

    /// <summary>Somebody who watches by HLS, as one client, whatever its connections are.</summary>
    private static void WriteClient(Utf8JsonWriter json, HlsViewer viewer)
    {
        var key = viewer.Output.Stream.Key;
        json.WriteStartObject();
        json.WriteString("role", "player");
        json.WriteString("app", key.App);
        json.WriteString("name", key.Name);
        json.WriteNumber("bytes_in", 0);
        WriteFacts(json, viewer);
        json.WriteEndObject();
    }

    /// <summary>Everybody who is connected, or watches without being so.</summary>
    public static void WriteClients(Utf8JsonWriter json, ReactorServer server, ListQuery query)
    {
        json.WriteStartArray("clients");
        foreach (var session in server.Sessions)
        {
            if (query.Fits(session) && query.Takes())
                WriteClient(json, session);
        }
        foreach (var viewer in server.Hls.Viewers.All)
        {
            if (query.Fits(viewer) && query.Takes())
                WriteClient(json, viewer);
        }
        json.WriteEndArray();
        query.WriteTotal(json);
    }

    private static void WriteFacts(Utf8JsonWriter json, HlsViewer viewer)
    {
        json.WriteString("id", viewer.Id);
        json.WriteString("protocol", "hls");
        json.WriteString("address", $"{viewer.Address}");
        json.WriteString("agent", viewer.Agent);
        json.WriteNumber("seconds", (viewer.AskedMs - viewer.StartedMs) / 1000.0);
        json.WriteNumber("bytes_out", viewer.Bytes);
    }

    /// <summary>Where the server listens, and for what.</summary>
    public static void WriteListeners(Utf8JsonWriter json, ReactorServer server)
    {
        json.WriteStartArray("listeners");
        foreach (var listener in server.Entrance.Listeners)
        {
            json.WriteStartObject();
            json.WriteString("scheme", listener.Scheme);
            json.WriteString("address", $"{listener.Local.Address}");
            json.WriteNumber("port", listener.Local.Port);
            json.WriteStartArray("serve");
            foreach (var role in listener.Serve)
                json.WriteStringValue(JsonNamingPolicy.SnakeCaseLower.ConvertName($"{role}"));
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>Nothing, or 0, stands for what no header tells.</summary>
    private static void WriteVideo(
        Utf8JsonWriter json, CodecState codecs, PictureFacts picture)
    {
        json.WriteStartObject("video");
        json.WriteString("codec", codecs.VideoCodec);
        json.WriteString("rfc6381", codecs.Video?.Rfc6381 ?? "");
        json.WriteString("profile", codecs.Video?.Profile ?? "");
        json.WriteString("level", codecs.Video?.Level ?? "");
        json.WriteNumber("width", picture.Width);
        json.WriteNumber("height", picture.Height);
        json.WriteNumber("fps", Math.Round(picture.FramesPerSecond, 3));
        json.WriteEndObject();
    }

    private static void WriteAudio(Utf8JsonWriter json, CodecState codecs)
    {
        json.WriteStartObject("audio");
        json.WriteString("codec", codecs.AudioCodec);
        json.WriteString("rfc6381", codecs.Audio?.Rfc6381 ?? "");
        json.WriteString("profile", codecs.Audio?.Profile ?? "");
        json.WriteNumber("sample_rate", codecs.Audio?.SampleRate ?? 0);
        json.WriteNumber("channels", codecs.Audio?.Channels ?? 0);
        json.WriteEndObject();
    }

    private static void WritePublisher(
        Utf8JsonWriter json, ReactorServer server, IPublisher publisher)
    {
        var id = publisher.ConnectionId;
        var session = server.Sessions.Find(id);
        json.WriteStartObject("publisher");
        json.WriteString("id", $"{id}");
        json.WriteString("address", session is null ? "" : $"{session.Peer}");
        json.WriteEndObject();
    }
}
