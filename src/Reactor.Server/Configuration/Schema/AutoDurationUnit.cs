using System;
using System.Text.Json.Nodes;

namespace Reactor.Server.Configuration.Schema;

/// <summary>A duration, or the word <c>auto</c>: null.</summary>
internal sealed class AutoDurationUnit(TimeSpan min, TimeSpan max)
    : Unit<TimeSpan?>($"\"auto\", or {new DurationUnit(min, max).Expected}")
{
    private const string Auto = "auto";
    private readonly DurationUnit _duration = new(min, max);

    public override bool TryRead(ConfigNode node, out TimeSpan? value)
    {
        value = null;
        if (node is ScalarNode { Text: Auto })
            return true;
        if (!_duration.TryRead(node, out var duration))
            return false;
        value = duration;
        return true;
    }

    public override string Json(TimeSpan? value) =>
        value is { } duration ? _duration.Json(duration) : Quote(Auto);

    public override JsonObject Schema() => new()
    {
        ["anyOf"] = new JsonArray(new JsonObject { ["const"] = Auto }, _duration.Schema()),
    };
}
