using System;
using System.Text.Json;
using Reactor.Server.Http;

namespace Reactor.Server.Control;

/// <summary>livego's envelope: the status once more, and data (S4.19).</summary>
internal static class Envelope
{
    public static void Answer(HttpExchange exchange, int status, string data) =>
        Answer(exchange, status, json => json.WriteStringValue(data));

    /// <param name="exchange">Not answered yet.</param>
    /// <param name="status">Of HTTP, too.</param>
    /// <param name="write">Writes one value.</param>
    public static void Answer(HttpExchange exchange, int status, Action<Utf8JsonWriter> write) =>
        JsonAnswer.Send(exchange, status, json =>
        {
            json.WriteNumber("status", status);
            json.WritePropertyName("data");
            write(json);
        });
}
