using System.Collections.Generic;
using System.Linq;
using System.Text;
using Reactor.Server.Http;
using Reactor.Server.Sessions;

namespace Reactor.Server.Control;

/// <summary>
/// nginx-rtmp's <c>/control/drop/publisher|subscriber|client</c>, with app, and maybe name, addr
/// and clientid; the answer is how many were dropped.
/// </summary>
internal static class NginxControl
{
    private const string DropPath = "/control/drop/";

    public static void Drop(HttpExchange exchange)
    {
        var role = exchange.Request.Path[DropPath.Length..] switch
        {
            "publisher" => "publisher",
            "subscriber" => "player",
            "client" => "",
            _ => null,
        };
        if (role is null)
        {
            Envelope.Answer(exchange, 404, "publisher, subscriber or client can be dropped");
            return;
        }
        if (exchange.Request.Query["app"] is not { Length: > 0 })
        {
            Envelope.Answer(exchange, 400, "app is needed");
            return;
        }
        List<Session> chosen =
            [.. exchange.Server.Sessions.Where(session => IsMeant(exchange, session, role))];
        foreach (var session in chosen)
            ApiRoutes.Kick(exchange.Server, session.Connection.Id);
        exchange.Answer(200, "text/plain", Encoding.ASCII.GetBytes($"{chosen.Count}"));
    }

    private static bool IsMeant(HttpExchange exchange, Session session, string role)
    {
        var query = exchange.Request.Query;
        var (does, stream) = session.Doing;
        return stream is not null
            && (role.Length == 0 || does == role)
            && IsNamed(query["app"], stream.Key.App)
            && IsNamed(query["name"], stream.Key.Name)
            && IsNamed(query["addr"], session.Peer.Address.ToString())
            && IsNamed(query["clientid"], $"{session.Connection.Id}");
    }

    private static bool IsNamed(string? asked, string value) =>
        string.IsNullOrEmpty(asked) || asked == value;
}
