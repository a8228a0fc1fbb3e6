using System;
using System.Collections.Generic;
using System.Linq;
using Reactor.Protocol.Http;
using Reactor.Server.Configuration;

namespace Reactor.Server.Http;

/// <summary>One row of the table: who answers which requests on which listeners.</summary>
/// <param name="Roles">A listener with one of them has the route.</param>
/// <param name="Methods">The methods it knows.</param>
/// <param name="Path">A path, or a glob in which * is any run, slashes too.</param>
/// <param name="Answer">
/// Answers now or later, or passes the request on to the next row that fits.
/// </param>
internal sealed record HttpRoute(
    HttpRoles Roles, IReadOnlyList<HttpMethod> Methods, string Path, Action<HttpExchange> Answer)
{
    public bool Fits(HttpRoles listener, string path) =>
        (Roles & listener) != 0 && Glob.Matches(Path, path);

    public bool Takes(HttpMethod method) => Methods.Contains(method);

    /// <summary>The methods in the form of the header Allow, with the one that every row knows.
    /// </summary>
    public string Allow => string.Join(
        ", ", Methods.Append(HttpMethod.Options).Select(it => it.ToString().ToUpperInvariant()));
}
