using Reactor.Server.Http;

namespace Reactor.Server.Control;

/// <summary>livego's relays: <c>/control/push|pull?oper=&amp;app=&amp;name=&amp;url=</c>
/// (S4.10 to S4.14).</summary>
internal static class RelayRoutes
{
    public static void Push(HttpExchange exchange) => Order(exchange, isPush: true);

    public static void Pull(HttpExchange exchange) => Order(exchange, isPush: false);

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
