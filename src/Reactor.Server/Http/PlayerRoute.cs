using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Reactor.Server.Control;

namespace Reactor.Server.Http;

/// <summary>What the player page asks; the contract is in src/Reactor.Web/README.md.</summary>
internal static class PlayerRoute
{
    /// <summary>Where what is served.</summary>
    public static void Describe(HttpExchange exchange)
    {
        var listeners = exchange.Server.Entrance.Listeners;
        exchange.Header("Cache-Control", "no-cache");
        JsonAnswer.Send(exchange, 200, json =>
        {
            WritePort(json, "rtmp_port", listeners.FirstOrDefault(each => each.Scheme == "rtmp"));
            WritePort(json, "rtmps_port", listeners.FirstOrDefault(each => each.Scheme == "rtmps"));
            WritePorts(json, "flv", listeners, HttpRoles.Flv);
            WritePorts(json, "hls", listeners, HttpRoles.Hls);
            json.WriteStartArray("here");
            foreach (var (name, role) in Offered)
            {
                if ((exchange.Session.Roles & role) != 0)
                    json.WriteStringValue(name);
            }
            json.WriteEndArray();
            json.WriteString("version", ReactorServer.Version);
        });
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

    /// <summary>The first listeners with the role, or null: then nothing of it is served.</summary>
    private static void WritePorts(
        Utf8JsonWriter json, string name, IReadOnlyList<ListenerFacts> listeners, HttpRoles role)
    {
        var serving = listeners.Where(listener => (listener.Roles & role) != 0).ToList();
        if (serving.Count == 0)
        {
            json.WriteNull(name);
            return;
        }
        json.WriteStartObject(name);
        WritePort(json, "port", serving.Find(listener => listener.Scheme == "http"));
        WritePort(json, "tls_port", serving.Find(listener => listener.Scheme == "https"));
        json.WriteEndObject();
    }

    private static void WritePort(Utf8JsonWriter json, string name, ListenerFacts? listener)
    {
        if (listener is not null)
            json.WriteNumber(name, listener.Local.Port);
    }
}
