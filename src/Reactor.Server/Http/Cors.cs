using System;
using System.Linq;
using Reactor.Protocol.Http;
using Reactor.Server.Configuration;

namespace Reactor.Server.Http;

/// <summary>Which pages of other origins may read an answer (S3.10).</summary>
/// <remarks>
/// Credentials are never allowed, and the listeners that operate the server are never opened to
/// other origins: a page that somebody visits must not steer it.
/// </remarks>
internal static class Cors
{
    /// <summary>Adds the headers, where a page asks from another origin.</summary>
    /// <returns>Whether it may read the answer.</returns>
    public static bool Allow(HttpExchange exchange, HttpRoute route)
    {
        if (!TryAllowReading(exchange, route.Roles))
            return false;
        if (exchange.Request.Method != HttpMethod.Options)
            return true;
        exchange.Header("Access-Control-Allow-Methods", route.Allow);
        exchange.Header("Access-Control-Allow-Headers", "*");
        exchange.Header("Access-Control-Max-Age", "86400");
        if (exchange.Request.Headers["Access-Control-Request-Private-Network"] == "true")
            exchange.Header("Access-Control-Allow-Private-Network", "true");
        return true;
    }

    /// <summary>Whether a WebSocket may be opened: browsers leave that to the server.</summary>
    public static bool IsFromAllowedPage(HttpExchange exchange)
    {
        var options = exchange.Server.Options.Http.Cors;
        return exchange.Request.Headers["Origin"] is not { } origin
            || IsListed(options, origin)
            || (Uri.TryCreate(origin, UriKind.Absolute, out var page)
                && page.Authority.Equals(
                    exchange.Request.Host, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Lets a page read that nothing is here, where it could read what is.</summary>
    public static void AllowMiss(HttpExchange exchange) =>
        TryAllowReading(exchange, exchange.Session.Roles & HttpRoles.Public);

    private static bool TryAllowReading(HttpExchange exchange, HttpRoles roles)
    {
        if (Granted(exchange, roles) is not { } granted)
            return false;
        exchange.Header("Access-Control-Allow-Origin", granted);
        if (granted != "*")
            exchange.Header("Vary", "Origin");
        exchange.Header("Access-Control-Expose-Headers", "*");
        return true;
    }

    /// <summary>The origin to name, or null.</summary>
    private static string? Granted(HttpExchange exchange, HttpRoles roles)
    {
        var options = exchange.Server.Options.Http.Cors;
        var origin = exchange.Request.Headers["Origin"];
        var isPublic = roles is not HttpRoles.None && (roles & HttpRoles.Private) == 0;
        if (origin is null || !isPublic || !IsListed(options, origin))
            return null;
        return options.Origins.Contains("*") ? "*" : origin;
    }
    private static bool IsListed(CorsOptions options, string origin) => options.Enabled
        && (options.Origins.Contains("*")
            || options.Origins.Contains(origin, StringComparer.OrdinalIgnoreCase));
}
