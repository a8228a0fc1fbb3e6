using System;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Reactor.Server.Configuration.Schema;

/// <param name="names">A word for each value, in their order.</param>
internal sealed class ChoiceUnit<T>(string[] names) : Unit<T>($"one of {string.Join(", ", names)}")
    where T : struct, Enum
{
    private static readonly T[] Values = Enum.GetValues<T>();

    /// <summary>Words in snake_case.</summary>
    public ChoiceUnit()
        : this([.. Enum.GetNames<T>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)])
    {
    }

    public override bool TryRead(ConfigNode node, out T value)
    {
        var at = node is ScalarNode scalar ? Array.IndexOf(names, scalar.Text) : -1;
        value = at < 0 ? default : Values[at];
        return at >= 0;
    }

    public override string Json(T value) => Quote(names[Array.IndexOf(Values, value)]);

    public override JsonObject Schema()
        => new() { ["enum"] = new JsonArray([.. names.Select(name => JsonValue.Create(name))]) };

    public override string? Nearest(ConfigNode node)
        => node is ScalarNode scalar ? NearestName.Of(scalar.Text, names) : null;
}
