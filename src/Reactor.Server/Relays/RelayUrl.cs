using System;
using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Reactor.Server.Relays;

/// <summary>Where a relay pushes to or pulls from.</summary>
/// <remarks>
/// <c>rtmp://host[:port]/app[/more]/name[?query]</c>, or rtmps. The last segment is the name and
/// everything before it the application, as for publishers (Q40); a URL of one segment names only
/// the application, and the stream keeps its name (nginx's and livego's push). The query stays
/// with the name, byte for byte: tokens are signed (A36).
/// </remarks>
/// <param name="IsSecure">rtmps: over TLS.</param>
/// <param name="Host">A name, or an address without brackets.</param>
/// <param name="Port">1935, or 443 for rtmps, unless the URL says otherwise.</param>
/// <param name="App">For connect.</param>
/// <param name="Name">For publish or play, with its query.</param>
/// <param name="TcUrl">For connect: the URL up to the application.</param>
public sealed record RelayUrl(
    bool IsSecure, string Host, int Port, string App, string Name, string TcUrl)
{
    public const int CharactersMax = 2048;

    private static readonly SearchValues<char> Ending = SearchValues.Create("?#%/& ");

    private const int HostCharactersMax = 255;
    private const int PlainPort = 1935;
    private const int SecurePort = 443;
    private const string Plain = "rtmp://";
    private const string Secure = "rtmps://";

    /// <summary>Reads a URL.</summary>
    /// <param name="text">What somebody wrote.</param>
    /// <param name="stream">The stream's own name, for a URL that names none.</param>
    /// <param name="url">Where to, when it is one.</param>
    /// <param name="why">What is wrong with it otherwise, for that somebody to read.</param>
    public static bool TryParse(
        string text, string stream, [NotNullWhen(true)] out RelayUrl? url, out string why)
    {
        url = null;
        if (!TryScheme(text, out var isSecure, out why))
            return false;
        var rest = text[(isSecure ? Secure : Plain).Length..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var authority = slash < 0 ? rest : rest[..slash];
        if (!TryAuthority(authority, isSecure, out var host, out var port, out why))
            return false;

        var path = slash < 0 ? "" : rest[(slash + 1)..];
        var mark = path.IndexOf('?', StringComparison.Ordinal);
        var query = mark < 0 ? "" : path[mark..];
        path = (mark < 0 ? path : path[..mark]).Trim('/');
        if (path.Length == 0)
        {
            why = "the URL names no application: rtmp://host/app/name";
            return false;
        }
        var last = path.LastIndexOf('/');
        var app = last < 0 ? path : path[..last];
        var name = (last < 0 ? Escape(stream) : path[(last + 1)..]) + query;
        var scheme = isSecure ? Secure : Plain;
        url = new RelayUrl(isSecure, host, port, app, name, $"{scheme}{authority}/{app}");
        return true;
    }

    /// <summary>The same target under another application.</summary>
    public RelayUrl WithApp(string app) =>
        this with { App = app, TcUrl = $"{TcUrl[..^App.Length]}{app}" };

    /// <summary>
    /// For logs and lists: without query, and without a name that may be a key of ours there.
    /// </summary>
    public string Shown(string stream)
    {
        var mark = Name.IndexOf('?', StringComparison.Ordinal);
        var name = mark < 0 ? Name : Name[..mark];
        return $"{TcUrl}/{(name == Escape(stream) ? name : "***")}";
    }

    /// <summary>Escapes what would end a name in a URL, and no more.</summary>
    internal static string Escape(string text)
    {
        if (text.AsSpan().IndexOfAny(Ending) < 0)
            return text;
        var escaped = new System.Text.StringBuilder();
        foreach (var character in text)
        {
            if (Ending.Contains(character))
                escaped.Append(CultureInfo.InvariantCulture, $"%{(int)character:X2}");
            else
                escaped.Append(character);
        }
        return escaped.ToString();
    }

    private static bool TryScheme(string text, out bool isSecure, out string why)
    {
        isSecure = text.StartsWith(Secure, StringComparison.OrdinalIgnoreCase);
        why = "";
        if (text.Length > CharactersMax)
            why = $"the URL is longer than {CharactersMax} characters";
        else if (!isSecure && !text.StartsWith(Plain, StringComparison.OrdinalIgnoreCase))
            why = "a relay speaks rtmp:// or rtmps://";
        foreach (var character in text)
        {
            if (char.IsControl(character) || char.IsWhiteSpace(character) || character == '\\')
                why = "the URL has a blank, a backslash or a control character";
        }
        return why.Length == 0;
    }

    private static bool TryAuthority(
        string text, bool isSecure, out string host, out int port, out string why)
    {
        port = isSecure ? SecurePort : PlainPort;
        why = "";
        var end = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) + 1 : 0;
        var colon = text.IndexOf(':', end);
        host = (colon < 0 ? text : text[..colon]).Trim('[', ']');
        if (text.Contains('@', StringComparison.Ordinal))
            why = "user and password do not travel by RTMP: put a token into the query";
        else if (host.Length is 0 or > HostCharactersMax)
            why = "the URL names no host";
        else if (colon >= 0 && !TryPort(text.AsSpan(colon + 1), out port))
            why = "the port is no number from 1 to 65535";
        return why.Length == 0;
    }

    private static bool TryPort(ReadOnlySpan<char> digits, out int port) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out port)
        && port is > 0 and <= ushort.MaxValue;
}
