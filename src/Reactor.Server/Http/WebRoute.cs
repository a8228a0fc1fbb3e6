using System;
using Reactor.Protocol.Http;

namespace Reactor.Server.Http;

/// <summary>The built-in pages and what they consist of.</summary>
internal static class WebRoute
{
    private static readonly Lazy<WebAssets> Assets = new(WebAssets.Embedded);

    /// <summary>
    /// A page, or a file of one, compressed where the browser takes it; passes on what is neither.
    /// </summary>
    public static void Serve(HttpExchange exchange)
    {
        if (Assets.Value.Find(exchange.Request.Path) is not { } asset)
        {
            exchange.Pass();
            return;
        }
        var isGzip = !asset.Gzip.IsEmpty
            && HttpCoding.Accepts(exchange.Request.Headers, "gzip");
        var tag = isGzip ? asset.GzipETag : asset.ETag;
        exchange.Header("Vary", "Accept-Encoding");
        exchange.Header("X-Content-Type-Options", "nosniff");
        if (asset.Policy is { } policy)
            exchange.Header("Content-Security-Policy", policy);
        if (asset.Status != 200)
            exchange.Header("Cache-Control", asset.CacheControl);
        else if (exchange.IsSettled(tag, asset.CacheControl))
            return;
        if (isGzip)
            exchange.Header("Content-Encoding", "gzip");
        exchange.Answer(
            asset.Status, asset.ContentType, (isGzip ? asset.Gzip : asset.Bytes).Span);
    }

    /// <summary>Where there is no player, the console is the front page.</summary>
    public static void ToConsole(HttpExchange exchange)
    {
        exchange.Header("Location", "/console");
        exchange.Answer(302, "text/plain; charset=utf-8", ReadOnlySpan<byte>.Empty);
    }
}
