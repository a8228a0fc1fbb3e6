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
/// <param name="name">The key.</param>
/// <param name="inherits">The section that members begin as; empty for the owner itself.</param>
/// <param name="rule">Reads a member.</param>
/// <param name="begin">A member that says nothing yet.</param>
/// <param name="get">The owner's members.</param>
/// <param name="with">The owner with other members.</param>
/// <param name="about">What they are.</param>
internal sealed class RulesKey<TOwner>(
    string name,
    string inherits,
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

    /// <summary>
    /// Members of both are compared key by key; what differs where they inherit it from was told
    /// there already.
    /// </summary>
    public override void Compare(
        TOwner old, TOwner other, string path, List<ConfigChange> changes)
    {
        if (get(old) is not { } before || get(other) is not { } after)
        {
            base.Compare(old, other, path, changes);
            return;
        }
        var place = ConfigErrors.Path(path, Name);
        var told = KeysBelow(inherits.Length > 0 ? inherits : path, changes);
        var others = before.ToDictionary(each => each.Pattern);
        foreach (var each in after)
        {
            var member = ConfigErrors.Path(place, each.Pattern);
            if (!others.Remove(each.Pattern, out var same))
            {
                changes.Add(new ConfigChange(member, OptionsReload.WordOf(Takes)));
                continue;
            }
            var inside = new List<ConfigChange>();
            rule.Compare(same, each, member, inside);
            changes.AddRange(inside.Where(change => !told.Contains(change.Key[member.Length..])));
        }
        foreach (var gone in others.Keys)
        {
            changes.Add(new ConfigChange(
                ConfigErrors.Path(place, gone), OptionsReload.WordOf(Takes)));
        }
    }

    private static HashSet<string> KeysBelow(string place, List<ConfigChange> changes) =>
    [
        .. changes.Where(change => change.Key.StartsWith($"{place}.", StringComparison.Ordinal))
            .Select(change => change.Key[place.Length..]),
    ];

    public override TOwner KeepRestart(TOwner old, TOwner other) => other;

    public override JsonObject Schema(TOwner? defaults) => new()
    {
        ["type"] = "object",
        ["description"] = about,
        ["additionalProperties"] = rule.Schema(null),
    };
}
