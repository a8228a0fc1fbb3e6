using System;

namespace Reactor.Protocol.Http;

/// <summary>Whether a client has, or wants, what we would send (RFC 9110 §8.8.3, §13).</summary>
/// <remarks>
/// A tag is what stands in the header ETag: quotes, and W/ before them if it is weak, which it is
/// where two answers of one tag may differ in their bytes.
/// </remarks>
public static class HttpEntityTag
{
    /// <summary>What the conditions of a GET or HEAD make of a 200 (RFC 9110 §13.2.2).</summary>
    /// <param name="headers">Of the request.</param>
    /// <param name="tag">Of what we have; null if it has none.</param>
    /// <param name="changedAt">When it changed last; null if nobody knows.</param>
    /// <returns>200; 304: the client has it; 412: it wants what we do not have any more.</returns>
    public static int StatusOf(HttpHeaders headers, string? tag, DateTimeOffset? changedAt)
    {
        if (!IsExpected(headers, tag, changedAt))
            return 412;
        return IsKnown(headers, tag, changedAt) ? 304 : 200;
    }

    private static bool IsExpected(HttpHeaders headers, string? tag, DateTimeOffset? changedAt) =>
        headers["If-Match"] is not null
            ? Matches(headers, "If-Match", tag, isStrong: true)
            : !HasChangedSince(headers["If-Unmodified-Since"], changedAt, unknown: false);

    private static bool IsKnown(HttpHeaders headers, string? tag, DateTimeOffset? changedAt) =>
        headers["If-None-Match"] is not null
            ? Matches(headers, "If-None-Match", tag, isStrong: false)
            : !HasChangedSince(headers["If-Modified-Since"], changedAt, unknown: true);

    /// <summary>In whole seconds; a date that is none, or not known, decides nothing.</summary>
    private static bool HasChangedSince(string? date, DateTimeOffset? changedAt, bool unknown) =>
        changedAt is { } changed && HttpDate.TryParse(date, out var time)
            ? changed.ToUnixTimeSeconds() > time.ToUnixTimeSeconds()
            : unknown;

    /// <summary>Weak comparison: W/ does not count (RFC 9110 §8.8.3.2).</summary>
    public static bool IsWeaklyEqual(ReadOnlySpan<char> one, ReadOnlySpan<char> other) =>
        Opaque(one).SequenceEqual(Opaque(other));

    /// <summary>Strong comparison: byte for byte the same; weak tags never are.</summary>
    public static bool IsStronglyEqual(ReadOnlySpan<char> one, ReadOnlySpan<char> other) =>
        !one.StartsWith("W/") && one.SequenceEqual(other);

    /// <summary>A list of tags, or a star for any; commas may stand within the quotes.</summary>
    private static bool Matches(HttpHeaders headers, string name, string? tag, bool isStrong)
    {
        foreach (var value in headers.All(name))
        {
            var rest = value.AsSpan().Trim(" \t");
            if (rest is "*")
                return true;
            while (TryTake(ref rest, out var one))
            {
                if (tag is not null
                    && (isStrong ? IsStronglyEqual(one, tag) : IsWeaklyEqual(one, tag)))
                {
                    return true;
                }
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
