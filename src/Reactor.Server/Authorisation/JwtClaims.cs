using System.Collections.Generic;
using Reactor.Server.Configuration;

namespace Reactor.Server.Authorisation;

/// <summary>What a verified token says, as far as it concerns us.</summary>
/// <param name="Paths">What may be published or played; null when it does not say.</param>
/// <param name="Action">publish or play; empty for both.</param>
/// <param name="Ip">Whose it is; empty when it does not say.</param>
public sealed record JwtClaims(IReadOnlyList<string>? Paths, string Action, string Ip)
{
    /// <summary>Whether one of the paths, which may be globs, covers it.</summary>
    public bool Covers(string path)
    {
        foreach (var each in Paths ?? [])
        {
            if (Glob.Matches(each.Trim('/'), path))
                return true;
        }
        return false;
    }
}
