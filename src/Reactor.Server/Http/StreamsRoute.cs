using System.Text.Json;
using Reactor.Server.Control;

namespace Reactor.Server.Http;

/// <summary>livego's list of who publishes and who plays (S4.18).</summary>
internal static class StreamsRoute
{
    public static void List(HttpExchange exchange) => JsonAnswer.Send(exchange, 200, json =>
    {
        json.WriteStartArray("publishers");
        foreach (var stream in exchange.Server.Hub.Streams)
        {
            if (stream.Publisher is { } publisher)
                Write(json, stream.Key.ToString(), publisher.ConnectionId);
        }
        json.WriteEndArray();
        json.WriteStartArray("players");
        foreach (var session in exchange.Server.Sessions)
        {
            foreach (var player in session.Players)
                Write(json, player.Stream.Key.ToString(), session.Connection.Id);
        }
        json.WriteEndArray();
    });

    private static void Write(Utf8JsonWriter json, string key, long id)
    {
        json.WriteStartObject();
        json.WriteString("key", key);
        json.WriteNumber("id", id);
        json.WriteEndObject();
    }
}
