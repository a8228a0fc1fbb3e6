using System.Collections.Generic;
using System.Net;
using Reactor.Primitives;
using Reactor.Transport.Network;
using Reactor.Transport.Polling;

namespace Reactor.Testing.Simulation;

/// <summary>A listening socket of the simulated network.</summary>
internal sealed class SimulatedListener(
    SimulatedNetwork network, IPEndPoint local, int backlogMax) : IListenSocket, ISimulatedSource
{
    private const int Aborted = 103;
    private readonly Queue<SimulatedSocket> _visitors = new();

    public IPEndPoint Local => local;

    public bool IsOpen { get; private set; } = true;

    public int Number => 0;

    public Watching Watching { get; } = new();

    public Readiness Ready => _visitors.Count > 0 ? Readiness.Read : Readiness.None;

    /// <summary>A visitor has arrived.</summary>
    /// <param name="socket">The server's end.</param>
    /// <returns>False when the backlog is full; the visitor is to be refused.</returns>
    public bool TryArrive(SimulatedSocket socket)
    {
        if (!IsOpen || _visitors.Count >= backlogMax)
            return false;
        _visitors.Enqueue(socket);
        network.Poller?.Stir(this);
        return true;
    }

    public IoResult Accept(out ISocket? socket)
    {
        Invariant.Holds(IsOpen);
        socket = null;
        if (_visitors.Count == 0 || !network.Process.TryCall())
            return IoResult.WouldBlock;
        if (network.IsDry || network.Draws(network.Faults.Exhausted))
        {
            network.TurnAway(_visitors.Dequeue());      // as the spare descriptor allows
            return IoResult.Exhausted(network.DrawExhaustion());
        }
        if (network.Draws(network.Faults.Aborted))
        {
            network.TurnAway(_visitors.Dequeue());
            return IoResult.Failed(Aborted);
        }
        var visitor = _visitors.Dequeue();
        network.Opened(visitor);
        socket = visitor;
        return IoResult.Done(0);
    }

    public void Dispose()
    {
        if (!IsOpen || !network.Process.TryCall())
            return;
        IsOpen = false;
        while (_visitors.TryDequeue(out var visitor))
            network.TurnAway(visitor);
        network.Closed(this);
    }
}
