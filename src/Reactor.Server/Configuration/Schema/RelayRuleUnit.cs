using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Text.Json.Nodes;
using Reactor.Server.Relays;

namespace Reactor.Server.Configuration.Schema;

/// <summary>A relay's target: a URL, or an object with a URL and what deviates from it.</summary>
/// <param name="isPull">Whether <c>static</c> is known.</param>
internal sealed class RelayRuleUnit(bool isPull) : Unit<RelayRule>(
    "a URL like \"rtmp://host/app/{stream}\", or an object with url, name, app, tcurl"
    + (isPull ? ", static (which needs a name)" : ""))
{
    private const string Static = "static";

    private static readonly string[] Texts = ["url", "name", "app", "tcurl"];

    public override bool TryRead(ConfigNode node, [MaybeNullWhen(false)] out RelayRule value)
    {
        value = null;
        var read = node switch
        {
            ScalarNode { Form: not Form.Plain } url => new RelayRule(url.Text),
            ObjectNode members => Read(members),
            _ => null,
        };
        if (read is null || (read.IsStatic && read.Name.Length == 0))
            return false;
        value = read;
        return RelayUrl.TryParse(RelayTemplate.Fill(read.Url, "a", "s", null), "s", out _, out _);
    }

    public override string Json(RelayRule value)
    {
        if (value == new RelayRule(value.Url))
            return Quote(value.Url);
        var members = new List<string> { $"\"url\": {Quote(value.Url)}" };
        Add("name", value.Name);
        Add("app", value.App);
        Add("tcurl", value.TcUrl);
        if (value.IsStatic)
            members.Add($"\"{Static}\": true");
        return $"{{ {string.Join(", ", members)} }}";

        void Add(string name, string text)
        {
            if (text.Length > 0)
                members.Add($"\"{name}\": {Quote(text)}");
        }
    }

    public override JsonObject Schema()
    {
        var properties = new JsonObject();
        foreach (var name in Texts)
            properties[name] = Text();
        if (isPull)
            properties[Static] = new JsonObject { ["type"] = "boolean" };
        return new JsonObject
        {
            ["anyOf"] = new JsonArray(Text(), new JsonObject
            {
                ["type"] = "object",
                ["properties"] = properties,
                ["required"] = new JsonArray("url"),
                ["additionalProperties"] = false,
            }),
        };

        static JsonObject Text() =>
            new() { ["type"] = "string", ["maxLength"] = RelayUrl.CharactersMax };
    }

    private RelayRule? Read(ObjectNode node)
    {
        if (node.Members.Any(member => !Texts.Contains(member.Name)
            && !(isPull && member.Name == Static)))
        {
            return null;
        }
        var isStatic = false;
        if (node.Find(Static) is { } flag && !Units.Flag.TryRead(flag.Value, out isStatic))
            return null;
        var values = Texts.Select(name => TextOf(node, name)).ToArray();
        return values.Contains(null) || values[0]!.Length == 0 ? null : new RelayRule(values[0]!)
        {
            Name = values[1]!,
            App = values[2]!,
            TcUrl = values[3]!,
            IsStatic = isStatic,
        };
    }

    /// <summary>Empty where it is left out, null where it is no text.</summary>
    private static string? TextOf(ObjectNode node, string name)
    {
        if (node.Find(name) is not { } member)
            return "";
        return member.Value is ScalarNode { Form: not Form.Plain } text
            && text.Text.Length is > 0 and <= RelayUrl.CharactersMax ? text.Text : null;
    }
}
