using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Control;
using Reactor.Server.Tests.Http;
using Reactor.Testing.Simulation;

namespace Reactor.Server.Tests.Limits;

/// <summary>The bounds of the whole server, by their keys; and their counts.</summary>
[TestFixture]
public sealed class ServerLimitTests
{
    private static readonly LimitsOptions None = new() { MaxConnections = 1000 };

    private static readonly TestCaseData[] Doors =
    [
        new(Limit.MaxConnections, None with { MaxConnections = 3 }, 3),
        new(Limit.MaxConnectionsPerIp, None with { MaxConnectionsPerIp = 3 }, 3),
        new(Limit.ConnectRatePerIp, None with { ConnectRatePerIp = 3 }, 6),    // twice, at once
    ];

    [TestCaseSource(nameof(Doors))]
    public void Visitors_are_let_in_up_to(Limit limit, LimitsOptions limits, int letIn)
    {
        foreach (var (visitors, struck) in new[] { (letIn - 1, 0), (letIn, 0), (letIn + 2, 2) })
        {
            using var server = With(limits);
            var clients = Enumerable.Range(0, visitors)
                .Select(_ => new RawClient(server)).ToArray();
            server.Turn();

            Assert.That(server.Server.ConnectionCount, Is.EqualTo(visitors - struck));
            Assert.That(clients.Count(client => client.IsOpen), Is.EqualTo(visitors - struck));
            Expect(server, limit, struck);
        }
    }

    [TestCase(0)]
    [TestCase(1000)]
    public void No_more_are_let_in_than_there_are_descriptors_less_64(int wanted)
    {
        foreach (var (visitors, struck) in new[] { (2, 0), (3, 0), (4, 1) })
        {
            using var server = With(None with { MaxConnections = wanted });
            server.Network.SocketsMax = 64 + 3;
            server.Server.Reload(server.Server.Options);
            for (var i = 0; i < visitors; i++)
                _ = new RawClient(server);
            server.Turn();

            Assert.That(server.Server.ConnectionCount, Is.EqualTo(visitors - struck));
            Expect(server, Limit.MaxConnections, struck);
        }
    }

    [TestCase(1023, 0)]
    [TestCase(1024, 0)]
    [TestCase(1025, 1)]
    public void Max_letters_wait_for_the_loop(int letters, int refused)
    {
        Assert.That(new ReactorOptions().MaxLetters, Is.EqualTo(65_536));
        using var server = new ServerInMemory(options: new ServerOptions
        {
            Reactor = new ReactorOptions { MaxLetters = 1024 },
        });
        server.Turn();
        var read = 0;
        for (var i = 0; i < letters; i++)
            server.Server.Loop.Mailbox.TryPost(() => read++);
        server.Turn();

        Assert.That(read, Is.EqualTo(letters - refused));
        Assert.That(server.Server.Loop.Mailbox.Refused, Is.EqualTo(refused));
    }

    [Test]
    public void The_longest_names_that_may_be_allowed_go_everywhere()
    {
        using var server = new ServerInMemory(
            options: new ServerOptions
            {
                Limits = new LimitsOptions { MaxName = 2048 },
                Defaults = new StreamOptions
                {
                    Hls = new HlsOptions { OnDemand = false },
                    Record = [new RecordOptions { MinFree = 0 }],
                    Push = [new RelayRule("rtmp://127.0.0.1:9/x/y")],
                },
            },
            takesCalls: true);
        var name = new string('n', 2048 - "live/".Length);
        var publisher = HlsFilm.Publish(server, name);
        var player = server.Play(name);
        HlsFilm.Film(server, publisher, 0, 6000);
        using var viewer = new HttpPeer(server, 7002);
        var playlist = viewer.Get($"/live/{name}.m3u8");

        Assert.That(playlist?.Text, Does.Contain($"\n{name}/"));
        Assert.That(player.Video.Count(), Is.EqualTo(1 + (6000 / 40)));
        Assert.That(server.Network.Called, Is.Not.Empty, "it is pushed");
        Assert.That(server.Server.RecordingApi.List().Single().Path, Is.Not.Empty);
        Assert.That(new ControlPeer(server).Ask("/api/v1/streams").Text, Does.Contain(name));
        Assert.That(server.Server.Loop.Faults, Is.Zero);
        Assert.That(server.LeftAfterStop(), Is.Empty);
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

    [TestCase(1, 0)]
    [TestCase(2, 0)]
    [TestCase(3, 1)]
    public void Max_relays_are_started_by_the_API(int relays, int struck)
    {
        using var server = With(new LimitsOptions { MaxRelays = 2 });

        var done = Enumerable.Range(0, relays).Count(i => server.Server.RelayApi
            .Start(isPush: true, "live", $"s{i}", "rtmp://203.0.113.9/app/x").IsDone);

        Assert.That(done, Is.EqualTo(relays - struck));
        Expect(server, Limit.MaxRelays, struck);
    }

    [TestCase("203.0.113.9", 0)]
    [TestCase("192.168.7.8", 0)]
    [TestCase("192.168.7.9", 1)]
    [TestCase("127.0.0.1", 1)]
    [TestCase("169.254.169.254", 1)]
    public void The_API_relays_to_public_addresses_and_to_those_of_relay_allow(
        string address, int struck)
    {
        using var server = With(
            new LimitsOptions { RelayAllow = [AddressRange.Parse("192.168.7.8")] });

        var answer = server.Server.RelayApi.Start(
            isPush: false, "live", "a", $"rtmp://{address}/app/x");

        Assert.That(answer.IsDone, Is.EqualTo(struck == 0));
        Expect(server, Limit.RelayAllow, struck);
    }

    [Test]
    public void A_host_whose_name_leads_inside_is_found_out_when_it_is_looked_up()
    {
        using var server = With(new LimitsOptions());
        server.Resolver.Hosts["inside.test"] = [System.Net.IPAddress.Parse("10.0.0.1")];

        var answer = server.Server.RelayApi.Start(
            isPush: false, "live", "a", "rtmp://inside.test/app/x");
        server.Turn();

        Assert.That(answer.IsDone, Is.True, "nobody knew by then");
        Assert.That(
            server.Server.RelayApi.List().Single().LastError, Does.Contain("relay_allow"));
        Expect(server, Limit.RelayAllow, struck: 1);
    }

    private static ServerInMemory With(LimitsOptions limits) =>
        new(options: new ServerOptions { Limits = limits });

    private static void Expect(ServerInMemory server, Limit limit, int struck)
    {
        Assert.That(server.Server.Struck[limit], Is.EqualTo(struck));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }
}
