using System;
using System.Globalization;
using System.Linq;
using System.Text.Json.Nodes;

namespace Reactor.Server.Configuration.Schema;

internal sealed class DurationUnit(TimeSpan min, TimeSpan max)
    : Unit<TimeSpan>($"a duration like \"500ms\" or \"5s\", from {Short(min)} to {Short(max)}")
{
    private static readonly (string Name, TimeSpan Length)[] Scale =
    [
        ("d", TimeSpan.FromDays(1)),
        ("h", TimeSpan.FromHours(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("ms", TimeSpan.FromMilliseconds(1)),
    ];

    // So many days still fit a TimeSpan.
    private const decimal NumberMax = 1_000_000;

    public static TimeSpan Parse(string text)
        => TryParse(text, out var value) ? value : throw new FormatException(text);

    public override bool TryRead(ConfigNode node, out TimeSpan value)
    {
        value = default;
        return node is ScalarNode scalar
            && TryParse(scalar.Text, out value)
            && value >= min && value <= max;
    }

    public override string Json(TimeSpan value) => Quote(Short(value));

    public override JsonObject Schema() => new()
    {
        ["type"] = new JsonArray("number", "string"),
        ["minimum"] = min.TotalSeconds,
        ["maximum"] = max.TotalSeconds,
        ["pattern"] = @"^[0-9]+(\.[0-9]+)?(ms|s|m|h|d)?$",
    };

    private static bool TryParse(string text, out TimeSpan value)
    {
        var number = text.AsSpan().TrimEnd("mshd");
        var suffix = text[number.Length..];
        var unit = suffix.Length == 0
            ? TimeSpan.FromSeconds(1)
            : Scale.FirstOrDefault(step => step.Name == suffix).Length;
        value = default;
        if (unit == default
            || !decimal.TryParse(
                number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            || count > NumberMax)
        {
            return false;
        }
        value = TimeSpan.FromTicks((long)(count * unit.Ticks));
        return true;
    }

    private static string Short(TimeSpan value)
    {
        if (value == default)
            return "0s";
        // Below a millisecond only a decimal can say it: 1.5ms.
        var (name, unit) = Scale.FirstOrDefault(
            step => value.Ticks % step.Length.Ticks == 0, Scale[^1]);
        var count = (decimal)value.Ticks / unit.Ticks;
        return string.Create(CultureInfo.InvariantCulture, $"{count}{name}");
    }
}
