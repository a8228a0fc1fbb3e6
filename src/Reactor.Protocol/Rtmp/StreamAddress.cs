using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Reactor.Protocol.Rtmp;

/// <summary>
/// Which stream a client means, however it spread the URL over app, tcUrl and name.
/// </summary>
/// <remarks>
/// ffmpeg splits <c>/a/b/c</c> after the second slash, OBS before the last, VLC after the first
/// (Q40). So the identity is the normalised join of app and name: the last segment is the
/// stream, everything before it the application.
/// </remarks>
/// <param name="App">One or more segments, without outer slashes.</param>
/// <param name="Name">The last segment.</param>
/// <param name="Vhost">
/// From <c>vhost=</c> or <c>domain=</c>, else the host of tcUrl, else empty.
/// </param>
/// <param name="Parameters">All that stood behind question marks (Q41).</param>
public sealed record StreamAddress(
    string App, string Name, string Vhost, QueryParameters Parameters)
{
    /// <summary>Bytes of app and name together, decoded, unless told otherwise.</summary>
    public const int DefaultBytesMax = 512;

    /// <summary>The segment that Flash servers put in for no instance of an application.</summary>
    public const string DefaultInstance = "_definst_";

    private static readonly string[] FilePrefixes = ["flv:", "mp3:", "mp4:"];

    /// <summary>What a player's URL ends in: app and name.</summary>
    public string Path => $"{App}/{Name}";

    /// <summary>Joins what a client sent.</summary>
    /// <param name="app">connect's app.</param>
    /// <param name="tcUrl">connect's tcUrl: asked for parameters and the host only.</param>
    /// <param name="name">The name given to publish or play.</param>
    /// <param name="bytesMax">Bytes of app and name together, decoded.</param>
    /// <param name="address">The stream, when it can be named.</param>
    /// <param name="why">What is wrong with it otherwise, for the client to read.</param>
    public static bool TryParse(
        string app,
        string tcUrl,
        string name,
        int bytesMax,
        [NotNullWhen(true)] out StreamAddress? address,
        out string why)
    {
        address = null;
        var parameters = new QueryParameters();
        var appPath = TakeQuery(WithoutLegacyVhost(app), parameters);
        var namePath = TakeQuery(WithoutPrefix(WithoutUrl(name)), parameters);
        TakeQuery(tcUrl, parameters);

        if (namePath.Trim('/').Length == 0)
        {
            why = "the stream has no name: rtmp://host/app/name is needed";
            return false;
        }
        if (!TrySegments(appPath, namePath, out var segments, out why))
            return false;
        if (Encoding.UTF8.GetByteCount(string.Join('/', segments)) > bytesMax)
        {
            why = $"the name is longer than {bytesMax} bytes";
            return false;
        }
        if (segments.Count < 2)
        {
            why = "the URL names no application: rtmp://host/app/name is needed";
            return false;
        }
        var vhost = parameters["vhost"] ?? parameters["domain"] ?? HostOf(tcUrl);
        address = new StreamAddress(
            string.Join('/', segments.GetRange(0, segments.Count - 1)),
            segments[^1],
            vhost,
            parameters);
        return true;
    }

    private static bool TrySegments(
        string appPath, string namePath, out List<string> segments, out string why)
    {
        segments = [];
        why = "";
        var app = appPath.Trim('/');
        var name = namePath.Trim('/');
        // A camera that put the whole URL into the name has the application in it (Q38), and
        // another puts the name into the application as well.
        var isWhole = namePath.StartsWith('/')
            && $"{name}/".StartsWith($"{app}/", StringComparison.Ordinal);
        var joined = isWhole && name.Contains('/') ? name : $"{app}/{name}";
        foreach (var part in joined.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var segment = Uri.UnescapeDataString(part);     // once, and never again (Q43)
            if (segment == DefaultInstance)
                continue;
            if (!IsSafe(segment, out why))
                return false;
            segments.Add(segment);
        }
        return true;
    }

    private static bool IsSafe(string segment, out string why)
    {
        why = "";
        if (segment is "." or ".." || segment.Contains('/') || segment.Contains('\\'))
            why = "the name has a dot segment or an encoded slash";
        foreach (var character in segment)
        {
            if (char.IsControl(character) || character == '\uFFFD')
                why = "the name has a control character or is not UTF-8";
        }
        return why.Length == 0;
    }

    /// <summary>Cuts the query and the fragment off.</summary>
    private static string TakeQuery(string text, QueryParameters parameters)
    {
        var hash = text.IndexOf('#', StringComparison.Ordinal);
        if (hash >= 0)
            text = text[..hash];
        var mark = text.IndexOf('?', StringComparison.Ordinal);
        if (mark < 0)
            return text;
        parameters.Add(text[(mark + 1)..]);
        return text[..mark];
    }

    /// <summary>SRS's old way of naming a vhost: <c>live...vhost...v</c>.</summary>
    private static string WithoutLegacyVhost(string app)
    {
        const string mark = "...vhost...";
        var at = app.IndexOf(mark, StringComparison.Ordinal);
        return at < 0 ? app : $"{app[..at]}?vhost={app[(at + mark.Length)..]}";
    }

    /// <summary>
    /// Cameras put <c>rtmp://host/app</c> into the name, after some text or none (Q38).
    /// </summary>
    private static string WithoutUrl(string name)
    {
        var scheme = name.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
            return name;
        var query = name.IndexOf('?', StringComparison.Ordinal);
        if (query >= 0 && query < scheme)
            return name;                        // a URL among the parameters
        var path = name.IndexOf('/', scheme + 3);
        return path < 0 ? "" : name[path..];
    }

    private static string WithoutPrefix(string name)
    {
        foreach (var prefix in FilePrefixes)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                return name[prefix.Length..];
        }
        return name;
    }

    private static string HostOf(string tcUrl) =>
        Uri.TryCreate(tcUrl, UriKind.Absolute, out var url) ? url.Host : "";
}
