using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Text.Json.Nodes;
using Reactor.Protocol.Http;

namespace Reactor.Server.Configuration.Schema;

/// <summary>Headers of a request, by name; what the request says of itself is left out.</summary>
internal sealed class HeadersUnit() : Unit<IReadOnlyList<KeyValuePair<string, string>>>(
    "an object like { \"Authorization\": \"Bearer x\" }, or a list of \"Name: value\", of at most "
        + $"{HeadersMax} headers, without {string.Join(", ", Ours)}")
{
    private const int HeadersMax = 32;
    private const int LengthMax = 1024;

    private static readonly string[] Ours =
        ["Host", "Connection", "Content-Type", "Content-Length", "Transfer-Encoding"];

    public override bool TryRead(
        ConfigNode node,
        [MaybeNullWhen(false)] out IReadOnlyList<KeyValuePair<string, string>> value)
    {
        var headers = node switch
        {
            ObjectNode names => names.Members.Select(each => (each.Name, TextOf(each.Value))),
            ListNode list => list.Items.Select(each => Split(TextOf(each))),
            _ => [Split(TextOf(node))],
        };
        var read = new List<KeyValuePair<string, string>>();
        value = read;
        foreach (var (name, text) in headers)
        {
            if (read.Count == HeadersMax || text is not { Length: <= LengthMax }
                || !HttpGrammar.IsToken(name) || !HttpGrammar.IsFieldValue(text)
                || Ours.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                return false;
            }
            read.Add(KeyValuePair.Create(name, text));
        }
        return true;
    }

    public override string Json(IReadOnlyList<KeyValuePair<string, string>> value) =>
        $"[{string.Join(", ", value.Select(each => Quote($"{each.Key}: {each.Value}")))}]";

    public override JsonObject Schema() => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject
            {
                ["type"] = "object",
                ["maxProperties"] = HeadersMax,
                ["additionalProperties"] = Text(),
            },
            new JsonObject
            {
                ["type"] = "array",
                ["maxItems"] = HeadersMax,
                ["items"] = Text(),
            }),
    };

    private static JsonObject Text() => new() { ["type"] = "string", ["maxLength"] = LengthMax };

    private static string? TextOf(ConfigNode node) =>
        node is ScalarNode { Form: not Form.Plain } text ? text.Text : null;

    private static (string Name, string? Text) Split(string? header) =>
        header?.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon
            ? (header[..colon], header[(colon + 1)..].Trim())
            : ("", null);
}
