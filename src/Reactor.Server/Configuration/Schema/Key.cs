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

    /// <param name="defaults">Null where the value is inherited, so that none can be named.</param>
    public abstract JsonObject Schema(TOwner? defaults);

    /// <summary>The keys inside, by their dotted paths.</summary>
    public virtual IEnumerable<string> Paths => [Name];
}
