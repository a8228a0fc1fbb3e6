using System;
using System.Globalization;

namespace Reactor.Protocol.Http;

/// <summary>Which bytes of a whole a GET asks for (RFC 9110 §14.2).</summary>
/// <remarks>
/// One range of bytes is understood. Everything else, several ranges too, is as if nothing was
/// asked for: the whole is always a right answer.
/// </remarks>
/// <param name="Status">200: the whole; 206: this part; 416: there is no such part.</param>
/// <param name="Offset">Of the first byte.</param>
/// <param name="Count">How many bytes.</param>
/// <param name="Length">Of the whole, in bytes.</param>
public readonly record struct HttpRange(int Status, long Offset, long Count, long Length)
{
    /// <summary>The value of Content-Range, for 206 and 416 (RFC 9110 §14.4).</summary>
    public string ContentRange =>
        Status == 206 ? $"bytes {Offset}-{Offset + Count - 1}/{Length}" : $"bytes */{Length}";

    /// <param name="request">What is asked.</param>
    /// <param name="length">Of the whole, in bytes.</param>
    /// <param name="tag">ETag of the whole, for If-Range; null if it has none.</param>
    /// <param name="changedAt">Last-Modified of the whole; null if nobody knows.</param>
    public static HttpRange Of(
        HttpRequest request, long length, string? tag = null, DateTimeOffset? changedAt = null)
    {
        var whole = new HttpRange(200, 0, length, length);
        if (request.Method != HttpMethod.Get
            || request.Headers["Range"] is not { } asked
            || !asked.StartsWith("bytes=", StringComparison.OrdinalIgnoreCase)
            || !IsUnchanged(request.Headers["If-Range"], tag, changedAt))
        {
            return whole;
        }
        var range = asked.AsSpan(6).Trim(" \t");
        var dash = range.IndexOf('-');
        if (dash < 0)
            return whole;
        return dash == 0
            ? Suffix(whole, range[1..])
            : FromTo(whole, range[..dash], range[(dash + 1)..]);
    }

    /// <summary>A part of something else than the client has must not be sent (§13.1.5).</summary>
    private static bool IsUnchanged(string? condition, string? tag, DateTimeOffset? changedAt)
    {
        if (condition is null)
            return true;
        if (condition.Contains('"', StringComparison.Ordinal))
            return tag is not null && HttpEntityTag.IsStronglyEqual(condition, tag);
        return changedAt is not null
            && HttpDate.TryParse(condition, out var time)
            && time.ToUnixTimeSeconds() == changedAt.Value.ToUnixTimeSeconds();
    }

    /// <summary>The last so many bytes, or all if there are fewer.</summary>
    private static HttpRange Suffix(HttpRange whole, ReadOnlySpan<char> digits)
    {
        if (!TryNumber(digits, out var asked))
            return whole;
        var count = Math.Min(asked, whole.Length);
        return count == 0
            ? whole with { Status = 416, Count = 0 }
            : whole with { Status = 206, Offset = whole.Length - count, Count = count };
    }

    private static HttpRange FromTo(
        HttpRange whole, ReadOnlySpan<char> from, ReadOnlySpan<char> to)
    {
        var last = long.MaxValue;
        if (!TryNumber(from, out var first)
            || (!to.IsEmpty && !TryNumber(to, out last))
            || last < first)
        {
            return whole;
        }
        if (first >= whole.Length)
            return whole with { Status = 416, Count = 0 };
        var count = Math.Min(last, whole.Length - 1) - first + 1;
        return whole with { Status = 206, Offset = first, Count = count };
    }

    /// <summary>Digits; more than fit are as good as the largest number.</summary>
    private static bool TryNumber(ReadOnlySpan<char> digits, out long number)
    {
        number = 0;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
            return false;
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number))
            number = long.MaxValue;
        return true;
    }
}
