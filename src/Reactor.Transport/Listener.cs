using System;
using System.Net;
using Reactor.Transport.Network;
using Reactor.Transport.Polling;

namespace Reactor.Transport;

/// <summary>Accepts connections, a bounded number each turn.</summary>
/// <remarks>
/// When descriptors run out it stops listening for readiness for a moment instead of spinning,
/// and goes on by itself: one visitor is turned away, the others wait in the backlog.
/// </remarks>
public sealed class Listener : IPollable
{
    private const int ExhaustedPauseMs = 100;
    private readonly EventLoop _loop;
    private readonly IListenSocket _socket;
    private readonly Action<ISocket> _accepted;
    private readonly Action<string> _exhausted;
    private readonly LoopTimer _pause;

    /// <param name="loop">The loop that it lives on.</param>
    /// <param name="socket">Owned from now on.</param>
    /// <param name="accepted">Takes each connection, and owns it.</param>
    /// <param name="exhausted">Told why accepting pauses.</param>
    public Listener(
        EventLoop loop, IListenSocket socket, Action<ISocket> accepted, Action<string> exhausted)
    {
        _loop = loop;
        _socket = socket;
        _accepted = accepted;
        _exhausted = exhausted;
        _pause = loop.CreateTimer(Watch, owner: null);
        Watch();
    }

    public bool IsOpen { get; private set; } = true;

    public IPEndPoint Local => _socket.Local;

    /// <summary>How often accepting had to pause.</summary>
    public long Pauses { get; private set; }

    public void OnReady(Readiness what)
    {
        for (var i = 0; i < _loop.Settings.AcceptMax && IsOpen; i++)
        {
            var result = _socket.Accept(out var socket);
            if (result.Status == IoStatus.WouldBlock)
                return;
            if (result.Status == IoStatus.Done)
                _accepted(socket!);
            if (result.Status == IoStatus.Exhausted)
            {
                Pauses++;
                _loop.Poller.Forget(_socket);
                _pause.Set(ExhaustedPauseMs);
                _exhausted(result.Describe());
                return;
            }
        }
        _loop.Cuts.Accept++;
    }

    /// <summary>One visitor's trouble is not the listener's.</summary>
    public void OnFault(Exception fault) => _exhausted(fault.Message);

    public void Close()
    {
        if (!IsOpen)
            return;
        IsOpen = false;
        _pause.Cancel();
        _loop.Poller.Forget(_socket);
        _socket.Dispose();
    }

    private void Watch() => _loop.Poller.Watch(_socket, this, Readiness.Read);
}
