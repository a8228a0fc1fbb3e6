using System;
using System.Text;
using Reactor.Protocol;

namespace Reactor.Server.Relays;

/// <summary>Fills in what a relay's URL leaves open.</summary>
/// <remarks>
/// <c>{app}</c>, <c>{stream}</c> and <c>{query.NAME}</c> stand for what the publisher or player
/// said. Values are escaped, so that none of them becomes another part of the URL.
/// </remarks>
public static class RelayTemplate
{
    private const string Query = "query.";

    /// <summary>The URL for one stream; an unknown word in braces stays as it is.</summary>
    public static string Fill(
        string template, string app, string stream, QueryParameters? parameters)
    {
        var text = new StringBuilder(template.Length);
        var rest = template.AsSpan();
        while (rest.IndexOf('{') is >= 0 and var open)
        {
            text.Append(rest[..open]);
            rest = rest[open..];
            var close = rest.IndexOf('}');
            var value = close < 0 ? null : ValueOf(rest[1..close], app, stream, parameters);
            text.Append(value ?? rest[..1].ToString());
            rest = rest[(value is null ? 1 : close + 1)..];
        }
        return text.Append(rest).ToString();
    }

    private static string? ValueOf(
        ReadOnlySpan<char> word, string app, string stream, QueryParameters? parameters)
    {
        if (word is "stream")
            return RelayUrl.Escape(stream);
        if (word is "app")
            return string.Join('/', Array.ConvertAll(app.Split('/'), RelayUrl.Escape));
        if (!word.StartsWith(Query))
            return null;
        return Uri.EscapeDataString(parameters?[word[Query.Length..].ToString()] ?? "");
    }
}
