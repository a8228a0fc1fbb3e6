using System;
using System.Collections.Generic;
using System.Net;
using System.Text;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Transport.Network;

namespace Reactor.Transport.Tests;

/// <summary>The whole floor over real sockets, on both networks, with TLS and without.</summary>
public abstract class LoopbackContract(NetworkBackend backend)
{
    private const int TsPacketBytes = 188;
    private const int ArrayHeaderBytes = 24;

    private int _open;

    private protected List<Real> Accepted { get; } = [];

    [SetUp]
    public void Open()
    {
        Accepted.Clear();
        _open = 0;
    }

    [Test]
    public void A_megabyte_and_its_echo_arrive_whole()
    {
        using var loop = RealLoop.Open(backend, new LoopSettings { ReadBudget = 8 << 10 });
        var listener = Listen(loop);
        var client = Connect(loop, listener);
        var bytes = new byte[1 << 20];
        new Random(1).NextBytes(bytes);

        for (var at = 0; at < bytes.Length; at += 4096)
            client.Push(bytes.AsSpan(at, 4096));
        RealLoop.RunUntil(loop, () => client.Received.Count == bytes.Length);

        Assert.That(client.Received, Is.EqualTo(bytes));
        Assert.That(Accepted[0].Received, Is.EqualTo(bytes));
        CloseAll(loop, listener, client);
    }

    [Test]
    public void What_is_pushed_before_a_connect_is_decided_is_sent_afterwards()
    {
        using var loop = RealLoop.Open(backend);
        var listener = Listen(loop);
        var client = Connect(loop, listener);
        client.Push("early"u8);

        RealLoop.RunUntil(loop, () => client.Received.Count == 5);

        Assert.That(Encoding.ASCII.GetString([.. client.Received]), Is.EqualTo("early"));
        CloseAll(loop, listener, client);
    }

    [Test]
    public void A_refused_connect_closes_the_connection()
    {
        using var loop = RealLoop.Open(backend);
        var listener = Listen(loop);
        listener.Close();
        var client = Connect(loop, listener);
        client.Push("anybody?"u8);

        RealLoop.RunUntil(loop, () => client.Closed is not null);

        Assert.That(client.Closed, Is.EqualTo(CloseReason.PeerLost));
        AssertNothingIsLeft(loop);
    }

    [Test]
    public void Last_words_reach_a_peer_that_was_still_sending()
    {
        using var loop = RealLoop.Open(backend);
        var listener = Listen(loop);
        var client = Connect(loop, listener);
        client.Push(new byte[256 << 10]);
        RealLoop.RunUntil(loop, () => Accepted.Count == 1 && Accepted[0].Received.Count > 0);
        var server = Accepted[0];
        server.Outbox.Clear();

        server.Push("go away"u8);
        server.Connection.CloseGently(CloseReason.Refused, "full", farewellMs: 10_000);
        RealLoop.RunUntil(loop, () => client.Closed is not null);

        Assert.That(client.Closed, Is.EqualTo(CloseReason.PeerClosed));     // FIN and no reset
        Assert.That(Encoding.ASCII.GetString([.. client.Received]), Does.EndWith("go away"));
        listener.Close();
        RealLoop.RunUntil(loop, () => _open == 0);
        AssertNothingIsLeft(loop);
    }

    [Test]
    public void A_hundred_senders_cost_no_allocation_of_ours_in_a_thousand_turns()
    {
        using var loop = RealLoop.Open(backend);
        var listener = Listen(loop);
        var senders = new List<Real>();
        for (var i = 0; i < 100; i++)
            senders.Add(Connect(loop, listener));
        RealLoop.RunUntil(loop, () => Accepted.Count == senders.Count);
        foreach (var real in Accepted)
            real.IsSilent = true;
        foreach (var real in senders)
            real.IsSilent = true;
        const int turns = 1000;
        const int warmUpTurns = 200;
        RunTurns(loop, senders, warmUpTurns);

        var before = GC.GetAllocatedBytesForCurrentThread();
        RunTurns(loop, senders, turns);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        var theirs = (turns * SelectBytes(sockets: 202)) + TlsBytes;
        Assert.That(allocated, Is.LessThanOrEqualTo(theirs));
        Assert.That(senders, Has.All.Matches<Real>(
            real => real.Connection.BytesSent == (warmUpTurns + turns) * TsPacketBytes));
        CloseAll(loop, listener, [.. senders]);
    }

    private static void RunTurns(EventLoop loop, List<Real> senders, int turns)
    {
        for (var turn = 0; turn < turns; turn++)
        {
            foreach (var sender in senders)
            {
                var packet = loop.Pool.Rent(TsPacketBytes);
                packet.Advance(TsPacketBytes);
                sender.Outbox.TryPush(packet);
                packet.Release();
                sender.Connection.MarkDirty();
            }
            loop.Poller.Wake();             // bytes on their way are no reason to sleep
            loop.RunOnce();
        }
    }

    /// <summary>What Socket.Select itself allocates: a list of descriptors, 8 bytes each.</summary>
    private int SelectBytes(int sockets) =>
        backend == NetworkBackend.Select ? ArrayHeaderBytes + (sockets * 8) : 0;

    /// <summary>What SslStream allocates in a hundred thousand writes and reads.</summary>
    private protected virtual int TlsBytes => 0;

    /// <summary>What the server speaks upon a socket.</summary>
    private protected virtual ISocket OnAccepted(EventLoop loop, ISocket socket) => socket;

    /// <summary>What the client speaks upon a socket.</summary>
    private protected virtual ISocket OnConnecting(EventLoop loop, ISocket socket) => socket;

    private protected Listener Listen(EventLoop loop)
    {
        var anywhere = new IPEndPoint(IPAddress.IPv6Any, 0);
        var socket = loop.Network.Listen(anywhere, new SocketSettings());
        return new Listener(
            loop,
            socket,
            accepted => Accepted.Add(Begin(loop, OnAccepted(loop, accepted), isEcho: true)),
            _ => { });
    }

    private protected Real Connect(EventLoop loop, Listener listener)
    {
        var socket = loop.Network.Connect(AddressOf(listener), new SocketSettings());
        return Begin(loop, OnConnecting(loop, socket), isEcho: false);
    }

    private protected static IPEndPoint AddressOf(Listener listener) =>
        new(IPAddress.Loopback, listener.Local.Port);

    private Real Begin(EventLoop loop, ISocket socket, bool isEcho)
    {
        _open++;
        return new Real(loop, socket, () => _open--) { IsEcho = isEcho };
    }

    private protected void CloseAll(EventLoop loop, Listener? listener, params Real[] clients)
    {
        foreach (var client in clients)
            client.Connection.Close(CloseReason.Shutdown, "done");
        foreach (var server in Accepted)
            server.Connection.Close(CloseReason.Shutdown, "done");
        if (listener is null)
            return;
        listener.Close();
        AssertNothingIsLeft(loop);
    }

    private static void AssertNothingIsLeft(EventLoop loop)
    {
        Assert.That(loop.Poller.Watched, Is.Zero);
        Assert.That(loop.Timers.Count, Is.Zero);
        Assert.That(loop.Pool.Outstanding, Is.Zero);
        Assert.That(loop.Faults, Is.Zero);
    }

    /// <summary>One end of a real connection.</summary>
    private protected sealed class Real : IConnectionHandler
    {
        public Real(EventLoop loop, ISocket socket, Action gone)
        {
            Connection = new Connection(loop, 1, socket, _ => gone());
            Connection.Start(this, Outbox);
        }

        public Connection Connection { get; }

        public PacketRing Outbox { get; } = new(packetsMax: 4096, ringBytesMax: 64 << 20);

        public List<byte> Received { get; } = [];

        /// <summary>Whether it sends back what it receives.</summary>
        public bool IsEcho { get; init; }

        /// <summary>Whether it only swallows.</summary>
        public bool IsSilent { get; set; }

        public CloseReason? Closed { get; private set; }

        public void Push(ReadOnlySpan<byte> bytes)
        {
            var packet = Connection.Loop.Pool.Copy(bytes);
            Assert.That(Outbox.TryPush(packet), Is.True);
            packet.Release();
            Connection.MarkDirty();
        }

        public void OnReceived(ref ReadOnlySpan<byte> input)
        {
            if (!IsSilent)
            {
                Received.AddRange(input);
                if (IsEcho)
                    Push(input);
            }
            input = default;
        }

        public void OnDrained()
        {
        }

        public void OnClosed(CloseReason reason, string detail) => Closed = reason;

        public void OnFault(Exception fault) =>
            TestContext.Progress.WriteLine(fault);
    }
}
