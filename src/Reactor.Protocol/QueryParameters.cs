using System;
using System.Collections.Generic;

namespace Reactor.Protocol;

/// <summary>
/// Parameters that stood behind a question mark, in the order in which they were found.
/// </summary>
/// <remarks>Bounded: what comes after <see cref="ParametersMax"/> is left out.</remarks>
public sealed class QueryParameters
{
    public const int ParametersMax = 64;

    private readonly List<KeyValuePair<string, string>> _pairs = [];

    public IReadOnlyList<KeyValuePair<string, string>> Pairs => _pairs;

    /// <summary>The first value of a name, or null.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var pair in _pairs)
            {
                if (pair.Key == name)
                    return pair.Value;
            }
            return null;
        }
    }

    /// <summary>
    /// Adds the pairs of one query; a pair that is known already is not added twice.
    /// </summary>
    public void Add(string query)
    {
        foreach (var range in query.AsSpan().SplitAny('&', '?'))
        {
            var pair = query[range];
            if (pair.Length == 0 || _pairs.Count == ParametersMax)
                continue;
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = Uri.UnescapeDataString(equals < 0 ? pair : pair[..equals]);
            var value = equals < 0 ? "" : Uri.UnescapeDataString(pair[(equals + 1)..]);
            var added = KeyValuePair.Create(name, value);
            if (!_pairs.Contains(added))
                _pairs.Add(added);
        }
    }
}
