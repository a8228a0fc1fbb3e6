using System;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Reactor.Server.Configuration.Schema;

internal sealed class ChoiceUnit<T>() : Unit<T>($"one of {string.Join(", ", Names)}")
    where T : struct, Enum
{
    private static readonly T[] Values = Enum.GetValues<T>();

    private static string[] Names { get; } =
        [.. Enum.GetNames<T>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    public override bool TryRead(ConfigNode node, out T value)
    {
        var at = node is ScalarNode scalar ? Array.IndexOf(Names, scalar.Text) : -1;
        value = at < 0 ? default : Values[at];
        return at >= 0;
    }

    public override string Json(T value) => Quote(Names[Array.IndexOf(Values, value)]);

    public override JsonObject Schema()
        => new() { ["enum"] = new JsonArray([.. Names.Select(name => JsonValue.Create(name))]) };

    public override string? Nearest(ConfigNode node)
        => node is ScalarNode scalar ? NearestName.Of(scalar.Text, Names) : null;
}
