using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace Reactor.Server.Http;

/// <summary>The built-in pages: what <c>src/Reactor.Web</c> became, embedded here.</summary>
/// <remarks>
/// Names with a hash in them never change their content. Beside a file may lie its copy with
/// <c>.gz</c> behind the name, compressed when the page was built. A server that was built without
/// pages (no npm) answers for them with a page that says so.
/// </remarks>
public sealed class WebAssets
{
    private const string Folder = "web/";
    private const string GzipEnding = ".gz";

    private const string Missing = """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <title>Reactor</title>
        <h1>Reactor runs, but was built without its pages</h1>
        <p>Building them needs node and npm: run <code>tools/web.sh</code>, then
        <code>make build</code>. Streams play all the same: open
        <code>rtmp://HOST/APP/NAME</code> or <code>http://HOST:7001/APP/NAME.flv</code> in VLC.</p>
        </html>

        """;

    /// <summary>Addresses that are no names of files.</summary>
    private static readonly Dictionary<string, string> Pages = new()
    {
        ["/"] = "index.html",
        ["/player"] = "index.html",
        ["/console"] = "console.html",
    };

    private static readonly WebAsset NotBuilt = new(
        "missing.html", () => new MemoryStream(Encoding.UTF8.GetBytes(Missing)), openGzip: null)
    {
        Status = 503,
    };

    private readonly Dictionary<string, WebAsset> _assets = [];

    /// <param name="names">Paths below the root of the pages.</param>
    /// <param name="open">Opens one of them; its length has to be known.</param>
    public WebAssets(IEnumerable<string> names, Func<string, Stream> open)
    {
        var all = names.ToHashSet();
        foreach (var name in all)
        {
            if (name.EndsWith(GzipEnding, StringComparison.Ordinal))
                continue;
            var gzip = name + GzipEnding;
            Func<Stream>? openGzip = all.Contains(gzip) ? () => open(gzip) : null;
            _assets.Add(name, new WebAsset(name, () => open(name), openGzip));
        }
    }

    /// <summary>False when the server was built without pages.</summary>
    public bool AreBuilt => _assets.ContainsKey(Pages["/"]);

    /// <summary>Those that are embedded in this assembly.</summary>
    public static WebAssets Embedded()
    {
        var assembly = typeof(WebAssets).Assembly;
        var resources = assembly.GetManifestResourceNames()
            .Where(resource => resource.StartsWith(Folder, StringComparison.Ordinal))
            .ToDictionary(resource => resource[Folder.Length..].Replace('\\', '/'));
        return new WebAssets(
            resources.Keys, name => assembly.GetManifestResourceStream(resources[name])!);
    }

    /// <summary>Finds what lies at a path, or null.</summary>
    /// <param name="path">Of the request: decoded, and without its query.</param>
    public WebAsset? Find(string path)
    {
        if (!Pages.TryGetValue(path, out var name))
            return path.StartsWith('/') ? _assets.GetValueOrDefault(path[1..]) : null;
        return AreBuilt ? _assets[name] : NotBuilt;
    }
}
