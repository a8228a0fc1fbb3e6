using System;
using System.Linq;
using System.Text;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Testing.Simulation;
using Reactor.Transport.Network;

namespace Reactor.Transport.Tests.Network;

[TestFixture]
public sealed class TlsSocketTests
{
    private const int RecordOverheadMin = 22;

    /// <summary>Each with its own luck, and its own window, down to a byte at a time.</summary>
    [Test]
    public void Whatever_a_network_does_what_is_sent_arrives_whole_and_in_order(
        [Range(1, 30)] int seed)
    {
        using var world = new TlsWorld(seed);
        var random = new Random(seed);
        world.Network.Faults = new NetworkFaults
        {
            ShortReads = random.Next(900),
            ShortWrites = random.Next(900),
            Storms = random.Next(200),
            Spurious = random.Next(300),
            Reordered = random.Next(1000),
            Withheld = random.Next(300),
        };
        world.Network.Quality = new LinkQuality { WindowBytes = 1 << random.Next(4, 18) };
        var up = Bytes(random, random.Next(1, 20_000));
        var down = Bytes(random, random.Next(1, 100_000));

        var client = world.Connect();
        client.Push(up);
        world.Until(() => world.Accepted.Count == 1);
        var server = world.Accepted[0];
        server.Push(down.AsSpan(0, down.Length / 2));
        server.Push(down.AsSpan(down.Length / 2));
        world.Until(() => server.Received.Count + client.Received.Count
            >= up.Length + down.Length);

        Assert.That(server.Received, Is.EqualTo(up));
        Assert.That(client.Received, Is.EqualTo(down));
        client.Connection.CloseGently(CloseReason.PeerClosed, "bye", farewellMs: 10_000);
        world.Until(() => server.Closed is not null && client.Closed is not null);
        Assert.That(server.Closed, Is.EqualTo(CloseReason.PeerClosed), server.Why);
    }

    [Test]
    public void A_handshake_goes_through_a_byte_at_a_time()
    {
        using var world = new TlsWorld();
        world.Network.Quality = new LinkQuality { WindowBytes = 1, LatencyUs = 1 };

        var client = world.Connect();
        client.Push("hello"u8);
        world.Until(() => world.Accepted is [{ Received.Count: 5 }]);

        Assert.That(world.Accepted[0].Received, Is.EqualTo("hello"u8.ToArray()));
        client.Connection.Close(CloseReason.Shutdown, "done");
    }

    [Test]
    public void A_client_takes_a_server_that_is_vouched_for()
    {
        using var world = new TlsWorld();
        var client = world.Connect(new TlsClientSettings
        {
            Host = "localhost",
            Authorities = TlsWorld.Authorities(),
        });
        client.Push("hello"u8);
        world.Until(() => world.Accepted is [{ Received.Count: 5 }]);

        Assert.That(world.Refusals, Is.Empty);
        client.Connection.Close(CloseReason.Shutdown, "done");
    }

    [Test]
    public void A_client_refuses_a_server_that_nobody_vouches_for_and_says_why()
    {
        using var world = new TlsWorld();
        var client = world.Connect(new TlsClientSettings { Host = "localhost" });
        world.Until(() => client.Closed is not null && world.Accepted is [{ Closed: not null }]);

        Assert.That(client.Closed, Is.EqualTo(CloseReason.PeerLost));
        Assert.That(client.Why, Does.StartWith("TLS: ").And.Contains("we do not trust"));
        Assert.That(world.Refusals, Is.EqualTo(new[] { client.Why }));
    }

    [Test]
    public void A_client_refuses_a_server_of_another_name()
    {
        using var world = new TlsWorld();
        var client = world.Connect(new TlsClientSettings
        {
            Host = "elsewhere.example",
            Authorities = TlsWorld.Authorities(),
        });
        world.Until(() => client.Closed is not null);

        Assert.That(client.Why, Does.Contain("certificate is for another name"));
    }

    [TestCase("GET / HTTP/1.1\r\nHost: x\r\n\r\n")]
    [TestCase("\u0003 an RTMP handshake, as long as it needs to be")]
    public void Whoever_speaks_no_TLS_is_told_from_others(string words)
    {
        using var world = new TlsWorld();
        var visitor = world.Visit();
        world.Turns(5);
        visitor.Write(Encoding.Latin1.GetBytes(words));
        world.Until(() => world.Accepted is [{ Closed: not null }]);

        Assert.That(world.Complaints, Has.Count.EqualTo(1));
        Assert.That(world.Complaints[0], Does.StartWith("TLS: this is no TLS"));
        Assert.That(world.Accepted[0].Why, Is.EqualTo(world.Complaints[0]));
        visitor.Dispose();
    }

    [Test]
    public void Whoever_comes_and_goes_without_a_word_is_no_news()
    {
        using var world = new TlsWorld();
        var visitor = world.Visit();
        world.Turns(5);
        visitor.Dispose();
        world.Until(() => world.Accepted is [{ Closed: not null }]);

        Assert.That(world.Complaints, Is.Empty);
        Assert.That(world.Accepted[0].Closed, Is.EqualTo(CloseReason.PeerClosed));
    }

    [Test]
    public void A_handshake_that_is_cut_anywhere_harms_nobody()
    {
        using var world = new TlsWorld();
        var hello = world.ClientHello();
        for (var length = 1; length < hello.Length; length += 7)
        {
            var visitor = world.Visit();
            world.Turns(3);
            visitor.Write(hello.AsSpan(0, length));
            world.Turns(3);
            visitor.EndSending();
            world.Until(() => world.Accepted is [.., { Closed: not null }]);
            visitor.Dispose();
        }

        Assert.That(world.Complaints, Has.All.StartsWith("TLS: "));
        AssertServes(world);
    }

    [Test]
    public void Hostile_bytes_end_their_own_connection_alone([Range(1, 20)] int seed)
    {
        using var world = new TlsWorld(seed);
        var random = new Random(seed);
        var hello = world.ClientHello();
        for (var i = 0; i < 25; i++)
        {
            var bytes = i % 2 == 0 ? Bytes(random, random.Next(1, 5000)) : [.. hello];
            for (var flips = random.Next(1, 10); flips > 0; flips--)
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            var visitor = world.Visit();
            world.Turns(3);
            visitor.Write(bytes);
            world.Turns(5);
            visitor.Dispose();
        }
        world.Until(() => world.Accepted.TrueForAll(end => end.Closed is not null));

        AssertServes(world);
    }

    [Test]
    public void Garbage_behind_the_handshake_ends_the_connection_with_a_reason()
    {
        using var world = new TlsWorld();
        var client = world.Connect();
        client.Push("hello"u8);
        world.Until(() => world.Accepted is [{ Received.Count: 5 }]);
        var beneath = client.Socket.GetType().GetProperty("Beneath")!.GetValue(client.Socket);
        ((SimulatedSocket)beneath!).Write([0x17, 0x03, 0x03, 0x00, 0x20, .. new byte[32]]);
        world.Until(() => world.Accepted[0].Closed is not null);

        Assert.That(world.Accepted[0].Closed, Is.EqualTo(CloseReason.PeerLost));
        Assert.That(world.Accepted[0].Why, Does.StartWith("TLS: "));
        client.Connection.Close(CloseReason.Shutdown, "done");
    }

    [TestCase(30, 8, true)]
    [TestCase(4, 3, true)]
    [TestCase(3, 3, false)]
    [TestCase(2, 3, false)]
    public void So_many_handshakes_begin_in_one_turn_and_all_come_through(
        int visitors, int handshakesMax, bool areSomeDeferred)
    {
        using var world = new TlsWorld(handshakesMax: handshakesMax);
        var clients = Enumerable.Range(0, visitors).Select(_ => world.Connect()).ToList();
        clients.ForEach(client => client.Push("hello"u8));
        var most = 0L;
        world.Until(() =>
        {
            var before = world.Loop.Tls.Handshakes;
            world.Loop.RunOnce();
            most = Math.Max(most, world.Loop.Tls.Handshakes - before);
            return world.Accepted.Count == visitors
                && world.Accepted.TrueForAll(end => end.Received.Count == 5);
        });

        Assert.That(most, Is.AtMost(handshakesMax));
        Assert.That(world.Loop.Tls.Deferred > 0, Is.EqualTo(areSomeDeferred));
        clients.ForEach(client => client.Connection.Close(CloseReason.Shutdown, "done"));
    }

    [Test]
    public void A_flood_of_tiny_records_costs_a_turn_no_more_than_its_budget()
    {
        using var world = new TlsWorld();
        world.Network.Quality = new LinkQuality { WindowBytes = 4 << 20 };
        var client = world.Connect();
        client.Push("x"u8);
        world.Until(() => world.Accepted is [{ Received.Count: 1 }]);
        var server = world.Accepted[0];
        var list = new GatherList(segmentsMax: 1, scratchBytes: 16);
        for (var i = 0; i < 20_000; i++)
        {
            list.Begin(skip: 0);
            list.Scratch(1)[0] = (byte)i;
            list.AddScratch(1);
            Assert.That(client.Socket.Send(list).Bytes, Is.EqualTo(1));
        }

        var most = 0;
        world.Until(() =>
        {
            var before = server.Received.Count;
            world.Loop.RunOnce();
            most = Math.Max(most, server.Received.Count - before);
            return server.Received.Count == 20_001;
        });

        var budget = world.Loop.Settings.ReadBudget / RecordOverheadMin;
        Assert.That(most, Is.InRange(budget / 4, 2 * budget));
        client.Connection.Close(CloseReason.Shutdown, "done");
    }

    [Test]
    public void Decrypted_bytes_that_were_left_over_are_offered_again_without_readiness()
    {
        using var world = new TlsWorld();
        var client = world.Connect();
        client.Push(new byte[10_000]);
        world.Until(() => world.Accepted is [{ Received.Count: > 0 }]);
        var server = world.Accepted[0];
        world.Until(() => server.Received.Count == 10_000);
        server.Connection.PauseReading();
        client.Push(new byte[10_000]);
        world.Turns(50);
        Assert.That(server.Received, Has.Count.EqualTo(10_000), "paused is paused");

        var some = new byte[1];
        Assert.That(server.Socket.Receive(some).Bytes, Is.EqualTo(1), "all is decrypted now");
        server.Connection.ResumeReading();
        world.Until(() => server.Received.Count == 19_999);
        client.Connection.Close(CloseReason.Shutdown, "done");
    }

    private static void AssertServes(TlsWorld world)
    {
        var client = world.Connect();
        client.Push("hello"u8);
        world.Until(() => world.Accepted is [.., { Received.Count: 5 }]);
        client.Connection.Close(CloseReason.Shutdown, "done");
    }

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
