using System;

namespace Reactor.Testing.Simulation;

/// <summary>How much a peer reads at a time: all, so many bytes a second, or no more.</summary>
public sealed class Mouth(PlayerPlan style)
{
    /// <summary>How often a slow one reads.</summary>
    public const int MealMs = 20;

    private int _allowance;

    /// <summary>Whether it reads by the clock and not by what is there.</summary>
    public bool IsSlow => style.Appetite == Appetite.Slow;

    /// <summary>Bytes that it would take now.</summary>
    /// <param name="elapsedUs">Since it connected.</param>
    /// <param name="hasStarted">Until then everybody reads what comes.</param>
    public int Hunger(long elapsedUs, bool hasStarted) => style.Appetite switch
    {
        Appetite.Stalled when elapsedUs > style.StallMs * 1000L => 0,
        Appetite.Slow when hasStarted => _allowance,
        _ => int.MaxValue,
    };

    public void Eat(int bytes) => _allowance = Math.Max(0, _allowance - bytes);

    /// <summary>It is hungry again.</summary>
    public void BeginMeal() => _allowance = Math.Max(1, style.BytesPerSecond * MealMs / 1000);
}
