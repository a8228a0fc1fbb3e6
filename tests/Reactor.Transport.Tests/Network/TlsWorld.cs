using System;
using System.Collections.Generic;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Testing;
using Reactor.Testing.Simulation;
using Reactor.Transport.Network;

namespace Reactor.Transport.Tests.Network;

/// <summary>A loop with a TLS server upon a simulated network, and whoever visits it.</summary>
internal sealed class TlsWorld : IDisposable
{
    private static readonly IPEndPoint Visitors = new(IPAddress.Parse("10.0.0.1"), 1);

    private readonly SimulatedTime _time = new();
    private readonly Listener _listener;
    private readonly LoopTimer _waking;
    private int _visitors;

    public TlsWorld(int seed = 1, TlsIdentity? identity = null, int handshakesMax = 8)
    {
        SynchronizationContext.SetSynchronizationContext(null);     // see TlsLayer
        Network = new SimulatedNetwork(_time, new Random(seed), new Trace(_time, 16))
        {
            BeforeWait = () => _time.MoveTo(_time.NowUs + 5),
        };
        Loop = new EventLoop(
            Network, _time, new LoopSettings { HandshakesMax = handshakesMax });
        _waking = Loop.CreateTimer(() => { }, owner: null);
        identity ??= Identity;
        _listener = new Listener(
            Loop,
            Network.Listen(new IPEndPoint(IPAddress.Loopback, 0), new SocketSettings()),
            socket => Accepted.Add(new TlsEnd(
                Loop, Loop.Tls.Accept(socket, identity, Complaints.Add), ++_visitors)),
            _ => { });
    }

    public static TlsIdentity Identity { get; } = TlsIdentity.Read(
        TestCertificate.Shared.Certificate, TestCertificate.Shared.Key, false, []);

    public SimulatedNetwork Network { get; }

    public EventLoop Loop { get; }

    public List<TlsEnd> Accepted { get; } = [];

    /// <summary>What the server was told of handshakes that failed.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>The same of the clients.</summary>
    public List<string> Refusals { get; } = [];

    public TlsEnd Connect(TlsClientSettings? settings = null)
    {
        settings ??= new TlsClientSettings { Host = "localhost", Verify = false };
        var socket = Network.Connect(_listener.Local, new SocketSettings());
        return new TlsEnd(
            Loop, Loop.Tls.Connect(socket, settings, Refusals.Add), ++_visitors);
    }

    /// <summary>A stranger, who writes what he likes.</summary>
    public SimulatedSocket Visit() =>
        Network.Connect(Visitors, _listener.Local, new LinkQuality(), ++_visitors);

    /// <summary>What a client says first.</summary>
    public byte[] ClientHello()
    {
        var at = new IPEndPoint(IPAddress.Loopback, 0);
        using var listener = Network.Listen(at, new SocketSettings());
        var socket = Network.Connect(listener.Local, new SocketSettings());
        var client = new TlsEnd(
            Loop,
            Loop.Tls.Connect(
                socket, new TlsClientSettings { Host = "localhost" }, Refusals.Add),
            ++_visitors);
        ISocket? server = null;
        Until(() => server is not null || listener.Accept(out server).Status == IoStatus.Done);
        var bytes = new byte[4096];
        IoResult result = default;
        Until(() => (result = server!.Receive(bytes)).Status == IoStatus.Done);
        server!.Dispose();
        client.Connection.Close(CloseReason.Shutdown, "done");
        return bytes[..result.Bytes];
    }

    public void Until(Func<bool> isSo)
    {
        for (var turns = 0; !isSo(); turns++)
        {
            Assert.That(turns, Is.LessThan(200_000), "it never came to that");
            Turns(1);
        }
    }

    public void Turns(int count)
    {
        for (var i = 0; i < count; i++)
        {
            _waking.Set(10);                    // some wait for what no loop hears of
            Loop.RunOnce();
        }
    }

    /// <summary>Ends all, and looks at what is left.</summary>
    public void Dispose()
    {
        foreach (var end in Accepted)
            end.Connection.Close(CloseReason.Shutdown, "done");
        _listener.Close();
        Turns(10);
        _waking.Cancel();
        Assert.Multiple(() =>
        {
            Assert.That(Loop.Faults, Is.Zero);
            Assert.That(Loop.Pool.Outstanding, Is.Zero);
            Assert.That(Loop.Timers.Count, Is.Zero);
            Assert.That(Network.Open, Is.Zero);
        });
        Loop.Dispose();
    }

    public static X509Certificate2Collection Authorities()
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(TestCertificate.Shared.Certificate);
        return authorities;
    }
}

/// <summary>One end of a connection that speaks TLS.</summary>
internal sealed class TlsEnd : IConnectionHandler
{
    private readonly PacketRing _outbox = new(packetsMax: 4096, ringBytesMax: 64 << 20);

    public TlsEnd(EventLoop loop, ISocket socket, int id)
    {
        Socket = socket;
        Connection = new Connection(loop, id, socket, _ => { });
        Connection.Start(this, _outbox);
    }

    public ISocket Socket { get; }

    public Connection Connection { get; }

    public List<byte> Received { get; } = [];

    public CloseReason? Closed { get; private set; }

    public string Why { get; private set; } = "";

    public void Push(ReadOnlySpan<byte> bytes)
    {
        var packet = Connection.Loop.Pool.Copy(bytes);
        Assert.That(_outbox.TryPush(packet), Is.True);
        packet.Release();
        Connection.MarkDirty();
    }

    public void OnReceived(ref ReadOnlySpan<byte> input)
    {
        Received.AddRange(input);
        input = default;
    }

    public void OnDrained()
    {
    }

    public void OnClosed(CloseReason reason, string detail) => (Closed, Why) = (reason, detail);

    public void OnFault(Exception fault) => Assert.Fail(fault.ToString());
}
