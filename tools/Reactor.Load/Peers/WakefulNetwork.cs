using System;
using System.Diagnostics;
using System.Net;
using Reactor.Transport.Network;
using Reactor.Transport.Polling;

namespace Reactor.Load.Peers;

/// <summary>A network whose poller never sleeps, and counts how long there was nothing to do.
/// </summary>
/// <remarks>
/// Waking a sleeper is charged to whoever sends, and costs most where the other core rests: in a
/// virtual machine a third of the server's time. Clients on other machines are not woken by it.
/// </remarks>
/// <param name="network">The real one.</param>
/// <param name="mayRest">Sleeps all the same.</param>
internal sealed class WakefulNetwork(INetwork network, bool mayRest) : INetwork
{
    public int SocketsMax => network.SocketsMax;

    /// <summary>Time of asking in vain, in ticks of the stopwatch; less than all there was.
    /// </summary>
    public long IdleTicks { get; private set; }

    /// <summary>Whether there was nothing to do when it was asked last.</summary>
    public bool IsIdle { get; private set; }

    public IPoller CreatePoller(int eventsMax) =>
        new WakefulPoller(this, network.CreatePoller(eventsMax));

    public IListenSocket Listen(IPEndPoint at, SocketSettings settings) =>
        network.Listen(at, settings);

    public ISocket Connect(IPEndPoint to, SocketSettings settings) =>
        network.Connect(to, settings);

    private sealed class WakefulPoller(WakefulNetwork owner, IPoller poller) : IPoller
    {
        public int Watched => poller.Watched;

        public void Watch(IPollSource source, IPollable target, Readiness interest) =>
            poller.Watch(source, target, interest);

        public void Forget(IPollSource source) => poller.Forget(source);

        public int Wait(Span<ReadyEvent> events, int timeoutMs)
        {
            var began = Stopwatch.GetTimestamp();
            var count = poller.Wait(events, owner.MayRest ? timeoutMs : 0);
            owner.IsIdle = count == 0;
            if (count == 0 || owner.MayRest)
                owner.IdleTicks += Stopwatch.GetTimestamp() - began;
            return count;
        }

        public void Wake() => poller.Wake();

        public void Dispose() => poller.Dispose();
    }

    private bool MayRest => mayRest;
}
