using System.Globalization;
using System.Text.Json.Nodes;

namespace Reactor.Server.Configuration.Schema;

internal sealed class RateUnit(int max)
    : Unit<int>($"a rate like \"10/s\" or \"600/m\", from 0 to {max} a second")
{
    private const int SecondsPerMinute = 60;

    public override bool TryRead(ConfigNode node, out int value)
    {
        value = 0;
        if (node is not ScalarNode scalar)
            return false;
        var number = scalar.Text;
        var seconds = 1;
        if (number.EndsWith("/s", System.StringComparison.Ordinal))
        {
            number = number[..^2];
        }
        else if (number.EndsWith("/m", System.StringComparison.Ordinal))
        {
            number = number[..^2];
            seconds = SecondsPerMinute;
        }
        // Less than one a second cannot be told from none, and is refused.
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count % seconds == 0
            && (value = count / seconds) <= max;
    }

    public override string Json(int value) => Quote($"{value}/s");

    public override JsonObject Schema() => new()
    {
        ["type"] = new JsonArray("integer", "string"),
        ["pattern"] = "^[0-9]+(/[sm])?$",
    };
}
