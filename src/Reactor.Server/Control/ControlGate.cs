using System;
using System.Collections.Generic;
using System.Net;
using Reactor.Server.Authorisation;
using Reactor.Server.Configuration;
using Reactor.Server.Http;

namespace Reactor.Server.Control;

/// <summary>Lets only those operate the server who may (threat 5).</summary>
/// <remarks>
/// By address, and by token or password where one is configured. Without these the browser of
/// somebody who may is the danger: so the server has to be called by an address, by localhost, or
/// by a name that is configured (a page may rebind its own name), and pages of other origins are
/// refused.
/// </remarks>
internal static class ControlGate
{
    private const string NeedsPassword = "a name and a password are needed";

    /// <summary>A route that answers only those who may.</summary>
    public static Action<HttpExchange> Only(Action<HttpExchange> answer) => exchange =>
    {
        exchange.Header("Cache-Control", "no-store");
        Judge(exchange, refusal =>
        {
            if (refusal is { } it)
                Refuse(exchange, it);
            else
                answer(exchange);
        });
    };

    /// <summary>A route that passes on those who may not, where others are answered too.</summary>
    public static Action<HttpExchange> OrPass(Action<HttpExchange> answer)
    {
        var guarded = Only(answer);
        return exchange =>
        {
            if ((exchange.Session.Roles & HttpRoles.Player) == 0)
            {
                guarded(exchange);
                return;
            }
            Judge(exchange, refusal =>
            {
                if (refusal is not null)
                    exchange.Pass();
                else
                    guarded(exchange);
            });
        };
    }

    /// <summary>
    /// A page that asks for the rest by scripts: a browser asks for the password when it is
    /// opened, unless it may have a token instead.
    /// </summary>
    public static Action<HttpExchange> Page(Action<HttpExchange> answer) => exchange =>
    {
        var options = exchange.Server.Options.Api;
        if (options.Users.Count > 0 && !HasToken(options))
            Only(answer)(exchange);
        else
            answer(exchange);
    };

    /// <summary>The same, where livego's interface is switched on.</summary>
    public static Action<HttpExchange> Livego(Action<HttpExchange> answer) =>
        Only(options => options.Livego, answer);

    /// <summary>The same, where nginx-rtmp's interface is switched on.</summary>
    public static Action<HttpExchange> Nginx(Action<HttpExchange> answer) =>
        Only(options => options.Nginx, answer);

    private static Action<HttpExchange> Only(
        Func<ApiOptions, bool> isOn, Action<HttpExchange> answer)
    {
        var guarded = Only(answer);
        return exchange =>
        {
            if (isOn(exchange.Server.Options.Api))
                guarded(exchange);
            else
                exchange.Pass();
        };
    }

    /// <summary>Judges at once, or when a password was derived that was not known yet.</summary>
    /// <param name="exchange">Not answered yet.</param>
    /// <param name="done">Takes why not, or null; not called when the peer is gone.</param>
    private static void Judge(HttpExchange exchange, Action<(int Status, string Why)?> done)
    {
        var server = exchange.Server;
        var users = server.Options.Api.Users;
        var connection = exchange.Session.Connection;
        if (RefusalOfPlace(exchange) is { } refusal)
        {
            done(refusal);                      // whoever may not ask costs nothing
        }
        else if (BasicCredentials.Of(AuthorizationOf(exchange)) is not { } shown
            || !server.Passwords.MustDerive(shown, users))
        {
            done(Refusal(exchange));
        }
        else if (!server.Passwords.TryDerive(
            shown, users, () => connection.Loop.Contain(connection, Judged)))
        {
            exchange.Header("Retry-After", "1");
            done((503, "too many passwords are looked at already"));
        }

        void Judged()
        {
            if (!exchange.IsOver)
                done(Refusal(exchange));
        }
    }

    private static (int Status, string Why)? RefusalOfPlace(HttpExchange exchange)
    {
        var server = exchange.Server;
        var options = server.Options.Api;
        if (!options.Enabled)
            return (404, "the API is switched off");
        if (!AddressRules.Allow(exchange.ClientAddress, options.Allow, []))
            return (403, "not from this address: api.allow");
        return server.Gate.IsBlocked(exchange.ClientAddress)
            ? (429, "too many failed attempts, try again later")
            : null;
    }

    private static (int Status, string Why)? Refusal(HttpExchange exchange)
    {
        var options = exchange.Server.Options.Api;
        var hasToken = HasToken(options);
        var authorization = AuthorizationOf(exchange);
        if (options.Users.Count > 0 && BasicCredentials.IsShown(authorization))
            return RefusalOfPassword(exchange, authorization, options);
        if (options.Users.Count > 0 && !(hasToken && TokenOf(exchange, options.Jwt).Length > 0))
            return (401, NeedsPassword);
        return hasToken
            ? RefusalOfToken(exchange, options.Jwt)
            : RefusalOfName(exchange, options) ?? RefusalOfPage(exchange);
    }

    /// <summary>
    /// A browser shows a password by itself, for pages of others too: so the page counts. The name
    /// does not, for under a name that was rebound to us it has no password.
    /// </summary>
    private static (int, string)? RefusalOfPassword(
        HttpExchange exchange, string authorization, ApiOptions options)
    {
        var server = exchange.Server;
        if (BasicCredentials.Of(authorization) is { } shown
            && server.Passwords.IsAny(shown, options.Users))
        {
            return RefusalOfPage(exchange);
        }
        server.Gate.CountFailure(exchange.ClientAddress);
        return (401, "the name or the password is wrong");
    }

    private static void Refuse(HttpExchange exchange, (int Status, string Why) refusal)
    {
        if (refusal.Status == 401)
            exchange.Header("WWW-Authenticate", "Basic realm=\"reactor\", charset=\"UTF-8\"");
        Envelope.Answer(exchange, refusal.Status, refusal.Why);
    }

    private static string AuthorizationOf(HttpExchange exchange) =>
        exchange.Request.Headers["Authorization"] ?? "";

    private static bool HasToken(ApiOptions options) =>
        options.Jwt.Secret.Length > 0 || options.Jwt.PublicKey.Length > 0;

    /// <summary>livego answers 403 to every token that does not hold (S4.20).</summary>
    private static (int, string)? RefusalOfToken(HttpExchange exchange, JwtOptions options)
    {
        var server = exchange.Server;
        var token = TokenOf(exchange, options);
        if (token.Length == 0)
            return (403, "a token is needed: Authorization: Bearer, or ?jwt=");
        var verifier = server.Credentials.VerifierOf(options);
        if (verifier.TryVerify(token, server.Time.GetUtcNow(), out _, out var why))
            return null;
        server.Gate.CountFailure(exchange.ClientAddress);
        return (403, why);
    }

    private static string TokenOf(HttpExchange exchange, JwtOptions options)
    {
        var bearer = PlayGate.BearerOf(exchange);
        return bearer.Length > 0 ? bearer : exchange.Request.Query[options.Param] ?? "";
    }

    private static (int, string)? RefusalOfName(HttpExchange exchange, ApiOptions options)
    {
        var name = exchange.Request.HostName;
        return IsHostOurs(name, options.Hosts)
            ? null
            : (403, $"not under the name {name}: api.hosts");
    }

    private static (int, string)? RefusalOfPage(HttpExchange exchange)
    {
        var request = exchange.Request;
        if (request.Headers["Sec-Fetch-Site"] is "cross-site" or "same-site")
            return (403, "not from a page of another origin");
        var isForeign = request.Headers["Origin"] is { } origin
            && !(Uri.TryCreate(origin, UriKind.Absolute, out var page)
                && page.Authority.Equals(request.Host, StringComparison.OrdinalIgnoreCase));
        return isForeign ? (403, "not from a page of another origin") : null;
    }

    private static bool IsHostOurs(string host, IReadOnlyList<string> hosts)
    {
        if (host.Length == 0 || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || IPAddress.TryParse(host.Trim('[', ']'), out _))
        {
            return true;                        // no page has an address for its name
        }
        foreach (var each in hosts)
        {
            if (host.Equals(each, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }
}
