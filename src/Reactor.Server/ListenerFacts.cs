using System.Collections.Generic;
using System.Net;
using Reactor.Server.Configuration;
using Reactor.Server.Http;

namespace Reactor.Server;

/// <summary>One listener: where it is, and what is spoken there.</summary>
/// <param name="Scheme">Of its URLs: rtmp, rtmps, http, https.</param>
/// <param name="Local">Where it listens; a port that was 0 is the real one.</param>
/// <param name="Serve">What it serves, for HTTP; else empty.</param>
internal sealed record ListenerFacts(
    string Scheme, IPEndPoint Local, IReadOnlyList<HttpRole> Serve)
{
    public HttpRoles Roles => HttpRolesOf.Listener(Serve);
}
