using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Reactor.Server.Configuration.Schema;

internal sealed class AddressUnit() : Unit<ListenAddress>(
    "an address like \"1935\", \"0.0.0.0:1935\" or \"[::]:1935\"")
{
    public override bool TryRead(ConfigNode node, [MaybeNullWhen(false)] out ListenAddress value)
    {
        value = null;
        return node is ScalarNode scalar && ListenAddress.TryParse(scalar.Text, out value);
    }

    public override string Json(ListenAddress value) => Quote(value.Text);

    public override JsonObject Schema()
        => new() { ["type"] = new JsonArray("string", "integer"), ["maximum"] = ushort.MaxValue };
}
