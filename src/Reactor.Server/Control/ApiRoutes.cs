using System;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using Reactor.Protocol.Http;
using Reactor.Server.Egress;
using Reactor.Server.Http;
using Reactor.Streaming;
using Reactor.Transport;

namespace Reactor.Server.Control;

/// <summary>The REST interface below <c>/api/v1</c>; openapi.json describes it.</summary>
internal static class ApiRoutes
{
    private const string StreamsPath = "/api/v1/streams/";
    private const string ClientsPath = "/api/v1/clients/";
    private const int FarewellMs = 2000;
    private const string KickReason = "ended by an operator";

    public static void Server(HttpExchange exchange)
    {
        var server = exchange.Server;
        JsonAnswer.Send(exchange, 200, json =>
        {
            json.WriteString("version", ReactorServer.Version);
            json.WriteString("id", server.Id);
            json.WriteNumber("uptime_seconds", server.Loop.NowMs / 1000.0);
            json.WriteStartObject("connections");
            foreach (var kind in server.Sessions.GroupBy(session => session.Speaks))
                json.WriteNumber(kind.Key, kind.Count());
            json.WriteEndObject();
            json.WriteNumber("publishers", server.PublisherCount);
            json.WriteNumber("players", server.AudienceCount);
            json.WriteNumber("hls_viewers", server.Hls.Viewers.Count);
            json.WriteNumber("bytes_in", server.Sessions.BytesIn);
            json.WriteNumber("bytes_out", server.Sessions.BytesOut);
            json.WriteStartObject("memory");
            json.WriteNumber("media_bytes", server.Loop.Pool.OutstandingBytes);
            json.WriteNumber("rss_bytes", Environment.WorkingSet);
            json.WriteEndObject();
            json.WriteStartObject("loop");
            json.WriteNumber("turns", server.Loop.Turns);
            json.WriteNumber("busy_share", server.Meter.BusyShare(server.Loop.NowMs));
            json.WriteNumber("turn_ms_p99", server.Meter.TurnMsP99);
            json.WriteEndObject();
            ApiJson.WriteListeners(json, server);
            json.WriteString("rooms_trouble", server.Rooms?.Trouble ?? "");
        });
    }

    public static void Streams(HttpExchange exchange) => Some(exchange, ApiJson.WriteStreams);

    /// <summary>Shows a stream, or ends its publisher.</summary>
    public static void Stream(HttpExchange exchange)
    {
        if (exchange.Request.Method == HttpMethod.Delete)
            DropStream(exchange);
        else if (FindStream(exchange) is { } stream)
            JsonAnswer.Send(
                exchange, 200, json => ApiJson.WriteWhole(json, exchange.Server, stream));
        else
            Envelope.Answer(exchange, 404, "there is no such stream");
    }

    /// <summary>Ends the publisher of a stream; it may come back.</summary>
    private static void DropStream(HttpExchange exchange)
    {
        var id = FindStream(exchange)?.Publisher?.ConnectionId;
        if (id is { } connection && Kick(exchange.Server, connection))
            exchange.AnswerWithout(204);
        else
            Envelope.Answer(exchange, 404, "nobody publishes it");
    }

    public static void Clients(HttpExchange exchange) => Some(exchange, ApiJson.WriteClients);

    /// <summary>Ends a connection, whatever it does, or a viewer of HLS.</summary>
    public static void KickClient(HttpExchange exchange)
    {
        var text = exchange.Request.Path[ClientsPath.Length..];
        var isNumber = long.TryParse(
            text, NumberStyles.None, CultureInfo.InvariantCulture, out var id);
        var viewer = exchange.Server.Hls.Viewers.All.FirstOrDefault(each => each.Id == text);
        if (viewer is not null)
            Kick(exchange.Server, viewer);
        if (viewer is not null || (isNumber && Kick(exchange.Server, id)))
            exchange.AnswerWithout(204);
        else
            Envelope.Answer(exchange, 404, "there is no such client");
    }

    /// <summary>Ends a connection by its number.</summary>
    /// <returns>False when there is none.</returns>
    public static bool Kick(ReactorServer server, long id)
    {
        var session = server.Sessions.Find(id);
        session?.Connection.CloseGently(
            CloseReason.Refused, KickReason, FarewellMs);
        return session is not null;
    }

    /// <summary>Ends somebody who watches by HLS.</summary>
    public static void Kick(ReactorServer server, HlsViewer viewer) =>
        server.Hls.Viewers.Refuse(viewer, KickReason);

    /// <summary>Those of a list that are asked for.</summary>
    private static void Some(
        HttpExchange exchange, Action<Utf8JsonWriter, ReactorServer, ListQuery> write)
    {
        if (ListQuery.TryRead(exchange, out var query))
            JsonAnswer.Send(exchange, 200, json => write(json, exchange.Server, query));
    }

    private static LiveStream? FindStream(HttpExchange exchange)
    {
        var path = exchange.Request.Path[StreamsPath.Length..].Trim('/');
        var slash = path.LastIndexOf('/');
        return slash <= 0
            ? null
            : exchange.Server.Hub.Find(new StreamKey(path[..slash], path[(slash + 1)..]));
    }
}
