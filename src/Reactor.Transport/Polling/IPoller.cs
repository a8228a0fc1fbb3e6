using System;
using Reactor.Transport.Network;

namespace Reactor.Transport.Polling;

/// <summary>What a watched source is ready for, or what its owner wants to hear of.</summary>
[Flags]
public enum Readiness
{
    None = 0,

    /// <summary>Bytes, a connection, an end or an error can be received.</summary>
    Read = 1,

    /// <summary>Bytes can be sent, or a connect is decided.</summary>
    Write = 2,
}

/// <summary>Who hears of readiness.</summary>
public interface IPollable : IFaultTarget
{
    /// <summary>False once closed: what the turn still holds for it is dropped.</summary>
    bool IsOpen { get; }

    /// <summary>The source is ready; called at most once a turn, errors come as both.</summary>
    void OnReady(Readiness what);

    /// <summary>
    /// It is ready, and so many others are handled first: what it needs may be fetched already, a
    /// step further each time, for a step reads what the one before it has fetched.
    /// </summary>
    void FetchAhead(int others)
    {
    }
}

/// <summary>Whose fault an exception is: it is ended, and the others go on.</summary>
public interface IFaultTarget
{
    /// <summary>Handling threw; report it and close. What this throws is contained, too.</summary>
    void OnFault(Exception fault);
}

/// <summary>One source that is ready.</summary>
public readonly record struct ReadyEvent(IPollable Target, Readiness What);

/// <summary>Waits for many sources at once, level-triggered.</summary>
public interface IPoller : IDisposable
{
    /// <summary>Begins to watch, or changes the interest of a source that is watched.</summary>
    /// <remarks>Without interest an end or an error is told at most once, or not at all.</remarks>
    void Watch(IPollSource source, IPollable target, Readiness interest);

    /// <summary>Stops watching; harmless for a source that is not watched.</summary>
    void Forget(IPollSource source);

    /// <summary>Sources watched; zero after shutdown.</summary>
    int Watched { get; }

    /// <summary>Waits until something is ready, the time is over, or somebody wakes it.</summary>
    /// <param name="events">Filled from the start.</param>
    /// <param name="timeoutMs">Milliseconds; 0 looks only, −1 waits for ever.</param>
    /// <returns>Events filled in; 0 also after a signal or a wake-up.</returns>
    int Wait(Span<ReadyEvent> events, int timeoutMs);

    /// <summary>Ends a wait, now or the next one. The only method for other threads.</summary>
    void Wake();
}
