using System;
using System.Collections.Generic;
using System.Text.Json;
using Reactor.Server.Http;

namespace Reactor.Server.Control;

/// <summary>Answers in JSON: an object.</summary>
internal static class JsonAnswer
{
    /// <param name="exchange">Not answered yet.</param>
    /// <param name="status">Of HTTP.</param>
    /// <param name="write">Writes what the object has.</param>
    public static void Send(HttpExchange exchange, int status, Action<Utf8JsonWriter> write)
    {
        var bytes = exchange.Server.Answers.Begin();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        exchange.Answer(status, "application/json", bytes.WrittenSpan);
    }

    /// <summary>Answers with a list alone, under its name.</summary>
    public static void SendList<T>(
        HttpExchange exchange, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        Send(exchange, 200, json =>
        {
            json.WriteStartArray(name);
            foreach (var item in items)
                write(json, item);
            json.WriteEndArray();
        });
    }
}
