using System;

namespace Reactor.Protocol.Http;

/// <summary>Whether what a client has is what we would send (RFC 9110 §8.8.3, §13).</summary>
/// <remarks>
/// A tag is what stands in the header ETag: quotes, and W/ before them if it is weak, which it is
/// where two answers of one tag may differ in their bytes.
/// </remarks>
public static class HttpEntityTag
{
    /// <summary>Whether 304 answers a GET or HEAD (RFC 9110 §13.2.2).</summary>
    /// <param name="headers">Of the request.</param>
    /// <param name="tag">Of what we have; null if it has none.</param>
    /// <param name="changedAt">When it changed last; null if nobody knows.</param>
    public static bool IsNotModified(HttpHeaders headers, string? tag, DateTimeOffset? changedAt)
    {
        if (headers["If-None-Match"] is not null)
            return Matches(headers, "If-None-Match", tag);
        return changedAt is not null
            && HttpDate.TryParse(headers["If-Modified-Since"], out var since)
            && changedAt.Value.ToUnixTimeSeconds() <= since.ToUnixTimeSeconds();
    }

    /// <summary>Weak comparison: W/ does not count (RFC 9110 §8.8.3.2).</summary>
    public static bool IsWeaklyEqual(ReadOnlySpan<char> one, ReadOnlySpan<char> other) =>
        Opaque(one).SequenceEqual(Opaque(other));

    /// <summary>Strong comparison: byte for byte the same; weak tags never are.</summary>
    public static bool IsStronglyEqual(ReadOnlySpan<char> one, ReadOnlySpan<char> other) =>
        !one.StartsWith("W/") && one.SequenceEqual(other);

    /// <summary>A list of tags, or a star for any; commas may stand within the quotes.</summary>
    private static bool Matches(HttpHeaders headers, string name, string? tag)
    {
        foreach (var value in headers.All(name))
        {
            var rest = value.AsSpan().Trim(" \t");
            if (rest is "*")
                return true;
            while (TryTake(ref rest, out var one))
            {
                if (tag is not null && IsWeaklyEqual(one, tag))
                    return true;
            }
        }
        return false;
    }

    private static bool TryTake(ref ReadOnlySpan<char> list, out ReadOnlySpan<char> tag)
    {
        tag = default;
        list = list.TrimStart(" \t,");
        var open = list.StartsWith("W/") ? 2 : 0;
        if (list.Length <= open || list[open] != '"')
            return false;
        var length = list[(open + 1)..].IndexOf('"');
        if (length < 0)
            return false;
        tag = list[..(open + length + 2)];
        list = list[tag.Length..];
        return true;
    }

    private static ReadOnlySpan<char> Opaque(ReadOnlySpan<char> tag) =>
        tag.StartsWith("W/") ? tag[2..] : tag;
}
