using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Transport.Network;

namespace Reactor.Transport.Tests.Network;

/// <summary>TLS upon a socket of which something was received already: behind a header.</summary>
[TestFixture]
public sealed class TlsBehindOthersTests
{
    /// <summary>What a client says first has some hundred bytes; some or all were read.</summary>
    [Test]
    public void It_begins_with_what_was_received_wherever_that_ends(
        [Values(1, 2, 5, 6, 80, 200)] int ahead, [Range(1, 5)] int seed)
    {
        using var world = new TlsWorld(seed);
        var late = new List<LateEnd>();
        var listener = Listen(world, late, ahead);
        var client = Connect(world, listener);
        client.Push("hello"u8);
        world.Until(() => late is [{ Received.Count: 5 }]);
        late[0].Push("and back"u8);
        world.Until(() => client.Received.Count == 8);

        Assert.That(late[0].Received, Is.EqualTo("hello"u8.ToArray()));
        Assert.That(client.Received, Is.EqualTo("and back"u8.ToArray()));
        End(world, listener, late, client);
    }

    [Test]
    public void At_most_eight_of_these_handshakes_begin_in_one_turn_too()
    {
        using var world = new TlsWorld();
        var late = new List<LateEnd>();
        var listener = Listen(world, late, ahead: 1);
        var clients = Enumerable.Range(0, 30).Select(_ => Connect(world, listener)).ToArray();
        foreach (var client in clients)
            client.Push("hello"u8);
        var most = 0L;
        world.Until(() =>
        {
            var before = world.Loop.Tls.Handshakes;
            world.Loop.RunOnce();
            most = Math.Max(most, world.Loop.Tls.Handshakes - before);
            return late.Count == 30 && late.TrueForAll(end => end.Received.Count == 5);
        });

        Assert.That(most, Is.EqualTo(8));
        End(world, listener, late, clients);
    }

    [Test]
    public void What_is_no_TLS_is_told_of_also_when_nothing_comes_behind_it()
    {
        using var world = new TlsWorld();
        var late = new List<LateEnd>();
        var listener = Listen(world, late, ahead: 16);
        var socket = world.Network.Connect(
            new IPEndPoint(IPAddress.Loopback, 1), listener.Local, new(), 99);
        world.Turns(5);
        socket.Write("GET / HTTP/1.1\r\n\r\n"u8);
        world.Until(() => late is [{ Closed: not null }]);

        Assert.That(world.Complaints, Has.Count.EqualTo(1));
        Assert.That(world.Complaints[0], Does.StartWith("TLS: this is no TLS"));
        socket.Dispose();
        End(world, listener, late);
    }

    private static Listener Listen(TlsWorld world, List<LateEnd> late, int ahead) => new(
        world.Loop,
        world.Network.Listen(new IPEndPoint(IPAddress.Loopback, 0), new SocketSettings()),
        socket => late.Add(new LateEnd(world, socket, ahead)),
        _ => { });

    private static TlsEnd Connect(TlsWorld world, Listener listener)
    {
        var socket = world.Network.Connect(listener.Local, new SocketSettings());
        var settings = new TlsClientSettings { Host = "localhost", Verify = false };
        return new TlsEnd(
            world.Loop, world.Loop.Tls.Connect(socket, settings, world.Refusals.Add), 1);
    }

    private static void End(
        TlsWorld world, Listener listener, List<LateEnd> late, params TlsEnd[] clients)
    {
        foreach (var client in clients)
            client.Connection.Close(CloseReason.Shutdown, "done");
        foreach (var end in late)
            end.Connection.Close(CloseReason.Shutdown, "done");
        listener.Close();
    }

    /// <summary>Listens to some bytes before it begins TLS with all of them.</summary>
    private sealed class LateEnd : IConnectionHandler
    {
        private readonly PacketRing _outbox = new(packetsMax: 16, ringBytesMax: 1 << 20);
        private readonly TlsWorld _world;
        private readonly int _aheadMin;
        private readonly List<byte> _ahead = [];
        private bool _isSecure;

        public LateEnd(TlsWorld world, ISocket socket, int aheadMin)
        {
            _world = world;
            _aheadMin = aheadMin;
            Connection = new Connection(world.Loop, 1, socket, _ => { });
            Connection.Start(this, _outbox);
        }

        public Connection Connection { get; }

        public List<byte> Received { get; } = [];

        public CloseReason? Closed { get; private set; }

        public void Push(ReadOnlySpan<byte> bytes)
        {
            var packet = _world.Loop.Pool.Copy(bytes);
            Assert.That(_outbox.TryPush(packet), Is.True);
            packet.Release();
            Connection.MarkDirty();
        }

        public void OnReceived(ref ReadOnlySpan<byte> input)
        {
            if (_isSecure)
            {
                Received.AddRange(input);
                input = default;
                return;
            }
            _ahead.AddRange(input);
            input = default;
            if (_ahead.Count < _aheadMin)
                return;
            byte[] all = [.. _ahead];
            _isSecure = true;
            Connection.Wrap(socket => _world.Loop.Tls.Accept(
                socket, TlsWorld.Identity, _world.Complaints.Add, all));
        }

        public void OnDrained()
        {
        }

        public void OnClosed(CloseReason reason, string detail) => Closed = reason;

        public void OnFault(Exception fault) => Assert.Fail(fault.ToString());
    }
}
