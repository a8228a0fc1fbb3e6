using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json.Nodes;

namespace Reactor.Server.Configuration.Schema;

/// <summary>The table of a section's keys.</summary>
/// <remarks>
/// Each key is described once, in one row: name, unit with range, when a change applies, how
/// it is got and set, and what it is for. Reading, writing, the schema and the hints of the
/// errors all come from the rows; the default is what a new record holds.
/// </remarks>
internal sealed class Section<TOwner>(string about) : IEnumerable<Key<TOwner>>
    where TOwner : class
{
    private readonly List<Key<TOwner>> _keys = [];

    public string About { get; } = about;

    public IEnumerable<string> Paths => _keys.SelectMany(key => key.Paths);

    public void Add(Key<TOwner> key) => _keys.Add(key);

    /// <summary>Rows that sections of several kinds have in common.</summary>
    public void Add(IEnumerable<Key<TOwner>> keys) => _keys.AddRange(keys);

    public void Add<T>(
        string name,
        Unit<T> unit,
        Applies applies,
        Func<TOwner, T> get,
        Func<TOwner, T, TOwner> with,
        string about)
        => Add(new ValueKey<TOwner, T>(name, unit, applies, get, with, about));

    public void Add<TInner>(
        string name,
        Section<TInner> section,
        Func<TOwner, TInner> get,
        Func<TOwner, TInner, TOwner> with)
        where TInner : class
        => Add(new SectionKey<TOwner, TInner>(name, section, get, with));

    /// <summary>Takes over all keys of another section, whose record is a part of ours.</summary>
    public void Add<TPart>(
        Section<TPart> section, Func<TOwner, TPart> get, Func<TOwner, TPart, TOwner> with)
        where TPart : class
    {
        foreach (var key in section)
            Add(new LiftedKey<TOwner, TPart>(key, get, with));
    }

    /// <summary>The start with what the node says; what it leaves out stays as it is.</summary>
    public TOwner Read(ConfigNode node, TOwner start, string path, ConfigErrors errors)
    {
        if (node is not ObjectNode section)
        {
            errors.Unexpected(node, path, "an object");
            return start;
        }
        var names = _keys.Select(key => key.Name).ToList();
        foreach (var stray in section.Members.Where(member => !names.Contains(member.Name)))
            errors.Unknown(stray, path, names);

        // In the order of the table, not of the file: a later row may inherit from an earlier.
        var owner = start;
        foreach (var key in _keys)
        {
            if (section.Find(key.Name) is { } member)
                owner = key.Read(member.Value, owner, ConfigErrors.Path(path, key.Name), errors);
        }
        return owner;
    }

    public void Write(string name, TOwner owner, OptionsWriter writer)
    {
        writer.Begin(name, About);
        foreach (var key in _keys)
            key.Write(owner, writer);
        writer.End();
    }

    /// <summary>The whole section on one line.</summary>
    public string Json(TOwner owner) =>
        $"{{ {string.Join(", ", _keys.Select(key => $"\"{key.Name}\": {key.Json(owner)}"))} }}";

    /// <summary>Whether there is a key whose change needs a restart.</summary>
    public bool NeedsRestart => _keys.Any(key => key.Takes == Applies.Restart);

    /// <summary>Adds every key that another owner has otherwise.</summary>
    public void Compare(TOwner old, TOwner other, string path, List<ConfigChange> changes)
    {
        foreach (var key in _keys)
            key.Compare(old, other, path, changes);
    }

    /// <summary>The other owner, with the old values of keys that need a restart.</summary>
    public TOwner KeepRestart(TOwner old, TOwner other)
    {
        foreach (var key in _keys)
            other = key.KeepRestart(old, other);
        return other;
    }

    public JsonObject Schema(TOwner? defaults)
    {
        var properties = new JsonObject();
        foreach (var key in _keys)
            properties[key.Name] = key.Schema(defaults);
        return new JsonObject
        {
            ["type"] = "object",
            ["description"] = About,
            ["properties"] = properties,
            ["additionalProperties"] = false,
        };
    }

    /// <summary>
    /// Where a key of that name lives, the outermost of several: <c>rtmp.chunk_size</c>.
    /// </summary>
    public string? PathOf(string name)
        => Paths.Where(path => path.EndsWith('.' + name, StringComparison.Ordinal))
            .MinBy(path => path.Count(letter => letter == '.'));

    public IEnumerator<Key<TOwner>> GetEnumerator() => _keys.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
