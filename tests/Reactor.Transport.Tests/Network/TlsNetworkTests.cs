using System;
using System.Threading;
using NUnit.Framework;
using Reactor.Testing.Simulation;
using Reactor.Transport.Network;

namespace Reactor.Transport.Tests.Network;

/// <summary>With TLS upon it a network keeps its promises.</summary>
[TestFixture]
public sealed class TlsNetworkTests : NetworkContract
{
    private SimulatedNetwork _network = null!;

    protected override INetwork CreateNetwork()
    {
        SynchronizationContext.SetSynchronizationContext(null);     // see TlsLayer
        var time = new SimulatedTime();
        _network = new SimulatedNetwork(time, new Random(1), new Trace(time, 16))
        {
            BeforeWait = () => time.MoveTo(time.NowUs + 100),
            WhenNothingIsLeft = () => Thread.Yield(),
        };
        return new TlsNetwork(_network);
    }

    /// <summary>Accepting is the business of the network beneath.</summary>
    private protected override void LiveThroughDrought()
    {
        using var listener = Network.Listen(Loopback, Settings);
        using var visitor = Network.Connect(listener.Local, Settings);
        _network.IsDry = true;
        while (listener.Accept(out _) is { Status: IoStatus.WouldBlock })
            Poller.Wait(new Transport.Polling.ReadyEvent[1], timeoutMs: 10);

        _network.IsDry = false;
        Assert.That(listener.Accept(out var socket), Is.EqualTo(IoResult.WouldBlock));
        Assert.That(socket, Is.Null, "the visitor was turned away, once");
    }
}
