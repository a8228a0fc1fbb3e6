using System;
using System.Net;
using System.Net.Sockets;
using System.Text;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Transport.Network;
using Reactor.Transport.Polling;

namespace Reactor.Transport.Tests.Network;

/// <summary>A network and its poller, and what a test does with sockets by hand.</summary>
internal sealed class Bench(INetwork network) : IDisposable
{
    /// <summary>Only a failing test waits so long.</summary>
    public const int PatienceMs = 10_000;

    private readonly ReadyEvent[] _events = new ReadyEvent[16];
    private readonly GatherList _gather = new(segmentsMax: 1, scratchBytes: 64 << 10);

    public INetwork Network => network;

    public IPoller Poller { get; } = network.CreatePoller(16);

    public Pair Connect()
    {
        using var listener = Network.Listen(NetworkContract.Loopback, NetworkContract.Settings);
        var client = Network.Connect(listener.Local, NetworkContract.Settings);
        return new Pair(client, Accept(listener));
    }

    public ISocket Accept(IListenSocket listener)
    {
        Assert.That(TryAccept(listener, out var socket).Status, Is.EqualTo(IoStatus.Done));
        return socket!;
    }

    public IoResult TryAccept(IListenSocket listener, out ISocket? socket)
    {
        Assert.That(Awaits(listener, Readiness.Read), Is.True);
        return listener.Accept(out socket);
    }

    /// <summary>Whether the source becomes ready for any of this.</summary>
    public bool Awaits(IPollSource source, Readiness what) => IsReady(source, what, PatienceMs);

    /// <summary>Whether the source is ready for any of this now.</summary>
    public bool IsReady(IPollSource source, Readiness what) => IsReady(source, what, 0);

    public IoResult TrySend(ISocket socket, ReadOnlySpan<byte> bytes)
    {
        _gather.Begin(skip: 0);
        bytes.CopyTo(_gather.Scratch(bytes.Length));
        _gather.AddScratch(bytes.Length);
        return socket.Send(_gather);
    }

    public void Send(ISocket socket, ReadOnlySpan<byte> bytes)
    {
        Assert.That(Awaits(socket, Readiness.Write), Is.True);
        Assert.That(TrySend(socket, bytes), Is.EqualTo(IoResult.Done(bytes.Length)));
    }

    /// <summary>Sends until the socket takes no more, and says how much it took.</summary>
    public int Fill(ISocket socket)
    {
        const int boundBytes = 64 << 20;
        var bytes = new byte[32 << 10];
        var total = 0;
        Assert.That(Awaits(socket, Readiness.Write), Is.True);
        while (total < boundBytes)
        {
            var result = TrySend(socket, bytes);
            if (result.Status == IoStatus.WouldBlock)
                return total;
            Assert.That(result.Status, Is.EqualTo(IoStatus.Done));
            total += result.Bytes;
        }
        throw new AssertionException("the socket never fills");
    }

    public byte[] Receive(ISocket socket, int count)
    {
        var bytes = new byte[count];
        for (var filled = 0; filled < count;)
        {
            Assert.That(Awaits(socket, Readiness.Read), Is.True);
            var result = socket.Receive(bytes.AsSpan(filled));
            Assert.That(result.Status, Is.EqualTo(IoStatus.Done));
            filled += result.Bytes;
        }
        return bytes;
    }

    public string ReceiveText(ISocket socket, int count) =>
        Encoding.ASCII.GetString(Receive(socket, count));

    /// <summary>The client goes away with bytes unread, so its system sends a reset.</summary>
    public void Reset(Pair pair)
    {
        Send(pair.Server, "unread"u8);
        Assert.That(Awaits(pair.Client, Readiness.Read), Is.True);
        pair.Client.Dispose();
    }

    public void Dispose() => Poller.Dispose();

    /// <summary>Whether the source becomes ready for any of this within such a time.</summary>
    public bool IsReady(IPollSource source, Readiness what, int timeoutMs)
    {
        var watcher = new Watcher();
        Poller.Watch(source, watcher, what);
        var count = Poller.Wait(_events, timeoutMs);
        Poller.Forget(source);
        foreach (var ready in _events.AsSpan(0, count))
        {
            if (ready.Target == watcher && (ready.What & what) != 0)
                return true;
        }
        return false;
    }
}

/// <summary>The two ends of one connection.</summary>
internal sealed record Pair(ISocket Client, ISocket Server) : IDisposable
{
    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }
}

/// <summary>Stands for whoever hears of readiness.</summary>
internal sealed class Watcher : IPollable
{
    public bool IsOpen => true;

    public void OnReady(Readiness what)
    {
    }

    public void OnFault(Exception fault)
    {
    }
}

/// <summary>A client that no part of the server's code has a hand in.</summary>
internal sealed class Visitor : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _byte = new byte[1];

    public Visitor(IPEndPoint server)
    {
        _socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
        {
            ReceiveTimeout = Bench.PatienceMs,
        };
        _socket.Connect(server);
    }

    public IPEndPoint Local => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>One byte, or 0 bytes at the end.</summary>
    public int Read() => _socket.Receive(_byte);

    public void Dispose() => _socket.Dispose();
}
