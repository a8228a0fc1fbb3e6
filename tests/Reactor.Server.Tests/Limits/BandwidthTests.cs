using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Http;

namespace Reactor.Server.Tests.Limits;

/// <summary>Who may come while much is sent or received; and apps of their own bounds.</summary>
[TestFixture]
public sealed class BandwidthTests
{
    [TestCase(-1, true)]
    [TestCase(0, true)]
    [TestCase(+2, false)]
    public void At_max_bandwidth_out_new_players_are_refused_and_the_others_go_on(
        int above, bool isRefused)
    {
        using var server = new ServerInMemory();
        var publisher = server.Publish();
        var player = server.Play();
        Film(server, publisher, fromMs: 0, toMs: 8000);
        var measured = server.Server.Bandwidth.ExpectedOutBps;
        Assert.That(measured, Is.InRange(202_000, 220_000), "1,000 bytes and a header, 25 times");

        Limit(server, new LimitsOptions { MaxBandwidthOut = (long)measured + above });
        var second = server.Visit("a", publishes: false);
        server.Turns(8);

        Assert.That(second.Last == StatusCode.PlayFailed, Is.EqualTo(isRefused));
        Expect(server, Server.Limit.MaxBandwidthOut, isRefused);
        var before = player.Video.Count();
        Film(server, publisher, fromMs: 8000, toMs: 9000);
        Assert.That(player.Video.Count(), Is.EqualTo(before + 25));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void By_HTTP_it_is_503_with_the_reason()
    {
        using var server = Filled();
        Limit(server, new LimitsOptions { MaxBandwidthOut = 100_000 });
        using var viewer = new HttpPeer(server);

        var answer = viewer.Get("/live/a.flv")!;

        Assert.That(answer.Status, Is.EqualTo(503));
        Assert.That(answer.Text, Does.Contain("100 kbit/s are sent already"));
    }

    [Test]
    public void A_crowd_that_comes_at_once_is_let_in_as_far_as_there_is_room()
    {
        using var server = Filled();
        Limit(server, new LimitsOptions { MaxBandwidthOut = 1_000_000 });
        for (var i = 0; i < 20; i++)
            server.Visit("a", publishes: false);
        server.Turns(12);

        Assert.That(server.Server.PlayerCount, Is.InRange(5, 6), "of about 200 kbit/s each");
    }

    [Test]
    public void An_app_has_a_bandwidth_of_its_own()
    {
        using var server = Filled();
        var play = new PlayOptions { MaxBandwidth = 100_000 };
        server.Server.Reload(server.Server.Options with
        {
            Apps = new AppTable(
            [
                new AppRule("live", new StreamOptions { Play = play }, []),
                new AppRule("*", new StreamOptions { Play = play }, []),
            ]),
        });
        using var full = new HttpPeer(server);
        using var other = new HttpPeer(server);

        Assert.That(full.Get("/live/a.flv")!.Status, Is.EqualTo(503));
        Assert.That(full.Last.Text, Does.Contain("100 kbit/s are sent in live already"));
        Assert.That(other.Get("/quiet/a.flv"), Is.Null, "it waits for a publisher");
    }

    [Test]
    public void Viewers_of_HLS_count_in_their_app_and_find_its_bound()
    {
        using var server = new ServerInMemory(options: new ServerOptions
        {
            Defaults = new StreamOptions { Hls = new HlsOptions { OnDemand = false } },
        });
        var publisher = HlsFilm.Publish(server);
        HlsFilm.Film(server, publisher, from: 0, to: 4000);
        using var viewer = new HttpPeer(server, 7002);
        for (var time = 4000u; time < 9000; time += 1000)
        {
            HlsFilm.Film(server, publisher, time, time + 1000);
            var segment = viewer.Get("/live/a.m3u8")!.Text.Split('\n').Last(l => l.EndsWith(".ts"));
            viewer.Get($"/live/{segment}");
        }
        var play = new PlayOptions { MaxBandwidth = 5000 };
        server.Server.Reload(server.Server.Options with
        {
            Defaults = server.Server.Options.Defaults with { Play = play },
        });

        Assert.That(viewer.Get("/live/a.m3u8")!.Status, Is.EqualTo(200), "it is in already");
        using var second = new HttpPeer(server, 7002);
        var refused = second.Get("/live/a.m3u8", "User-Agent: another\n")!;
        Assert.That(refused.Status, Is.EqualTo(503));
        Assert.That(refused.Text, Does.Contain("5 kbit/s are sent in live already"));
    }

    [TestCase(-1, true)]
    [TestCase(+2, false)]
    public void At_max_bandwidth_in_new_publishers_are_refused(int above, bool isRefused)
    {
        using var server = Filled();
        var measured = server.Server.Bandwidth.InBps;
        Assert.That(measured, Is.InRange(200_000, 220_000));
        Limit(server, new LimitsOptions { MaxBandwidthIn = (long)measured + above });
        var second = server.Visit("b", publishes: true);
        server.Turns(8);

        Assert.That(second.Last == StatusCode.PublishBadName, Is.EqualTo(isRefused));
        Expect(server, Server.Limit.MaxBandwidthIn, isRefused);
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void Max_publishers_publish_in_an_app(int publishers)
    {
        using var server = new ServerInMemory(publish: new PublishOptions { MaxPublishers = 2 });
        for (var i = 0; i < publishers; i++)
            server.Visit($"s{i}", publishes: true);
        server.Turns(8);

        Assert.That(server.Server.PublisherCount, Is.EqualTo(Math.Min(2, publishers)));
        Expect(server, Server.Limit.MaxPublishers, publishers > 2);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void Max_app_players_play_the_streams_of_an_app(int players)
    {
        using var server = new ServerInMemory(new PlayOptions { MaxAppPlayers = 2 });
        for (var i = 0; i < players; i++)
            server.Visit($"s{i}", publishes: false);
        server.Turns(8);

        Assert.That(server.Server.PlayerCount, Is.EqualTo(Math.Min(2, players)));
        Expect(server, Server.Limit.MaxPlayers, players > 2);
        using var other = new HttpPeer(server);
        Assert.That(other.Get("/elsewhere/a.flv"), Is.Null, "another app has its own two");
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    /// <summary>One stream of 200 kbit/s and one player, for eight seconds.</summary>
    private static ServerInMemory Filled()
    {
        var server = new ServerInMemory();
        var publisher = server.Publish();
        server.Play();
        Film(server, publisher, fromMs: 0, toMs: 8000);
        return server;
    }

    private static void Film(ServerInMemory server, Peer publisher, uint fromMs, uint toMs)
    {
        for (var time = fromMs; time < toMs; time += 40)
        {
            if (time % 2000 == 0)
                publisher.Key(time, bytes: 1000);
            else
                publisher.Inter(time, bytes: 1000);
            server.Turn(40);
        }
    }

    private static void Limit(ServerInMemory server, LimitsOptions limits) =>
        server.Server.Reload(server.Server.Options with { Limits = limits });

    private static void Expect(ServerInMemory server, Server.Limit limit, bool hasStruck) =>
        Assert.That(server.Server.Struck[limit], Is.EqualTo(hasStruck ? 1 : 0));
}
