using System;
using System.Buffers.Text;
using System.Text;

namespace Reactor.Server.Authorisation;

/// <summary>A name and a password as <c>Authorization: Basic</c> shows them (RFC 7617).</summary>
internal readonly record struct BasicCredentials(string Name, string Password)
{
    private const string Scheme = "Basic ";

    /// <summary>Of the header: the longest name and password there may be fit.</summary>
    private const int CharactersMax = 4096;

    /// <summary>Whether a header speaks of a name and a password.</summary>
    public static bool IsShown(string authorization) =>
        authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <returns>Null when a header has none that can be read.</returns>
    public static BasicCredentials? Of(string authorization)
    {
        if (!IsShown(authorization) || authorization.Length > CharactersMax)
            return null;
        var coded = authorization.AsSpan(Scheme.Length).Trim();
        if (!Base64.IsValid(coded))
            return null;
        var said = Encoding.UTF8.GetString(Convert.FromBase64String(coded.ToString()));
        var colon = said.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : new BasicCredentials(said[..colon], said[(colon + 1)..]);
    }
}
