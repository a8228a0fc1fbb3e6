using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;

namespace Reactor.Server.Configuration.Schema;

/// <summary>A key that holds a list of sections: listeners, relays, recorders.</summary>
/// <remarks>
/// One item needs no list around it, and a bare word stands for an item that says only its
/// <paramref name="shorthand"/>: <c>"8080"</c> for <c>{ "address": "8080" }</c>.
/// </remarks>
internal sealed class ItemsKey<TOwner, TItem>(
    string name,
    Section<TItem> section,
    string shorthand,
    TItem start,
    Func<TOwner, IReadOnlyList<TItem>> get,
    Func<TOwner, IReadOnlyList<TItem>, TOwner> with,
    string about) : Key<TOwner>(name)
    where TOwner : class
    where TItem : class
{
    private const int ItemsMax = 64;

    public override TOwner Read(ConfigNode node, TOwner owner, string path, ConfigErrors errors)
    {
        IReadOnlyList<ConfigNode> nodes = node switch
        {
            ListNode list => list.Items,
            ScalarNode { Form: Form.Bare } words =>
                [.. words.Text.Split(',').Select(word => words with { Text = word.Trim() })],
            _ => [node],
        };
        if (nodes.Count > ItemsMax)
        {
            errors.Add(node.Place, path, $"expected at most {ItemsMax} items");
            return owner;
        }
        return with(owner, [.. nodes.Select(Spell).Select(
            item => section.Read(item, start, path, errors))]);
    }

    public override void Write(TOwner owner, OptionsWriter writer) =>
        writer.Items(Name, [.. get(owner).Select(section.Json)], about);

    public override string Json(TOwner owner) =>
        $"[{string.Join(", ", get(owner).Select(section.Json))}]";

    /// <summary>Items cannot be told apart: all are kept where one key needs it.</summary>
    public override TOwner KeepRestart(TOwner old, TOwner other) =>
        section.NeedsRestart ? with(other, get(old)) : other;

    public override Applies Takes => section.NeedsRestart ? Applies.Restart : Applies.New;

    public override JsonObject Schema(TOwner? defaults)
    {
        var item = section.Schema(null);
        var schema = new JsonObject
        {
            ["description"] = about,
            ["anyOf"] = new JsonArray(
                new JsonObject { ["type"] = new JsonArray("string", "integer") },
                item,
                new JsonObject
                {
                    ["type"] = "array",
                    ["maxItems"] = ItemsMax,
                    ["items"] = new JsonObject
                    {
                        ["anyOf"] = new JsonArray(
                            new JsonObject { ["type"] = new JsonArray("string", "integer") },
                            item.DeepClone()),
                    },
                }),
        };
        if (defaults is not null)
            schema["default"] = JsonNode.Parse(Json(defaults));
        return schema;
    }

    public override IEnumerable<string> Paths =>
        section.Paths.Select(path => $"{Name}.{path}").Prepend(Name);

    private ConfigNode Spell(ConfigNode node) => node is ScalarNode word
        ? new ObjectNode(node.Place, [new Member(node.Place, shorthand, word)])
        : node;
}
