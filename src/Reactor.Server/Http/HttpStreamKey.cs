using System;
using System.Text;
using Reactor.Protocol.Rtmp;
using Reactor.Streaming;

namespace Reactor.Server.Http;

/// <summary>Which live stream a path names: <c>/APP/STREAM.flv</c>, APP being one or more
/// segments.</summary>
internal static class HttpStreamKey
{
    /// <param name="exchange">Its path is decoded, and has no dot segments.</param>
    /// <param name="suffix">What stands behind the stream's name.</param>
    /// <param name="key">The stream.</param>
    public static bool TryRead(HttpExchange exchange, string suffix, out StreamKey key) =>
        TryRead(exchange, exchange.Request.Segments.Count, suffix, out key);

    /// <param name="exchange">Its path is decoded, and has no dot segments.</param>
    /// <param name="count">How many segments of it name the stream.</param>
    /// <param name="suffix">What stands behind the stream's name.</param>
    /// <param name="key">The stream.</param>
    public static bool TryRead(
        HttpExchange exchange, int count, string suffix, out StreamKey key)
    {
        var segments = exchange.Request.Segments;
        key = default;
        if (count < 2)
            return false;
        var name = segments[count - 1];
        if (!name.EndsWith(suffix, StringComparison.Ordinal) || name.Length == suffix.Length)
            return false;
        var app = new StringBuilder();
        for (var i = 0; i < count - 1; i++)
        {
            if (segments[i] != StreamAddress.DefaultInstance)
                app.Append(app.Length > 0 ? "/" : "").Append(segments[i]);
        }
        key = new StreamKey(app.ToString(), name[..^suffix.Length]);
        return app.Length > 0
            && Encoding.UTF8.GetByteCount(key.ToString()) <= exchange.Server.Options.Limits.MaxName;
    }
}
