using System;
using System.Net;
using Reactor.Transport.Network;
using Reactor.Transport.Polling;

namespace Reactor.Load.Peers;

/// <summary>A network whose poller never sleeps: the load takes its whole core.</summary>
/// <remarks>
/// Waking a sleeper is charged to whoever sends, and costs most where the other core rests: in a
/// virtual machine a third of the server's time. Clients on other machines are not woken by it.
/// </remarks>
internal sealed class WakefulNetwork(INetwork network) : INetwork
{
    public int SocketsMax => network.SocketsMax;

    public IPoller CreatePoller(int eventsMax) =>
        new WakefulPoller(network.CreatePoller(eventsMax));

    public IListenSocket Listen(IPEndPoint at, SocketSettings settings) =>
        network.Listen(at, settings);

    public ISocket Connect(IPEndPoint to, SocketSettings settings) =>
        network.Connect(to, settings);

    private sealed class WakefulPoller(IPoller poller) : IPoller
    {
        public int Watched => poller.Watched;

        public void Watch(IPollSource source, IPollable target, Readiness interest) =>
            poller.Watch(source, target, interest);

        public void Forget(IPollSource source) => poller.Forget(source);

        public int Wait(Span<ReadyEvent> events, int timeoutMs) => poller.Wait(events, 0);

        public void Wake() => poller.Wake();

        public void Dispose() => poller.Dispose();
    }
}
