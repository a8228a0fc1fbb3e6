using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Reactor.Server.Hooks;

namespace Reactor.Server.Configuration.Schema;

internal sealed class HookUrlUnit() : Unit<string>(
    "a URL like \"http://127.0.0.1:8080/hook\", or \"\" for none")
{
    public override bool TryRead(ConfigNode node, [MaybeNullWhen(false)] out string value)
    {
        value = (node as ScalarNode)?.Text;
        return value is "" || (value is not null && HookUrl.TryParse(value, out _));
    }

    public override string Json(string value) => Quote(value);

    public override JsonObject Schema() => new() { ["type"] = "string" };
}
