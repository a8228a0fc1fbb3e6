using System.Collections.Generic;
using System.Text.Json.Nodes;

namespace Reactor.Server.Configuration.Schema;

/// <summary>When a changed key takes effect.</summary>
internal enum Applies
{
    /// <summary>At once, for streams and sessions under way too.</summary>
    Live,

    /// <summary>For sessions that begin afterwards.</summary>
    New,

    Restart,
}

/// <summary>A key of a section: one row of its table.</summary>
/// <typeparam name="TOwner">The immutable record that the section becomes.</typeparam>
internal abstract class Key<TOwner>(string name)
    where TOwner : class
{
    public string Name { get; } = name;

    /// <summary>The owner with this key from the node; unchanged when that is wrong.</summary>
    public abstract TOwner Read(ConfigNode node, TOwner owner, string path, ConfigErrors errors);

    public abstract void Write(TOwner owner, OptionsWriter writer);

    /// <summary>The value on one line.</summary>
    public abstract string Json(TOwner owner);

    /// <summary>Adds what another owner has otherwise.</summary>
    public virtual void Compare(
        TOwner old, TOwner other, string path, List<ConfigChange> changes)
    {
        if (Json(old) != Json(other))
            changes.Add(new ConfigChange(
                ConfigErrors.Path(path, Name), OptionsReload.WordOf(Takes)));
    }

    /// <summary>The other owner, with the old value where a change needs a restart.</summary>
    public abstract TOwner KeepRestart(TOwner old, TOwner other);

    /// <summary>When a change takes effect.</summary>
    public virtual Applies Takes => Applies.New;

    /// <param name="defaults">Null where the value is inherited, so that none can be named.</param>
    public abstract JsonObject Schema(TOwner? defaults);

    /// <summary>The keys inside, by their dotted paths.</summary>
    public virtual IEnumerable<string> Paths => [Name];
}
