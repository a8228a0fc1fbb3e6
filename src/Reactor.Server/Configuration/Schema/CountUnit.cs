using System.Globalization;
using System.Text.Json.Nodes;

namespace Reactor.Server.Configuration.Schema;

internal sealed class CountUnit(int min, int max)
    : Unit<int>($"a whole number from {min} to {max}")
{
    public override bool TryRead(ConfigNode node, out int value)
    {
        value = 0;
        return node is ScalarNode { Form: not Form.Quoted } number
            && int.TryParse(
                number.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
            && value >= min && value <= max;
    }

    public override string Json(int value) => value.ToString(CultureInfo.InvariantCulture);

    public override JsonObject Schema()
        => new() { ["type"] = "integer", ["minimum"] = min, ["maximum"] = max };
}
