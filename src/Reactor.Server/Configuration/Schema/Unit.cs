using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;

namespace Reactor.Server.Configuration.Schema;

/// <summary>What a key's value may be, how it is read, and how it is written.</summary>
/// <param name="expected">
/// Completes "expected ...": the type with its unit, and the range.
/// </param>
internal abstract class Unit<T>(string expected)
{
    public string Expected { get; } = expected;

    /// <summary>False when type or range do not fit.</summary>
    public abstract bool TryRead(ConfigNode node, [MaybeNullWhen(false)] out T value);

    /// <summary>The value as JSON that <see cref="TryRead"/> takes back unchanged.</summary>
    public abstract string Json(T value);

    /// <summary>The same rules as JSON Schema, as far as it can say them.</summary>
    public abstract JsonObject Schema();

    /// <summary>The word that a wrong one was meant to be, for units that have words.</summary>
    public virtual string? Nearest(ConfigNode node) => null;

    /// <summary>What of a value that does not fit is to blame: of a list, one item.</summary>
    public virtual ConfigNode Culprit(ConfigNode node) => node;

    protected static string Quote(string text)
        => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";
}
