using System;
using System.Text;
using Reactor.Protocol.Http;
using Reactor.Protocol.Rtmp;
using Reactor.Streaming;

namespace Reactor.Server.Http;

/// <summary>Which live stream a path names: <c>/APP/STREAM.flv</c>, APP being one or more
/// segments.</summary>
internal static class HttpStreamKey
{
    /// <param name="request">Its path is decoded, and has no dot segments.</param>
    /// <param name="suffix">What stands behind the stream's name.</param>
    /// <param name="key">The stream.</param>
    public static bool TryRead(HttpRequest request, string suffix, out StreamKey key)
    {
        key = default;
        var segments = request.Segments;
        if (segments.Count < 2
            || !segments[^1].EndsWith(suffix, StringComparison.Ordinal)
            || segments[^1].Length == suffix.Length)
        {
            return false;
        }
        var app = new StringBuilder();
        for (var i = 0; i < segments.Count - 1; i++)
        {
            if (segments[i] != StreamAddress.DefaultInstance)
                app.Append(app.Length > 0 ? "/" : "").Append(segments[i]);
        }
        key = new StreamKey(app.ToString(), segments[^1][..^suffix.Length]);
        return app.Length > 0
            && Encoding.UTF8.GetByteCount(key.ToString()) <= StreamAddress.BytesMax;
    }
}
