using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;
using Reactor.Protocol;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Egress;
using Reactor.Server.Http;
using Reactor.Server.Sessions;
using Reactor.Streaming;

namespace Reactor.Server.Control;

/// <summary>
/// nginx-rtmp's <c>/control/drop</c> and <c>/control/redirect</c>, each of
/// <c>/publisher|subscriber|client</c> with app, and maybe name, addr and clientid; the answer is
/// how many it was.
/// </summary>
internal static class NginxControl
{
    private const string DropPath = "/control/drop/";
    private const string RedirectPath = "/control/redirect/";

    /// <summary>Hooks that may be under way for one order: others ask hooks, too.</summary>
    private const int MovesAtOnce = 64;

    private const string Publisher = "publisher";
    private const string Player = "player";

    public static void Drop(HttpExchange exchange)
    {
        if (!TryReadRole(exchange, DropPath, out var role))
            return;
        List<Session> chosen =
            [.. exchange.Server.Sessions.Where(session => IsMeant(exchange, session, role))];
        foreach (var session in chosen)
            ApiRoutes.Kick(exchange.Server, session.Connection.Id);
        List<HlsViewer> viewers = role == Publisher
            ? []
            : [.. exchange.Server.Hls.Viewers.All.Where(viewer => IsMeant(exchange, viewer))];
        foreach (var viewer in viewers)
            ApiRoutes.Kick(exchange.Server, viewer);
        Answer(exchange, chosen.Count + viewers.Count);
    }

    /// <summary>
    /// Moves them to <c>newname</c> of their application; those whom the gate or a limit refuses
    /// stay where they are, and are not counted.
    /// </summary>
    public static void Redirect(HttpExchange exchange)
    {
        if (!TryReadRole(exchange, RedirectPath, out var role))
            return;
        var query = exchange.Request.Query;
        if (query["newname"] is not { Length: > 0 } name)
        {
            Envelope.Answer(exchange, 400, "newname is needed");
            return;
        }
        var bytesMax = exchange.Server.Options.Limits.MaxName;
        if (!StreamAddress.TryParse(
            query["app"]!, "", name, bytesMax, out var address, out var why))
        {
            Envelope.Answer(exchange, 400, $"newname: {why}");
            return;
        }
        var key = StreamKey.Of(address);
        var parameters = address.Parameters.Pairs.Count > 0 ? address.Parameters : null;
        CountMoves(exchange, Moves(exchange, role, key, parameters));
    }

    /// <summary>Starts some at a time, and answers when the last of them is decided.</summary>
    private static void CountMoves(HttpExchange exchange, List<Action<Action<bool>>> moves)
    {
        var isStarting = false;
        var (started, ended, moved) = (0, 0, 0);
        Start();

        void Start()
        {
            isStarting = true;
            while (started < moves.Count && started - ended < MovesAtOnce)
                moves[started++](End);
            isStarting = false;
            if (ended == moves.Count && !exchange.IsOver)
                Answer(exchange, moved);
        }

        void End(bool isMoved)
        {
            moved += isMoved ? 1 : 0;
            ended++;
            if (isStarting)
                return;                         // it was decided at once: the loop goes on
            var connection = exchange.Session.Connection;
            connection.Loop.Contain(connection, Start);
        }
    }

    /// <summary>Everybody who is meant, publishers first, before anybody is moved.</summary>
    private static List<Action<Action<bool>>> Moves(
        HttpExchange exchange, string role, StreamKey key, QueryParameters? parameters)
    {
        var moves = new List<Action<Action<bool>>>();
        foreach (var session in exchange.Server.Sessions.OfType<RtmpSession>())
        {
            foreach (var publisher in session.Publishers)
            {
                if (role != Player && IsMeant(exchange, session, publisher.Stream))
                    moves.Add(done => session.Redirect(publisher, key, parameters, done));
            }
        }
        foreach (var session in exchange.Server.Sessions)
        {
            foreach (var player in session.Players)
            {
                if (role != Publisher && IsMeant(exchange, session, player.Stream))
                    moves.Add(done => session.Redirect(player, key, parameters, done));
            }
        }
        return moves;
    }

    private static bool TryReadRole(HttpExchange exchange, string path, out string role)
    {
        var word = exchange.Request.Path[path.Length..];
        role = word switch
        {
            "publisher" => Publisher,
            "subscriber" => Player,
            _ => "",
        };
        if (role.Length == 0 && word != "client")
            Envelope.Answer(exchange, 404, "it is for a publisher, subscriber or client");
        else if (exchange.Request.Query["app"] is not { Length: > 0 })
            Envelope.Answer(exchange, 400, "app is needed");
        else
            return true;
        return false;
    }

    private static bool IsMeant(HttpExchange exchange, Session session, string role)
    {
        var (does, stream) = session.Doing;
        return stream is not null && (role.Length == 0 || does == role)
            && IsMeant(exchange, session, stream);
    }

    private static bool IsMeant(HttpExchange exchange, Session session, LiveStream stream) =>
        IsMeant(exchange, stream, session.Peer.Address, $"{session.Connection.Id}");

    private static bool IsMeant(HttpExchange exchange, HlsViewer viewer) =>
        IsMeant(exchange, viewer.Output.Stream, viewer.Address, viewer.Id);

    private static bool IsMeant(
        HttpExchange exchange, LiveStream stream, IPAddress address, string id)
    {
        var query = exchange.Request.Query;
        return IsNamed(query["app"], stream.Key.App)
            && IsNamed(query["name"], stream.Key.Name)
            && IsNamed(query["addr"], address.ToString())
            && IsNamed(query["clientid"], id);
    }

    private static bool IsNamed(string? asked, string value) =>
        string.IsNullOrEmpty(asked) || asked == value;

    private static void Answer(HttpExchange exchange, int count) =>
        exchange.Answer(200, "text/plain", Encoding.ASCII.GetBytes($"{count}"));
}
