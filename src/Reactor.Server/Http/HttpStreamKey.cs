using System;
using System.Collections.Generic;
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
        var segments = request.Segments;
        return TryRead(segments, segments.Count, suffix, out key);
    }

    /// <param name="segments">Of the path.</param>
    /// <param name="count">How many of them name the stream.</param>
    /// <param name="suffix">What stands behind the stream's name.</param>
    /// <param name="key">The stream.</param>
    public static bool TryRead(
        IReadOnlyList<string> segments, int count, string suffix, out StreamKey key)
    {
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
            && Encoding.UTF8.GetByteCount(key.ToString()) <= StreamAddress.BytesMax;
    }
}
