using System;
using System.Globalization;
using System.Linq;
using System.Text.Json.Nodes;

namespace Reactor.Server.Configuration.Schema;

internal sealed class BitrateUnit(long max)
    : Unit<long>($"a bitrate like \"800kbps\" or \"8mbps\", from 0 to {Short(max)}")
{
    private static readonly (string Name, long Bits)[] Scale =
        [("gbps", 1_000_000_000), ("mbps", 1_000_000), ("kbps", 1000), ("bps", 1)];

    public override bool TryRead(ConfigNode node, out long value)
    {
        value = 0;
        if (node is not ScalarNode scalar)
            return false;
        var number = scalar.Text.AsSpan().TrimEnd("gmkbps");
        var suffix = scalar.Text[number.Length..];
        var bits = suffix.Length == 0 ? 1 : Scale.FirstOrDefault(step => step.Name == suffix).Bits;
        if (bits == 0
            || !decimal.TryParse(
                number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            || count > max || count * bits > max)
        {
            return false;
        }
        value = (long)(count * bits);
        return true;
    }

    public override string Json(long value) => value == 0 ? "0" : Quote(Short(value));

    public override JsonObject Schema() => new()
    {
        ["type"] = new JsonArray("number", "string"),
        ["minimum"] = 0,
        ["maximum"] = max,
        ["pattern"] = @"^[0-9]+(\.[0-9]+)?([gmk]?bps)?$",
    };

    private static string Short(long bits)
    {
        foreach (var (name, unit) in Scale)
        {
            if (bits > 0 && bits % unit == 0)
                return $"{bits / unit}{name}";
        }
        return "0";
    }
}
