using System;
using System.Threading;
using NUnit.Framework;
using Reactor.Testing.Simulation;
using Reactor.Transport.Network;

namespace Reactor.Transport.Tests.Network;

/// <summary>The simulated network keeps the same promises as the real ones.</summary>
[TestFixture]
public sealed class SimulatedNetworkTests : NetworkContract
{
    private SimulatedNetwork _network = null!;

    protected override INetwork CreateNetwork()
    {
        var time = new SimulatedTime();
        return _network = new SimulatedNetwork(time, new Random(1), new Trace(time, 16))
        {
            BeforeWait = () => time.MoveTo(time.NowUs + 100),   // a turn costs time
            WhenNothingIsLeft = () => Thread.Yield(),   // another thread is to wake it
        };
    }

    private protected override void LiveThroughDrought() =>
        TurnAwayInDrought(() => new DrySpell(_network));

    private sealed class DrySpell : IDisposable
    {
        private readonly SimulatedNetwork _network;

        public DrySpell(SimulatedNetwork network)
        {
            _network = network;
            network.IsDry = true;
        }

        public void Dispose() => _network.IsDry = false;
    }
}
