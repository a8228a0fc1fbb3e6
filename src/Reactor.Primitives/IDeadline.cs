namespace Reactor.Primitives;

/// <summary>A deadline as those see it who have no clock: somebody else calls back, once.</summary>
public interface IDeadline
{
    /// <summary>Sets or moves it: so many milliseconds from now.</summary>
    void Set(long delayMs);

    void Cancel();
}
