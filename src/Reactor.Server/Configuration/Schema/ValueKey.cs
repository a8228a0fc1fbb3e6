using System;
using System.Text.Json.Nodes;

namespace Reactor.Server.Configuration.Schema;

/// <summary>A key that holds one value.</summary>
internal sealed class ValueKey<TOwner, T>(
    string name,
    Unit<T> unit,
    Applies applies,
    Func<TOwner, T> get,
    Func<TOwner, T, TOwner> with,
    string about) : Key<TOwner>(name)
    where TOwner : class
{
    public override TOwner Read(ConfigNode node, TOwner owner, string path, ConfigErrors errors)
    {
        if (unit.TryRead(node, out var value))
            return with(owner, value);
        var culprit = unit.Culprit(node);
        var nearest = unit.Nearest(culprit) is { } word ? $", did you mean \"{word}\"?" : "";
        errors.Unexpected(culprit, path, unit.Expected, nearest);
        return owner;
    }

    public override void Write(TOwner owner, OptionsWriter writer)
        => writer.Value(Name, unit.Json(get(owner)), $"{about} ({unit.Expected}; {AppliesText})");

    public override string Json(TOwner owner) => unit.Json(get(owner));

    public override JsonObject Schema(TOwner? defaults)
    {
        var schema = unit.Schema();
        schema["description"] = $"{about} Expected: {unit.Expected}. Applies: {AppliesText}.";
        if (defaults is not null)
            schema["default"] = JsonNode.Parse(unit.Json(get(defaults)));
        return schema;
    }

    public override TOwner KeepRestart(TOwner old, TOwner other) =>
        applies == Applies.Restart ? with(other, get(old)) : other;

    public override Applies Takes => applies;

    private string AppliesText => OptionsReload.WordOf(applies);
}
