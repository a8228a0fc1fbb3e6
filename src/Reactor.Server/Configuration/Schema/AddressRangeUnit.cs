using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Reactor.Server.Configuration.Schema;

internal sealed class AddressRangeUnit() : Unit<AddressRange>(
    "\"all\", an address, or a network like \"10.0.0.0/8\"")
{
    public override bool TryRead(ConfigNode node, [MaybeNullWhen(false)] out AddressRange value)
    {
        value = null;
        return node is ScalarNode { Form: not Form.Plain } scalar
            && AddressRange.TryParse(scalar.Text, out value);
    }

    public override string Json(AddressRange value) => Quote(value.Text);

    public override JsonObject Schema() => new() { ["type"] = "string" };
}
