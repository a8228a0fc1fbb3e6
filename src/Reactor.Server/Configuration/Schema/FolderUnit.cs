using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Reactor.Server.Configuration.Schema;

/// <summary>A folder, which need not be there yet.</summary>
internal sealed class FolderUnit() : Unit<string>(
    $"the path of a folder, of 1 to {LengthMax} characters")
{
    private const int LengthMax = 1024;

    public override bool TryRead(ConfigNode node, [MaybeNullWhen(false)] out string value)
    {
        value = node is ScalarNode { Form: not Form.Plain, Text.Length: > 0 and <= LengthMax } text
            && !text.Text.Contains('\0', System.StringComparison.Ordinal)
            ? text.Text
            : null;
        return value is not null;
    }

    public override string Json(string value) => Quote(value);

    public override JsonObject Schema() => new()
    {
        ["type"] = "string",
        ["minLength"] = 1,
        ["maxLength"] = LengthMax,
    };
}
