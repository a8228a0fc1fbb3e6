using System;
using System.Collections.Generic;
using System.Text.Json.Nodes;

namespace Reactor.Server.Configuration.Schema;

/// <summary>A key of a part of the owner, offered as a key of the owner itself.</summary>
internal sealed class LiftedKey<TOwner, TPart>(
    Key<TPart> key, Func<TOwner, TPart> get, Func<TOwner, TPart, TOwner> with)
    : Key<TOwner>(key.Name)
    where TOwner : class
    where TPart : class
{
    public override TOwner Read(ConfigNode node, TOwner owner, string path, ConfigErrors errors)
        => with(owner, key.Read(node, get(owner), path, errors));

    public override void Write(TOwner owner, OptionsWriter writer)
        => key.Write(get(owner), writer);

    public override string Json(TOwner owner) => key.Json(get(owner));

    public override void Compare(
        TOwner old, TOwner other, string path, List<ConfigChange> changes)
        => key.Compare(get(old), get(other), path, changes);

    public override TOwner KeepRestart(TOwner old, TOwner other)
        => with(other, key.KeepRestart(get(old), get(other)));

    public override Applies Takes => key.Takes;

    public override JsonObject Schema(TOwner? defaults)
        => key.Schema(defaults is null ? null : get(defaults));
}
