using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Reactor.Server.Storage;

namespace Reactor.Server.Configuration.Schema;

/// <summary>A path with places to fill in.</summary>
internal sealed class PathTemplateUnit() : Unit<PathTemplate>(
    "a path with {app}, {stream}, {unix}, {ext} or %Y %m %d %H %M %S %% in it")
{
    private const int LengthMax = 1024;

    public override bool TryRead(ConfigNode node, [MaybeNullWhen(false)] out PathTemplate value)
    {
        value = node is ScalarNode { Form: not Form.Plain, Text.Length: <= LengthMax } scalar
            ? PathTemplate.TryParse(scalar.Text, out _)
            : null;
        return value is not null;
    }

    public override string Json(PathTemplate value) => Quote(value.ToString());

    public override JsonObject Schema() => new() { ["type"] = "string", ["maxLength"] = LengthMax };
}
