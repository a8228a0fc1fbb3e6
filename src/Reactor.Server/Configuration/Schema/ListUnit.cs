using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Text.Json.Nodes;

namespace Reactor.Server.Configuration.Schema;

/// <param name="item">What each of them is.</param>
/// <param name="min">How many there are at least.</param>
/// <param name="plural">What they are called.</param>
/// <param name="isSplit">Whether commas part them where nothing is quoted.</param>
internal sealed class ListUnit<T>(Unit<T> item, int min, string plural, bool isSplit = true)
    : Unit<IReadOnlyList<T>>($"{item.Expected}, or a list of {plural}, at most {CountMax}")
{
    private const int CountMax = 64;

    public override bool TryRead(ConfigNode node, [MaybeNullWhen(false)] out IReadOnlyList<T> value)
    {
        var items = node switch
        {
            ListNode list => list.Items,
            ScalarNode { Form: Form.Bare } words when isSplit =>
                [.. words.Text.Split(',').Select(word => words with { Text = word.Trim() })],
            _ => [node],
        };
        var values = new List<T>();
        value = values;
        foreach (var each in items)
        {
            if (values.Count == CountMax || !item.TryRead(each, out var one))
                return false;
            values.Add(one);
        }
        return values.Count >= min;
    }

    public override string? Nearest(ConfigNode node) => item.Nearest(node);

    public override ConfigNode Culprit(ConfigNode node) =>
        (node as ListNode)?.Items.FirstOrDefault(each => !item.TryRead(each, out _)) ?? node;

    public override string Json(IReadOnlyList<T> value)
        => $"[{string.Join(", ", value.Select(item.Json))}]";

    public override JsonObject Schema() => new()
    {
        ["anyOf"] = new JsonArray(item.Schema(), new JsonObject
        {
            ["type"] = "array",
            ["items"] = item.Schema(),
            ["minItems"] = min,
            ["maxItems"] = CountMax,
        }),
    };
}
