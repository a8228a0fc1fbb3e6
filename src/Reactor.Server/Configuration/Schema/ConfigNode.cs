using System.Collections.Generic;
using System.Linq;

namespace Reactor.Server.Configuration.Schema;

/// <summary>A piece of configuration that remembers its place: what a file becomes first.</summary>
internal abstract record ConfigNode(Place Place);

/// <summary>How a scalar was written, for 5 and "5" are different things in JSON.</summary>
internal enum Form
{
    Quoted,
    Plain,
    // From the environment or the command line, where nothing is quoted.
    Bare,
}

internal sealed record ScalarNode(Place Place, Form Form, string Text) : ConfigNode(Place);

internal sealed record ListNode(Place Place, IReadOnlyList<ConfigNode> Items) : ConfigNode(Place);

/// <summary>A name and its value; the place is the name's.</summary>
internal sealed record Member(Place Place, string Name, ConfigNode Value);

internal sealed record ObjectNode(Place Place, IReadOnlyList<Member> Members) : ConfigNode(Place)
{
    public Member? Find(string name) => Members.FirstOrDefault(member => member.Name == name);

    public ObjectNode Without(string name)
        => this with { Members = [.. Members.Where(member => member.Name != name)] };

    /// <summary>This with another laid over it: objects join, all else is replaced.</summary>
    public ObjectNode With(ObjectNode over)
    {
        var members = Members.ToList();
        foreach (var theirs in over.Members)
        {
            var at = members.FindIndex(ours => ours.Name == theirs.Name);
            if (at < 0)
                members.Add(theirs);
            else if (members[at].Value is ObjectNode below && theirs.Value is ObjectNode above)
                members[at] = theirs with { Value = below.With(above) };
            else
                members[at] = theirs;
        }
        return this with { Members = members };
    }
}
