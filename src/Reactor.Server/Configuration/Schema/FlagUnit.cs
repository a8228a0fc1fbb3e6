using System.Text.Json.Nodes;

namespace Reactor.Server.Configuration.Schema;

internal sealed class FlagUnit() : Unit<bool>("true or false")
{
    public override bool TryRead(ConfigNode node, out bool value)
    {
        value = node is ScalarNode { Text: "true" or "on" };
        return value || node is ScalarNode { Text: "false" or "off" };
    }

    public override string Json(bool value) => value ? "true" : "false";

    public override JsonObject Schema()
        => new() { ["enum"] = new JsonArray(true, false, "on", "off") };
}
