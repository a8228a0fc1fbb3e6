using System;
using System.Collections.Generic;

namespace Reactor.Server.Authorisation;

/// <summary>Whether a page may play, by the host that it is of.</summary>
/// <remarks>
/// Only a fence against other people's pages: whoever writes a client writes its Referer too.
/// </remarks>
public static class RefererRules
{
    /// <summary>Stands for players that name no page, such as VLC and ffplay.</summary>
    public const string None = "none";

    /// <param name="page">The Referer of HTTP or pageUrl of RTMP; empty for none.</param>
    /// <param name="allowed">
    /// Hosts, each with all below it: <c>example.com</c> covers <c>www.example.com</c>, not
    /// <c>badexample.com</c>. Empty allows every page.
    /// </param>
    public static bool Allow(string page, IReadOnlyList<string> allowed)
    {
        if (allowed.Count == 0)
            return true;
        var host = page.Length == 0 ? "" : HostOf(page);
        foreach (var each in allowed)
        {
            if (page.Length == 0 ? each == None : IsWithin(host, each))
                return true;
        }
        return false;
    }

    private static string HostOf(string page) =>
        Uri.TryCreate(page, UriKind.Absolute, out var url) ? url.IdnHost : "";

    private static bool IsWithin(string host, string domain)
    {
        if (domain.Length == 0 || domain == None || host.Length < domain.Length)
            return false;
        return host.EndsWith(domain, StringComparison.OrdinalIgnoreCase)
            && (host.Length == domain.Length || host[host.Length - domain.Length - 1] == '.');
    }
}
