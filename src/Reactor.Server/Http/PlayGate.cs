using System;
using Reactor.Server.Authorisation;
using Reactor.Server.Configuration;
using Reactor.Server.Sessions;
using Reactor.Streaming;

namespace Reactor.Server.Http;

/// <summary>Asks the gate whether a request may play, and refuses those that may not.</summary>
internal static class PlayGate
{
    private const string Scheme = "Bearer ";

    /// <summary>Goes on with the stream's public name, now or later, or refuses.</summary>
    /// <param name="exchange">Not answered yet.</param>
    /// <param name="key">The stream as the path names it.</param>
    /// <param name="options">What holds for it.</param>
    /// <param name="admitted">Called when it may play and still is there.</param>
    public static void Ask(
        HttpExchange exchange, StreamKey key, StreamOptions options, Action<StreamKey> admitted)
    {
        var server = exchange.Server;
        var visit = server.Gate.Ask(RequestOf(exchange, key, options), server.Options, verdict =>
        {
            if (exchange.IsAnswered)
                return;                         // the server stops
            exchange.Gone = null;
            if (verdict.Refusal is { } refusal)
                Refuse(exchange, key, refusal);
            else
                admitted(verdict.Key);
        });
        if (!visit.IsOver)
            exchange.Gone = visit.Forget;
    }

    public static int StatusOf(RefusalKind kind) => kind switch
    {
        RefusalKind.NotFound => 404,
        RefusalKind.Forbidden => 403,
        RefusalKind.Unauthorised => 401,
        RefusalKind.TooOften => 429,
        _ => 503,
    };

    /// <summary>The token of Authorization: Bearer, or nothing (RFC 6750 §2.1).</summary>
    public static string BearerOf(HttpExchange exchange)
    {
        var value = exchange.Request.Headers["Authorization"] ?? "";
        return value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? value[Scheme.Length..].Trim()
            : "";
    }

    private static AccessRequest RequestOf(
        HttpExchange exchange, StreamKey key, StreamOptions options)
    {
        var request = exchange.Request;
        return new AccessRequest
        {
            Action = AccessAction.Play,
            Key = key,
            Options = options,
            Address = exchange.ClientAddress,
            Parameters = request.Query,
            Connection = exchange.Session.Connection,
            Page = request.Headers["Referer"] ?? "",
            Bearer = BearerOf(exchange),
            TcUrl = $"http://{request.Host}/{key.App}",
            Client = request.Headers["User-Agent"] ?? "",
        };
    }

    private static void Refuse(HttpExchange exchange, StreamKey key, Refusal refusal)
    {
        exchange.Session.LogRefusal(key, refusal);
        if (refusal.Kind == RefusalKind.Unauthorised)
            exchange.Header("WWW-Authenticate", "Bearer");
        exchange.Refuse(StatusOf(refusal.Kind), refusal.Why);
    }
}
