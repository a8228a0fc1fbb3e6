using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Reactor.Server.Configuration.Schema;

internal sealed class TextUnit() : Unit<string>($"a string of at most {LengthMax} characters")
{
    private const int LengthMax = 256;

    public override bool TryRead(ConfigNode node, [MaybeNullWhen(false)] out string value)
    {
        value = node is ScalarNode { Form: not Form.Plain } text ? text.Text : null;
        return value?.Length <= LengthMax;
    }

    public override string Json(string value) => Quote(value);

    public override JsonObject Schema() => new() { ["type"] = "string", ["maxLength"] = LengthMax };
}
