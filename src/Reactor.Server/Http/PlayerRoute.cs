using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Reactor.Server.Configuration;

namespace Reactor.Server.Http;

/// <summary>What the player page asks; the contract is in src/Reactor.Web/README.md.</summary>
internal static class PlayerRoute
{
    private static readonly string Version =
        typeof(PlayerRoute).Assembly.GetName().Version?.ToString(fieldCount: 3) ?? "";

    /// <summary>Where what is served.</summary>
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

    /// <summary>What is live, for everybody to see.</summary>
    public static void List(HttpExchange exchange)
    {
        exchange.Header("Cache-Control", "no-cache");
        var list = exchange.Server.Listing.At(exchange.Server.Loop.NowMs);
        exchange.Answer(200, "application/json", list);
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
