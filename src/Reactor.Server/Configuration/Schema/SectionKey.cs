using System;
using System.Collections.Generic;
using System.Text.Json.Nodes;

namespace Reactor.Server.Configuration.Schema;

/// <summary>A key that holds a section.</summary>
internal sealed class SectionKey<TOwner, TInner>(
    string name,
    Section<TInner> section,
    Func<TOwner, TInner> get,
    Func<TOwner, TInner, TOwner> with) : Key<TOwner>(name)
    where TOwner : class
    where TInner : class
{
    public override TOwner Read(ConfigNode node, TOwner owner, string path, ConfigErrors errors)
        => with(owner, section.Read(node, get(owner), path, errors));

    public override void Write(TOwner owner, OptionsWriter writer)
        => section.Write(Name, get(owner), writer);

    public override string Json(TOwner owner) => section.Json(get(owner));

    public override JsonObject Schema(TOwner? defaults)
        => section.Schema(defaults is null ? null : get(defaults));

    public override void Compare(
        TOwner old, TOwner other, string path, List<ConfigChange> changes)
        => section.Compare(get(old), get(other), ConfigErrors.Path(path, Name), changes);

    public override TOwner KeepRestart(TOwner old, TOwner other)
        => with(other, section.KeepRestart(get(old), get(other)));

    public override IEnumerable<string> Paths
    {
        get
        {
            yield return Name;
            foreach (var path in section.Paths)
                yield return $"{Name}.{path}";
        }
    }
}
