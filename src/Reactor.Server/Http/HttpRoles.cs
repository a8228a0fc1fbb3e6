using System;
using System.Collections.Generic;
using Reactor.Server.Configuration;

namespace Reactor.Server.Http;

/// <summary>What a listener serves, or which of it a route belongs to.</summary>
[Flags]
internal enum HttpRoles
{
    None = 0,
    Flv = 1 << HttpRole.Flv,
    Hls = 1 << HttpRole.Hls,
    Player = 1 << HttpRole.Player,
    Control = 1 << HttpRole.Control,
    Console = 1 << HttpRole.Console,
    Metrics = 1 << HttpRole.Metrics,

    /// <summary>What everybody may see; pages of other origins too.</summary>
    Public = Flv | Hls | Player,

    /// <summary>What operates the server.</summary>
    Private = Control | Console | Metrics,

    All = Public | Private,
}

/// <summary>Reads the roles of a configured listener.</summary>
internal static class HttpRolesOf
{
    public static HttpRoles Listener(IReadOnlyList<HttpRole> serve)
    {
        var roles = HttpRoles.None;
        foreach (var role in serve)
            roles |= role == HttpRole.All ? HttpRoles.All : (HttpRoles)(1 << (int)role);
        return roles;
    }
}
