using System;
using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using static Reactor.Server.Configuration.Schema.Units;

namespace Reactor.Server.Configuration.Schema;

internal sealed class SizeUnit<T>(T min, T max)
    : Unit<T>($"a size like 4096, \"64k\" or \"1m\", from {Short(min)} to {Short(max)}")
    where T : struct, IBinaryInteger<T>
{
    public override bool TryRead(ConfigNode node, out T value)
    {
        value = T.Zero;
        if (node is not ScalarNode scalar)
            return false;
        var digits = scalar.Text.AsSpan().TrimEnd("kmgKMG");
        var factor = scalar.Text[digits.Length..] switch
        {
            "" => 1,
            "k" or "K" => Kilo,
            "m" or "M" => Mega,
            "g" or "G" => Giga,
            _ => 0,
        };
        if (factor == 0
            || !uint.TryParse(
                digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }
        var bytes = number * (long)factor;
        if (bytes < long.CreateChecked(min) || bytes > long.CreateChecked(max))
            return false;
        value = T.CreateChecked(bytes);
        return true;
    }

    public override string Json(T value) => Short(value) is [.., 'k' or 'm' or 'g'] text
        ? Quote(text)
        : Short(value);

    public override JsonObject Schema() => new()
    {
        ["type"] = new JsonArray("integer", "string"),
        ["minimum"] = long.CreateChecked(min),
        ["maximum"] = long.CreateChecked(max),
        ["pattern"] = "^[0-9]+[kmgKMG]?$",
    };

    private static string Short(T size) => Short(long.CreateChecked(size));

    private static string Short(long bytes) => bytes switch
    {
        > 0 when bytes % Giga == 0 => $"{bytes / Giga}g",
        > 0 when bytes % Mega == 0 => $"{bytes / Mega}m",
        > 0 when bytes % Kilo == 0 => $"{bytes / Kilo}k",
        _ => $"{bytes}",
    };
}
