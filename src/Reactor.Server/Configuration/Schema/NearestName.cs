using System;
using System.Collections.Generic;
using System.Linq;

namespace Reactor.Server.Configuration.Schema;

/// <summary>What a mistyped name was meant to be.</summary>
internal static class NearestName
{
    private const int LengthMax = 40;

    /// <returns>
    /// Null when nothing resembles it: neither begins the other, and more than a third of the
    /// letters differ.
    /// </returns>
    public static string? Of(string name, IEnumerable<string> known)
    {
        if (name.Length > LengthMax)
            return null;
        var plain = Plain(name);
        return known.Select(candidate => (candidate, edits: Distance(plain, Plain(candidate))))
            .Where(pair => pair.edits <= Math.Max(1, plain.Length / 3))
            .OrderBy(pair => pair.edits)
            .Select(pair => pair.candidate)
            .FirstOrDefault();
    }

    // chunkSize, chunk-size and ChunkSize all mean chunk_size.
    private static string Plain(string name)
        => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    private static int Distance(string a, string b)
        => Begins(a, b) || Begins(b, a) ? 1 : Edits(a, b);

    // "warning" for "warn", "chunk" for "chunk_size".
    private static bool Begins(string start, string name)
        => start.Length >= 3 && start.Length < name.Length
        && name.StartsWith(start, StringComparison.Ordinal);

    /// <summary>Letters to insert, drop, change or swap with the next (Damerau).</summary>
    private static int Edits(string a, string b)
    {
        var cost = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                cost[i, j] = i == 0 || j == 0 ? i + j : Math.Min(
                    Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1,
                    cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        }
        return cost[a.Length, b.Length];
    }
}
