using System;
using System.Collections.Generic;
using System.Text;
using System.Text.Unicode;

namespace Reactor.Protocol.Http;

/// <summary>What a request is about: the second word of its first line (RFC 9112 §3.2).</summary>
/// <remarks>
/// The path is decoded here, once. Nobody decodes it again, and nothing that could mean two
/// things is let through: whoever sees a segment may take it for a name (threat 7).
/// </remarks>
/// <param name="Authority">Host and port of the absolute form, else empty.</param>
/// <param name="Path">From a slash on, decoded; "*" of OPTIONS.</param>
/// <param name="Segments">What stands between the slashes, without empty ones.</param>
/// <param name="Query">What stands behind the question mark, as sent.</param>
internal sealed record HttpTarget(
    string Authority, string Path, IReadOnlyList<string> Segments, string Query)
{
    /// <exception cref="HttpProtocolException">400 with what is wrong.</exception>
    public static HttpTarget Parse(ReadOnlySpan<byte> target, HttpMethod method)
    {
        if (target.SequenceEqual("*"u8))
        {
            return method == HttpMethod.Options
                ? new HttpTarget("", "*", [], "")
                : throw Bad("the target * is for OPTIONS alone");
        }
        if (!Utf8.IsValid(target))
            throw Bad("the target is not UTF-8");
        if (target.Contains((byte)'#'))
            throw Bad("the target has a fragment");
        var authority = TakeAuthority(ref target);
        var mark = target.IndexOf((byte)'?');
        var path = mark < 0 ? target : target[..mark];
        var query = mark < 0 ? "" : Encoding.UTF8.GetString(target[(mark + 1)..]);
        var segments = Split(path);
        var isFolder = segments.Count == 0 || path[^1] == '/';
        var text = $"/{string.Join('/', segments)}{(isFolder && segments.Count > 0 ? "/" : "")}";
        return new HttpTarget(authority, text, segments, query);
    }

    private static string TakeAuthority(ref ReadOnlySpan<byte> target)
    {
        if (target is [(byte)'/', ..])
            return "";
        var end = target.IndexOf("://"u8);
        var scheme = end < 0 ? "" : Encoding.ASCII.GetString(target[..end]);
        if (!scheme.Equals("http", StringComparison.OrdinalIgnoreCase)
            && !scheme.Equals("https", StringComparison.OrdinalIgnoreCase))
        {
            throw Bad("the target is neither a path nor an http URL");
        }
        target = target[(end + 3)..];
        var length = target.IndexOfAny((byte)'/', (byte)'?');
        var authority = Encoding.Latin1.GetString(length < 0 ? target : target[..length]);
        if (!HttpGrammar.IsAuthority(authority))
            throw Bad("the target's host is malformed");
        target = length < 0 ? [] : target[length..];
        return authority;
    }

    /// <summary>Decodes the segments; a run of slashes counts as one.</summary>
    private static List<string> Split(ReadOnlySpan<byte> path)
    {
        var segments = new List<string>();
        foreach (var range in path.Split((byte)'/'))
        {
            var segment = path[range];
            if (segment.IsEmpty)
                continue;
            if (segment.Contains((byte)'%'))
                segment = Decode(segment);
            var text = Encoding.UTF8.GetString(segment);
            if (text is "." or "..")
                throw Bad("the path has a dot segment");
            foreach (var character in text)
            {
                if (char.IsControl(character) || character is '/' or '\\')
                    throw Bad("the path has an encoded slash, a backslash or a control character");
            }
            segments.Add(text);
        }
        return segments;
    }

    private static ReadOnlySpan<byte> Decode(ReadOnlySpan<byte> segment)
    {
        var decoded = new byte[segment.Length];
        var length = 0;
        while (!segment.IsEmpty)
        {
            var value = segment[0];
            if (value == '%')
            {
                var high = segment.Length < 3 ? -1 : HttpGrammar.Hex(segment[1]);
                var low = segment.Length < 3 ? -1 : HttpGrammar.Hex(segment[2]);
                if (high < 0 || low < 0)
                    throw Bad("the path has a broken percent-encoding");
                value = (byte)((high << 4) | low);
                segment = segment[2..];
            }
            decoded[length++] = value;
            segment = segment[1..];
        }
        if (!Utf8.IsValid(decoded.AsSpan(0, length)))
            throw Bad("the path is not UTF-8");
        return decoded.AsSpan(0, length);
    }

    private static HttpProtocolException Bad(string detail) => new(400, detail);
}
