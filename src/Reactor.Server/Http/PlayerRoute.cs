using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Reactor.Server.Configuration;

namespace Reactor.Server.Http;

/// <summary>Tells the player page where what is served: its contract is in Reactor.Web.</summary>
internal static class PlayerRoute
{
    private static readonly string Version =
        typeof(PlayerRoute).Assembly.GetName().Version?.ToString(fieldCount: 3) ?? "";

    public static void Describe(HttpExchange exchange)
    {
        var options = exchange.Server.Options;
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes);
        json.WriteStartObject();
        if (options.Rtmp.Listen.Count > 0)
            json.WriteNumber("rtmp_port", options.Rtmp.Listen[0].EndPoint.Port);
        WritePort(json, "flv", options.Http.Listen, HttpRoles.Flv);
        WritePort(json, "hls", options.Http.Listen, HttpRoles.Hls);
        json.WriteStartArray("here");
        foreach (var (name, role) in Offered)
        {
            if ((exchange.Session.Roles & role) != 0)
                json.WriteStringValue(name);
        }
        json.WriteEndArray();
        json.WriteString("version", Version);
        json.WriteEndObject();
        json.Flush();
        exchange.Header("Cache-Control", "no-cache");
        exchange.Answer(200, "application/json", bytes.WrittenSpan);
    }

    private static (string Name, HttpRoles Role)[] Offered { get; } =
        [("flv", HttpRoles.Flv), ("hls", HttpRoles.Hls), ("player", HttpRoles.Player)];

    /// <summary>The first listener with the role, or null: then nothing of it is served.</summary>
    private static void WritePort(
        Utf8JsonWriter json, string name, IReadOnlyList<HttpListen> listeners, HttpRoles role)
    {
        var listener = listeners.FirstOrDefault(
            listener => (HttpRolesOf.Listener(listener.Serve) & role) != 0);
        if (listener is null)
        {
            json.WriteNull(name);
            return;
        }
        json.WriteStartObject(name);
        json.WriteNumber("port", listener.Address.EndPoint.Port);
        json.WriteEndObject();
    }
}
