using System;
using System.Text;

namespace Reactor.Server.Authorisation;

/// <summary>URLs for log lines and the API, with what opens something left out.</summary>
public static class MaskedUrl
{
    private const string Mask = "***";

    private static readonly string[] Secrets =
    [
        "key", "sign", "jwt", "token", "access_token", "auth", "secret", "password", "passwd",
        "pwd", "pass", "psk", "signature", "sig", "txsecret", "streamkey", "api_key", "apikey",
    ];

    /// <summary>The text with every secret after a question mark or ampersand masked.</summary>
    /// <remarks>So is a password before the host: <c>rtmp://user:***@host</c>.</remarks>
    public static string Of(string url)
    {
        if (!url.AsSpan().ContainsAny('?', '&', '@'))
            return url;
        var masked = new StringBuilder(url.Length);
        var query = url.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? url.AsSpan() : url.AsSpan(0, query);
        AppendWithoutPassword(masked, path);
        if (query < 0)
            return masked.ToString();
        var isFirst = true;
        foreach (var range in url.AsSpan(query + 1).SplitAny('&', '?'))
        {
            AppendPair(masked.Append(isFirst ? '?' : '&'), url.AsSpan(query + 1)[range]);
            isFirst = false;
        }
        return masked.ToString();
    }

    /// <summary>Whether a parameter of this name may open something.</summary>
    public static bool IsSecret(ReadOnlySpan<char> name)
    {
        foreach (var secret in Secrets)
        {
            if (name.Equals(secret, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    private static void AppendPair(StringBuilder masked, ReadOnlySpan<char> pair)
    {
        var equals = pair.IndexOf('=');
        var name = equals < 0 ? pair : pair[..equals];
        if (equals >= 0 && IsSecret(Uri.UnescapeDataString(name)))
            masked.Append(name).Append('=').Append(Mask);
        else
            masked.Append(pair);
    }

    private static void AppendWithoutPassword(StringBuilder masked, ReadOnlySpan<char> path)
    {
        var host = path.IndexOf("://") is var scheme and >= 0 ? scheme + 3 : path.Length;
        var authority = path[host..];
        var end = authority.IndexOf('/') is var slash and >= 0 ? slash : authority.Length;
        var at = authority[..end].LastIndexOf('@');
        var colon = at < 0 ? -1 : authority[..at].IndexOf(':');
        if (colon < 0)
            masked.Append(path);
        else
            masked.Append(path[..(host + colon + 1)]).Append(Mask).Append(authority[at..]);
    }
}
