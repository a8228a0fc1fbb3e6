using System;
using System.Collections.Generic;
using Reactor.Transport.Network;
using Reactor.Transport.Polling;

namespace Reactor.Testing.Simulation;

/// <summary>The poller's note about one source.</summary>
internal sealed class Watching
{
    public IPollable? Target { get; set; }

    public Readiness Interest { get; set; }

    /// <summary>Whether it stands in the list of those to look at.</summary>
    public bool IsListed { get; set; }
}

/// <summary>Level-triggered readiness; a wait moves the world instead of sleeping.</summary>
/// <remarks>
/// Invariant: a source that is ready for what its owner asks stands in the list.
/// </remarks>
public sealed class SimulatedPoller(SimulatedNetwork network) : IPoller
{
    private const int WithheldUs = 1000;
    private readonly List<ISimulatedSource> _watched = [];
    private List<ISimulatedSource> _listed = [];
    private List<ISimulatedSource> _next = [];
    private volatile bool _isWoken;
    private bool _isWithholding;

    public int Watched => _watched.Count;

    private SimulatedTime Time => network.Time;

    public void Watch(IPollSource source, IPollable target, Readiness interest)
    {
        var simulated = (ISimulatedSource)source;
        var watching = simulated.Watching;
        if (watching.Target is null)
            _watched.Add(simulated);
        watching.Target = target;
        watching.Interest = network.Plants.LosesWritability(interest)
            ? interest & ~Readiness.Write
            : interest;
        List(simulated);
    }

    public void Forget(IPollSource source)
    {
        var simulated = (ISimulatedSource)source;
        if (simulated.Watching.Target is null || network.Plants.LeavesWatcher())
            return;
        simulated.Watching.Target = null;
        simulated.Watching.Interest = Readiness.None;
        _watched.Remove(simulated);
    }

    public int Wait(Span<ReadyEvent> events, int timeoutMs)
    {
        network.BeginWait();
        var deadlineUs = timeoutMs < 0 ? long.MaxValue : Time.NowUs + (timeoutMs * 1000L);
        while (true)
        {
            Time.Happen();
            var count = Collect(events);
            if (count > 0 || _isWoken || Time.NowUs >= deadlineUs)
            {
                _isWoken = false;
                return count;
            }
            var nextUs = Math.Min(Time.NextUs, deadlineUs);
            if (_isWithholding)
                nextUs = Math.Min(nextUs, Time.NowUs + WithheldUs);
            if (nextUs == long.MaxValue)
                network.SleepForEver();
            else
                Time.MoveTo(nextUs);
        }
    }

    public void Wake() => _isWoken = true;

    public void Dispose()
    {
    }

    /// <summary>The source's readiness may have changed.</summary>
    internal void Stir(IPollSource source)
    {
        var simulated = (ISimulatedSource)source;
        if (simulated.Watching.Target is not null)
            List(simulated);
    }

    private void List(ISimulatedSource source)
    {
        if (source.Watching.IsListed)
            return;
        source.Watching.IsListed = true;
        _listed.Add(source);
    }

    /// <summary>
    /// Those that are reported go to the end of the list, so that nobody starves.
    /// </summary>
    private int Collect(Span<ReadyEvent> events)
    {
        var faults = network.Faults;
        if (network.Draws(faults.Reordered))
            network.Shuffle(_listed);
        (_listed, _next) = (_next, _listed);
        _isWithholding = false;
        var filled = 0;
        var at = 0;
        for (; at < _next.Count && filled < events.Length; at++)
        {
            var source = _next[at];
            var watching = source.Watching;
            watching.IsListed = false;
            var what = source.Ready & watching.Interest;
            if (watching.Target is null || what == Readiness.None)
                continue;
            List(source);
            if (network.Draws(faults.Withheld) || network.Plants.Starves(source.Number))
                _isWithholding = true;
            else
                events[filled++] = new ReadyEvent(watching.Target, what);
        }
        _listed.InsertRange(0, _next.GetRange(at, _next.Count - at));
        _next.Clear();
        if (filled < events.Length && _watched.Count > 0 && network.Draws(faults.Spurious))
            filled += AddSpurious(events, filled);
        return filled;
    }

    private int AddSpurious(Span<ReadyEvent> events, int filled)
    {
        var watching = _watched[network.Draw(_watched.Count)].Watching;
        foreach (var ready in events[..filled])
        {
            if (ready.Target == watching.Target)
                return 0;                       // at most once a turn
        }
        events[filled] = new ReadyEvent(watching.Target!, watching.Interest);
        return watching.Interest == Readiness.None ? 0 : 1;
    }
}
