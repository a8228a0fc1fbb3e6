using System;
using System.Buffers;
using System.Text.Json;
using Reactor.Server.Http;

namespace Reactor.Server.Control;

/// <summary>Answers in JSON.</summary>
internal static class JsonAnswer
{
    public static void Send(HttpExchange exchange, int status, Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(bytes))
            write(json);
        exchange.Answer(status, "application/json", bytes.WrittenSpan);
    }
}
