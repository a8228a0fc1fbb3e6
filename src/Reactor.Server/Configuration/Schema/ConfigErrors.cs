using System;
using System.Collections.Generic;
using System.Linq;

namespace Reactor.Server.Configuration.Schema;

/// <summary>Collects all that is wrong, so that one run of <c>-t</c> names everything.</summary>
internal sealed class ConfigErrors
{
    private readonly List<ConfigError> _errors = [];

    /// <summary>Source by source in the order they were met, each from top to bottom.</summary>
    public IReadOnlyList<ConfigError> InOrder
        => [.. _errors.GroupBy(error => error.Place.Source)
            .SelectMany(file => file.OrderBy(error => (error.Place.Line, error.Place.Column)))];

    public void Add(Place place, string key, string problem)
        => _errors.Add(new ConfigError(place, key, problem));

    public void Unexpected(ConfigNode node, string key, string expected, string hint = "")
    {
        var found = node switch
        {
            ScalarNode { Form: Form.Quoted } text => $"\"{Shorten(text.Text)}\"",
            ScalarNode other => Shorten(other.Text),
            ListNode => "a list",
            _ => "an object",
        };
        Add(node.Place, key, $"expected {expected}; found {found}{hint}");
    }

    /// <param name="member">The member whose name nobody knows.</param>
    /// <param name="section">The path of its section, <c>rtmp</c>; empty at the root.</param>
    /// <param name="known">The names that the section has.</param>
    public void Unknown(Member member, string section, IReadOnlyCollection<string> known)
    {
        var hint = NearestName.Of(member.Name, known) ?? ServerOptions.Keys.PathOf(member.Name);
        var help = hint is not null
            ? $"did you mean \"{hint}\"?"
            : $"expected one of {string.Join(", ", known)}";
        Add(member.Place, Path(section, Shorten(member.Name)), $"unknown key; {help}");
    }

    public static string Path(string section, string name)
        => section.Length == 0 ? name : $"{section}.{name}";

    private static string Shorten(string text)
        => text.Length <= 40 ? text : string.Concat(text.AsSpan(0, 40), "...");
}
