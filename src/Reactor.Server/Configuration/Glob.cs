using System;

namespace Reactor.Server.Configuration;

/// <summary>Names with <c>*</c> (any run) and <c>?</c> (any one character).</summary>
public static class Glob
{
    public static bool IsPattern(string name) => name.AsSpan().ContainsAny('*', '?');

    /// <summary>True when the pattern covers the whole text.</summary>
    /// <remarks>
    /// On a mismatch only the last star is widened: an earlier one already did its best. So
    /// the cost is at most the product of the lengths, whatever the pattern.
    /// </remarks>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        var p = 0;
        var star = -1;
        var resume = 0;
        for (var t = 0; t < text.Length;)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resume = t;
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == text[t]))
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++resume;
            }
            else
            {
                return false;
            }
        }
        return pattern[p..].TrimStart('*').IsEmpty;
    }
}
