using System;
using System.Collections.Generic;

namespace Reactor.Server.Http;

/// <summary>What a file is, by the ending of its name.</summary>
internal static class MediaTypes
{
    private const string Unknown = "application/octet-stream";

    private static readonly Dictionary<string, string> ByEnding =
        new(StringComparer.OrdinalIgnoreCase)
        {
            [".html"] = "text/html; charset=utf-8",
            [".htm"] = "text/html; charset=utf-8",
            [".css"] = "text/css; charset=utf-8",
            [".js"] = "text/javascript; charset=utf-8",
            [".mjs"] = "text/javascript; charset=utf-8",
            [".txt"] = "text/plain; charset=utf-8",
            [".md"] = "text/markdown; charset=utf-8",
            [".csv"] = "text/csv; charset=utf-8",
            [".vtt"] = "text/vtt; charset=utf-8",
            [".json"] = "application/json",
            [".map"] = "application/json",
            [".xml"] = "application/xml",
            [".wasm"] = "application/wasm",
            [".pdf"] = "application/pdf",
            [".swf"] = "application/x-shockwave-flash",
            [".svg"] = "image/svg+xml",
            [".png"] = "image/png",
            [".jpg"] = "image/jpeg",
            [".jpeg"] = "image/jpeg",
            [".gif"] = "image/gif",
            [".webp"] = "image/webp",
            [".avif"] = "image/avif",
            [".ico"] = "image/x-icon",
            [".woff"] = "font/woff",
            [".woff2"] = "font/woff2",
            [".ttf"] = "font/ttf",
            [".flv"] = "video/x-flv",
            [".mp4"] = "video/mp4",
            [".m4s"] = "video/iso.segment",
            [".webm"] = "video/webm",
            [".ts"] = "video/mp2t",
            [".m3u8"] = "application/vnd.apple.mpegurl",
            [".mpd"] = "application/dash+xml",
            [".mp3"] = "audio/mpeg",
            [".m4a"] = "audio/mp4",
            [".aac"] = "audio/aac",
            [".wav"] = "audio/wav",
        };

    /// <summary>The media type, with its charset where it is text; bytes where unknown.</summary>
    /// <param name="ending">From the last dot on, in any case; may be empty.</param>
    public static string Of(string ending) => ByEnding.GetValueOrDefault(ending, Unknown);
}
