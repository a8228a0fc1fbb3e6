using System;
using System.Collections.Generic;
using System.Net;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Testing;
using Reactor.Transport.Network;
using Reactor.Transport.Polling;

namespace Reactor.Transport.Tests.Network;

/// <summary>A network on which all speak TLS, for the tests of the network's contract.</summary>
/// <remarks>
/// Its poller watches every socket always, as a connection does: TLS goes on by itself then. A
/// socket that is accepted has its handshake behind it.
/// </remarks>
internal sealed class TlsNetwork(INetwork beneath) : INetwork
{
    private static readonly TlsIdentity Identity = TlsIdentity.Read(
        TestCertificate.Shared.Certificate, TestCertificate.Shared.Key, false, []);

    private readonly List<ISocket> _clients = [];

    public int SocketsMax => beneath.SocketsMax;

    private AttentivePoller Poller { get; set; } = null!;

    public IPoller CreatePoller(int eventsMax) => Poller = new AttentivePoller(
        new TlsLayer(beneath.CreatePoller(eventsMax), new PacketPool(), handshakesMax: 8));

    public IListenSocket Listen(IPEndPoint at, SocketSettings settings) =>
        new TlsListener(this, beneath.Listen(at, settings));

    public ISocket Connect(IPEndPoint to, SocketSettings settings)
    {
        var socket = Poller.Layer.Connect(
            beneath.Connect(to, settings),
            new TlsClientSettings { Host = "localhost", Verify = false },
            why => TestContext.Out.WriteLine($"client: {why}"));
        _clients.Add(socket);
        return Poller.Attend(socket);
    }

    /// <summary>Lets both ends agree.</summary>
    private AttendedSocket Greet(ISocket accepted)
    {
        var server = Poller.Attend(Poller.Layer.Accept(
            accepted, Identity, why => TestContext.Out.WriteLine($"server: {why}")));
        if (_clients.Find(client => client.Local.Equals(server.Remote)) is { } client)
            Poller.Agree(client, server);
        return server;
    }

    private sealed class TlsListener(TlsNetwork network, IListenSocket beneath) : IListenSocket
    {
        public IPEndPoint Local => Beneath.Local;

        public IListenSocket Beneath => beneath;

        public IoResult Accept(out ISocket? socket)
        {
            var result = beneath.Accept(out socket);
            if (socket is not null)
                socket = network.Greet(socket);
            return result;
        }

        public void Dispose() => beneath.Dispose();
    }

    /// <summary>Waits until somebody is told something, whatever TLS does meanwhile.</summary>
    private sealed class AttentivePoller(TlsLayer layer) : IPoller
    {
        private const int StepMs = 10;
        private readonly HashSet<IPollSource> _watched = [];
        private readonly Watcher _nobody = new();

        public TlsLayer Layer => layer;

        public int Watched => _watched.Count;

        public AttendedSocket Attend(ISocket socket)
        {
            layer.Watch(socket, _nobody, Readiness.None);
            return new AttendedSocket(socket, layer);
        }

        public void Agree(ISocket client, AttendedSocket server)
        {
            var events = new ReadyEvent[16];
            var told = new HashSet<IPollable>();
            var ends = new[] { client, server.Socket };
            foreach (var end in ends)
                layer.Watch(end, new Watcher(), Readiness.Write);
            for (var i = 0; i < 100 && told.Count < ends.Length; i++)
            {
                var count = layer.Wait(events, StepMs);
                for (var at = 0; at < count; at++)
                    told.Add(events[at].Target);
            }
            foreach (var end in ends)
                layer.Watch(end, _nobody, Readiness.None);
            layer.Watch(client, _nobody, Readiness.Read);
            while (layer.Wait(events, StepMs) > 0)
                client.Receive(new byte[1]);    // session tickets, which are for TLS alone
            layer.Watch(client, _nobody, Readiness.None);
        }

        public void Watch(IPollSource source, IPollable target, Readiness interest)
        {
            _watched.Add(source);
            layer.Watch(Beneath(source), target, interest);
        }

        public void Forget(IPollSource source)
        {
            if (!_watched.Remove(source))
                return;
            if (source is AttendedSocket { IsOpen: true } socket)
                layer.Watch(socket.Socket, _nobody, Readiness.None);
            else
                layer.Forget(Beneath(source));
        }

        public int Wait(Span<ReadyEvent> events, int timeoutMs)
        {
            var count = layer.Wait(events, Math.Min(timeoutMs, StepMs));
            for (var leftMs = timeoutMs - StepMs; count == 0 && leftMs > 0; leftMs -= StepMs)
                count = layer.Wait(events, StepMs);
            return count;
        }

        public void Wake() => layer.Wake();

        public void Dispose() => layer.Dispose();

        private static IPollSource Beneath(IPollSource source) => source switch
        {
            AttendedSocket socket => socket.Socket,
            TlsListener listener => listener.Beneath,
            _ => source,
        };
    }

    /// <summary>A socket that is watched for as long as it is open.</summary>
    private sealed class AttendedSocket(ISocket socket, TlsLayer layer) : ISocket
    {
        public ISocket Socket => socket;

        public bool IsOpen { get; private set; } = true;

        public IPEndPoint Local => socket.Local;

        public IPEndPoint Remote => socket.Remote;

        public IoResult Receive(Span<byte> into) => socket.Receive(into);

        public IoResult Send(GatherList list) => socket.Send(list);

        public void EndSending() => socket.EndSending();

        public void Dispose()
        {
            if (!IsOpen)
                return;
            IsOpen = false;
            layer.Forget(socket);
            socket.Dispose();
        }
    }
}
