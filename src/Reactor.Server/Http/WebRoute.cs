using System;
using Reactor.Protocol.Http;

namespace Reactor.Server.Http;

/// <summary>The built-in pages and what they consist of.</summary>
internal static class WebRoute
{
    private static readonly Lazy<WebAssets> Assets = new(WebAssets.Embedded);

    /// <summary>A page, or a file of one; passes on what is neither.</summary>
    public static void Serve(HttpExchange exchange)
    {
        if (Assets.Value.Find(exchange.Request.Path) is not { } asset)
        {
            exchange.Pass();
            return;
        }
        var isGzip = asset.Gzip.Length > 0
            && exchange.Request.Headers.HasToken("Accept-Encoding", "gzip");
        var tag = isGzip ? asset.GzipETag : asset.ETag;
        exchange.Header("ETag", tag);
        exchange.Header("Cache-Control", asset.CacheControl);
        exchange.Header("Vary", "Accept-Encoding");
        exchange.Header("Content-Security-Policy", WebAssets.ContentSecurityPolicy);
        exchange.Header("X-Content-Type-Options", "nosniff");
        if (HttpEntityTag.IsNotModified(exchange.Request.Headers, tag, changedAt: null))
        {
            exchange.AnswerWithout(304);
            return;
        }
        if (isGzip)
            exchange.Header("Content-Encoding", "gzip");
        exchange.Answer(
            asset.Status, asset.ContentType, (isGzip ? asset.Gzip : asset.Bytes).Span);
    }
}
