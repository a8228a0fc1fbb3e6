using System;
using System.Collections.Generic;

namespace Reactor.Protocol.Http;

/// <summary>The headers of one message in their order, named without regard to case.</summary>
/// <remarks>At most <see cref="HttpLimits.HeadersMax"/>: a list will do.</remarks>
public sealed class HttpHeaders
{
    private readonly List<KeyValuePair<string, string>> _pairs = new(16);

    public IReadOnlyList<KeyValuePair<string, string>> Pairs => _pairs;

    public int Count => _pairs.Count;

    /// <summary>The first value of a name, or null.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var pair in _pairs)
            {
                if (IsNamed(pair, name))
                    return pair.Value;
            }
            return null;
        }
    }

    /// <summary>Every value of a name, in order.</summary>
    public IEnumerable<string> All(string name)
    {
        foreach (var pair in _pairs)
        {
            if (IsNamed(pair, name))
                yield return pair.Value;
        }
    }

    /// <summary>Whether a word stands in the comma-separated values of a name.</summary>
    public bool HasToken(string name, string token)
    {
        foreach (var pair in _pairs)
        {
            if (IsNamed(pair, name) && HttpGrammar.HasToken(pair.Value, token))
                return true;
        }
        return false;
    }

    /// <summary>The digits of Content-Length, or null; one value, maybe repeated.</summary>
    /// <exception cref="HttpProtocolException">400: no number, or two that differ.</exception>
    internal string? StatedLength()
    {
        string? stated = null;
        foreach (var value in All("Content-Length"))
        {
            if (value.Length == 0 || value.AsSpan().ContainsAnyExceptInRange('0', '9'))
                throw new HttpProtocolException(400, "the Content-Length is not a number");
            if (stated is not null && stated != value)
                throw new HttpProtocolException(400, "two Content-Lengths differ");
            stated = value;
        }
        return stated;
    }

    internal void Add(string name, string value) => _pairs.Add(KeyValuePair.Create(name, value));

    private static bool IsNamed(KeyValuePair<string, string> pair, string name) =>
        pair.Key.Equals(name, StringComparison.OrdinalIgnoreCase);
}
