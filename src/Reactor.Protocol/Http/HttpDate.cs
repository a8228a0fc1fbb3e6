using System;
using System.Globalization;
using Reactor.Primitives;

namespace Reactor.Protocol.Http;

/// <summary>Times as HTTP writes them: <c>Sun, 06 Nov 1994 08:49:37 GMT</c>, and only so.</summary>
/// <remarks>
/// The two older forms (RFC 9110 §5.6.7) are read by nobody here: whoever sends one is treated as
/// if the condition were not there, and receives the whole answer.
/// </remarks>
public static class HttpDate
{
    public const int Length = 29;

    /// <summary>The time in GMT, cut to whole seconds.</summary>
    /// <param name="time">Any offset.</param>
    /// <param name="target">At least 29 bytes.</param>
    public static void Format(DateTimeOffset time, Span<byte> target)
    {
        var done = time.TryFormat(target, out var length, "R", CultureInfo.InvariantCulture);
        Invariant.Holds(done && length == Length);
    }

    public static string Format(DateTimeOffset time) =>
        time.ToString("R", CultureInfo.InvariantCulture);

    public static bool TryParse(string? text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(
            text, "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
}
