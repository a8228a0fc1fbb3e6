using System.Text.Json;
using Reactor.Protocol.Http;
using Reactor.Server.Http;
using Reactor.Server.Relays;

namespace Reactor.Server.Control;

/// <summary>livego's relays: <c>/control/push|pull?oper=&amp;app=&amp;name=&amp;url=</c>
/// (S4.10 to S4.14), and <c>/api/v1/relays</c>.</summary>
internal static class RelayRoutes
{
    public static void Push(HttpExchange exchange) => Order(exchange, isPush: true);

    public static void Pull(HttpExchange exchange) => Order(exchange, isPush: false);

    /// <summary>Lists relays; POST begins one, DELETE ends it, by kind, app, name and url.
    /// </summary>
    public static void Relays(HttpExchange exchange)
    {
        var query = exchange.Request.Query;
        var (app, name) = (query["app"] ?? "", query["name"] ?? "");
        var (url, isPush) = (query["url"] ?? "", query["kind"] == "push");
        var relays = exchange.Server.RelayApi;
        var isOrder = exchange.Request.Method is HttpMethod.Post or HttpMethod.Delete;
        if (isOrder && !isPush && query["kind"] != "pull")
        {
            Envelope.Answer(exchange, 400, "kind is push or pull");
            return;
        }
        RelayAnswer? answer = exchange.Request.Method switch
        {
            HttpMethod.Post => relays.Start(isPush, app, name, url),
            HttpMethod.Delete => relays.Stop(isPush, app, name, url),
            _ => null,
        };
        if (answer is { IsDone: false } refused)
            Envelope.Answer(exchange, 400, refused.Text);
        else
            JsonAnswer.SendList(exchange, "relays", relays.List(), Write);
    }

    private static void Write(Utf8JsonWriter json, RelayStatus relay)
    {
        json.WriteStartObject();
        json.WriteString("key", relay.Key);
        json.WriteString("target", relay.Target);
        json.WriteString("origin", relay.Origin);
        json.WriteString("state", relay.State.ToString().ToLowerInvariant());
        json.WriteNumber("state_seconds", relay.StateMs / 1000.0);
        json.WriteString("error", relay.LastError);
        json.WriteNumber("attempts", relay.Attempts);
        json.WriteNumber("bytes_in", relay.BytesIn);
        json.WriteNumber("bytes_out", relay.BytesOut);
        json.WriteString("address", relay.Remote?.ToString() ?? "");
        json.WriteEndObject();
    }

    /// <summary>Any other word than stop starts (S4.12); what fails is 400, as it reads.</summary>
    private static void Order(HttpExchange exchange, bool isPush)
    {
        var query = exchange.Request.Query;
        var (app, name) = (query["app"] ?? "", query["name"] ?? "");
        var url = query["url"] ?? "";
        var relays = exchange.Server.RelayApi;
        var answer = query["oper"] == "stop"
            ? relays.Stop(isPush, app, name, url)
            : relays.Start(isPush, app, name, url);
        Envelope.Answer(exchange, answer.IsDone ? 200 : 400, answer.Text);
    }
}
