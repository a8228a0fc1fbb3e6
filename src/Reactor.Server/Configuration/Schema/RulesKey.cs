using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;

namespace Reactor.Server.Configuration.Schema;

/// <summary>A key whose members are named by the user: <c>apps</c>, <c>streams</c>.</summary>
/// <remarks>
/// A member begins as what it inherits from the owner. Where <c>get</c> says null the key was
/// not given, and is not written either.
/// </remarks>
internal sealed class RulesKey<TOwner>(
    string name,
    Section<AppRule> rule,
    Func<TOwner, string, AppRule> begin,
    Func<TOwner, IReadOnlyList<AppRule>?> get,
    Func<TOwner, IReadOnlyList<AppRule>, TOwner> with,
    string about) : Key<TOwner>(name)
    where TOwner : class
{
    private const int RulesMax = 10_000;

    public override TOwner Read(ConfigNode node, TOwner owner, string path, ConfigErrors errors)
    {
        if (node is not ObjectNode { Members.Count: <= RulesMax } names)
        {
            errors.Unexpected(node, path, $"an object of at most {RulesMax} names");
            return owner;
        }
        AppRule ReadRule(Member member) => rule.Read(
            member.Value,
            begin(owner, member.Name),
            ConfigErrors.Path(path, member.Name),
            errors);
        return with(owner, [.. names.Members.Select(ReadRule)]);
    }

    public override void Write(TOwner owner, OptionsWriter writer)
    {
        if (get(owner) is not { } rules)
        {
            writer.Absent(Name, about);
            return;
        }
        writer.Begin(Name, about);
        foreach (var each in rules)
            rule.Write(each.Pattern, each, writer);
        writer.End();
    }

    public override string Json(TOwner owner)
    {
        var rules = (get(owner) ?? []).Select(each => $"\"{each.Pattern}\": {rule.Json(each)}");
        return $"{{ {string.Join(", ", rules)} }}";
    }

    public override TOwner KeepRestart(TOwner old, TOwner other) => other;

    public override JsonObject Schema(TOwner? defaults) => new()
    {
        ["type"] = "object",
        ["description"] = about,
        ["additionalProperties"] = rule.Schema(null),
    };
}
