using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Testing.Simulation;

namespace Reactor.Server.Tests.Limits;

/// <summary>The bounds of the whole server, by their keys; and their counts.</summary>
[TestFixture]
public sealed class ServerLimitTests
{
    [TestCase(2, 0)]
    [TestCase(3, 0)]
    [TestCase(5, 2)]
    public void Max_connections_are_open(int visitors, int struck)
    {
        using var server = With(new LimitsOptions { MaxConnections = 3 });

        var clients = Visit(server, visitors);

        Assert.That(server.Server.ConnectionCount, Is.EqualTo(visitors - struck));
        Assert.That(clients.Count(client => client.IsOpen), Is.EqualTo(visitors - struck));
        Expect(server, Limit.MaxConnections, struck);
    }

    [TestCase(2, 0)]
    [TestCase(3, 0)]
    [TestCase(5, 2)]
    public void Max_connections_per_ip_are_open_of_an_address(int visitors, int struck)
    {
        using var server = With(new LimitsOptions { MaxConnectionsPerIp = 3 });

        Visit(server, visitors);

        Assert.That(server.Server.ConnectionCount, Is.EqualTo(visitors - struck));
        Expect(server, Limit.MaxConnectionsPerIp, struck);
    }

    [TestCase(5, 0)]
    [TestCase(6, 0)]
    [TestCase(8, 2)]
    public void Connect_rate_per_ip_has_twice_as_many_at_once(int visitors, int struck)
    {
        using var server = With(new LimitsOptions { ConnectRatePerIp = 3 });

        Visit(server, visitors);

        Assert.That(server.Server.ConnectionCount, Is.EqualTo(visitors - struck));
        Expect(server, Limit.ConnectRatePerIp, struck);
    }

    [TestCase(1, 0)]
    [TestCase(2, 0)]
    [TestCase(3, 1)]
    public void Max_publishers_publish(int publishers, int struck)
    {
        using var server = With(new LimitsOptions { MaxPublishers = 2 });

        for (var i = 0; i < publishers; i++)
            server.Visit($"s{i}", publishes: true);
        server.Turns(8);

        Assert.That(server.Server.PublisherCount, Is.EqualTo(publishers - struck));
        Expect(server, Limit.MaxPublishers, struck);
    }

    [Test]
    public void Max_players_play([Values(1, 2, 3)] int players, [Values] bool isOfStream)
    {
        var options = new ServerOptions
        {
            Limits = new LimitsOptions { MaxPlayers = isOfStream ? 0 : 2 },
            Defaults = new StreamOptions
            {
                Play = new PlayOptions { MaxPlayers = isOfStream ? 2 : 0 },
            },
        };
        using var server = new ServerInMemory(options: options);

        for (var i = 0; i < players; i++)
            server.Visit("a", publishes: false);
        server.Turns(8);

        Assert.That(server.Server.PlayerCount, Is.EqualTo(Math.Min(2, players)));
        Expect(server, Limit.MaxPlayers, players > 2 ? 1 : 0);
    }

    [TestCase(90_000, 0)]
    [TestCase(100_000, 0)]
    [TestCase(110_000, 1)]
    public void Queue_size_is_what_a_player_may_lag(int bytes, int struck)
    {
        const int frameBytes = 10_000 - 12;     // a type 0 header before each
        using var server = new ServerInMemory(
            new PlayOptions { QueueSize = 100_000, GopCache = false },
            options: new ServerOptions { Rtmp = new RtmpOptions { ChunkSize = 1 << 20 } });
        var publisher = server.Publish();
        var player = server.Play();
        player.Socket.Room = 0;

        publisher.Key(0, frameBytes);
        for (var sent = 10_000; sent <= bytes; sent += 10_000)
            publisher.Inter((uint)sent, frameBytes);
        server.Turns(5);                        // a turn reads 64 KiB

        // The frame that finds more than the bound waiting is the first to suffer.
        Expect(server, Limit.Queue, struck);
    }

    [Test]
    public void Without_descriptors_the_visitor_is_turned_away_and_that_is_counted()
    {
        using var world = new World(1) { Network = { IsDry = true } };
        world.Play("live/a");
        world.Run(1);

        Assert.That(world.Server.Struck[Limit.Descriptors], Is.EqualTo(1));
        world.Stop();
    }

    [TestCase(94, 0, 0)]
    [TestCase(96, 1, 0)]
    [TestCase(101, 1, 1)]
    public void Max_memory_refuses_players_first_and_then_publishers(
        int percent, int players, int publishers)
    {
        using var server = With(new LimitsOptions { MaxMemory = 16 << 20 });
        var held = new List<Packet>();
        while (server.Pool.OutstandingBytes < (16L << 20) * percent / 100)
            held.Add(server.Pool.Rent(4096));

        var player = server.Visit("a", publishes: false);
        var publisher = server.Visit("b", publishes: true);
        server.Turns(8);

        Assert.That(player.Last == StatusCode.PlayFailed, Is.EqualTo(players > 0));
        Assert.That(publisher.Last == StatusCode.PublishBadName, Is.EqualTo(publishers > 0));
        held.ForEach(packet => packet.Release());
        Expect(server, Limit.MaxMemory, players + publishers);
    }

    private static RawClient[] Visit(ServerInMemory server, int visitors)
    {
        var clients = Enumerable.Range(0, visitors).Select(_ => new RawClient(server)).ToArray();
        server.Turn();
        return clients;
    }

    private static ServerInMemory With(LimitsOptions limits) =>
        new(options: new ServerOptions { Limits = limits });

    private static void Expect(ServerInMemory server, Limit limit, int struck)
    {
        Assert.That(server.Server.Struck[limit], Is.EqualTo(struck));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }
}
