using System.Linq;
using System.Net;
using NUnit.Framework;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Transport;

namespace Reactor.Server.Tests;

/// <summary>The bounds of addresses, of memory, and of replies that nobody reads.</summary>
public class LimitTests
{
    private const int Frame = 100_000;

    [Test]
    public void An_address_connects_as_often_as_its_rate_allows_and_twice_as_often_at_once()
    {
        var limits = new LimitsOptions { ConnectRatePerIp = 5 };
        using var server = new ServerInMemory(options: new ServerOptions { Limits = limits });
        for (var i = 0; i < 12; i++)
            server.Visit("a", publishes: false);
        server.Turn();
        Assert.That(server.Server.ConnectionCount, Is.EqualTo(10));
        Assert.That(server.Server.Refused, Is.EqualTo(2));

        server.Turn(afterMs: 400);
        for (var i = 0; i < 3; i++)
            server.Visit("a", publishes: false);
        server.Turn();
        Assert.That(server.Server.ConnectionCount, Is.EqualTo(12), "two more after 0.4 s");
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_deadline_that_strikes_is_counted()
    {
        using var server = new ServerInMemory();
        server.Network.Visit();
        server.Turn();
        for (var i = 0; i < 51; i++)
            server.Turn(afterMs: 200);
        Assert.That(server.Server.ConnectionCount, Is.Zero);
        Assert.That(server.Server.Closed, Does.ContainKey(CloseReason.Deadline).WithValue(1));
    }

    [Test]
    public void Addresses_that_left_are_forgotten()
    {
        var admission = new Admission(
            new LimitsOptions { ConnectRatePerIp = 1 }, 100_000, new LimitCounts());
        for (var i = 0; i < 50_000; i++)
        {
            var address = new IPAddress(i + 1);
            Assert.That(admission.TryEnter(address, 0, nowMs: 0), Is.Null);
            admission.Leave(address);
        }
        admission.Forget(nowMs: 2000);
        Assert.That(admission.Known, Is.EqualTo(50_000), "their rate is not whole yet");
        admission.Forget(nowMs: 2001);
        Assert.That(admission.Known, Is.Zero);
    }

    [Test]
    public void Short_memory_costs_the_slowest_players_their_backlog_and_nobody_the_stream()
    {
        var limits = new LimitsOptions { MaxMemory = 4_000_000 };
        var play = new PlayOptions { GopCache = false };
        using var server = new ServerInMemory(play, options: new ServerOptions { Limits = limits });
        var publisher = server.Publish();
        var healthy = server.Play();
        var stuck = server.Play();
        publisher.Headers();
        server.Turn();
        stuck.Socket.Room = 0;

        for (uint i = 0; i < 60; i++)
        {
            if (i % 10 == 0)
                publisher.Key(i * 40, Frame);
            else
                publisher.Inter(i * 40, Frame);
            server.Turns(3, eachMs: 14);
            Assert.That(server.Pool.OutstandingBytes, Is.LessThan(4_000_000 + (8 * 131_072)));
        }

        Assert.That(server.Server.Shed, Is.GreaterThan(0));
        Assert.That(healthy.Video.Count(seen => !seen.IsHeader), Is.EqualTo(60));
        Assert.That(server.Server.PlayerCount, Is.EqualTo(2), "nobody is closed for it");
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void At_the_ceiling_new_players_are_refused_first_and_new_publishers_after_them()
    {
        var limits = new LimitsOptions { MaxMemory = 2_000_000 };
        using var server = new ServerInMemory(options: new ServerOptions { Limits = limits });
        server.Publish("a");
        var held = server.Pool.Rent(2_000_000 / 100 * 96);
        Assert.That(server.Pool.OutstandingBytes, Is.GreaterThan(2_000_000));

        var player = server.Visit("a", publishes: false);
        var publisher = server.Visit("b", publishes: true);
        server.Turns(8);
        Assert.That(player.Last, Is.EqualTo(StatusCode.PlayFailed));
        Assert.That(publisher.Last, Is.EqualTo(StatusCode.PublishBadName));

        held.Release();
        Assert.That(server.Play("a").IsStarted, Is.True);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_peer_that_asks_but_does_not_read_is_not_listened_to()
    {
        var options = new ServerOptions
        {
            Rtmp = new RtmpOptions { MaxCommandsPerSecond = 1_000_000 },
        };
        using var server = new ServerInMemory(options: options);
        var peer = server.Publish();
        peer.Socket.Room = 0;
        for (var i = 0; i < 20_000; i++)
            peer.Command("FCPublish", AmfValue.Of("a"));
        server.Turns(400);
        Assert.That(server.Pool.OutstandingBytes, Is.LessThan(2 << 20));

        peer.Socket.Room = long.MaxValue;
        server.Turns(800);
        Assert.That(server.Server.ConnectionCount, Is.EqualTo(1), "it is heard again");
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void Audio_beside_video_leaves_with_the_next_picture_or_after_40_ms()
    {
        using var server = new ServerInMemory();
        var publisher = server.Publish();
        publisher.Headers();
        publisher.Key(0);
        var player = server.Play();
        server.Turn();
        var before = player.Audio.Count();

        publisher.Sound(10);
        server.Turn(afterMs: 5);
        Assert.That(player.Audio.Count(), Is.EqualTo(before), "it waits for company");
        publisher.Inter(40);
        server.Turn(afterMs: 5);
        Assert.That(player.Audio.Count(), Is.EqualTo(before + 1));

        publisher.Sound(33);
        server.Turn(afterMs: 5);
        server.Turn(afterMs: 39);
        Assert.That(player.Audio.Count(), Is.EqualTo(before + 1));
        server.Turn(afterMs: 1);
        Assert.That(player.Audio.Count(), Is.EqualTo(before + 2), "nothing came for 40 ms");
    }

    [Test]
    public void Audio_alone_and_a_server_without_coalescing_wait_for_nothing(
        [Values] bool isStrict)
    {
        var reactor = new ReactorOptions
        {
            WriteCoalesce = isStrict ? System.TimeSpan.Zero : null,
        };
        using var server = new ServerInMemory(options: new ServerOptions { Reactor = reactor });
        var publisher = server.Publish();
        if (isStrict)
            publisher.Headers();
        publisher.Key(0);
        var player = server.Play();
        if (!isStrict)
            publisher = server.Publish("sound");
        var listener = isStrict ? player : server.Play("sound");
        var before = listener.Audio.Count();

        publisher.Sound(10);
        server.Turn();
        Assert.That(listener.Audio.Count(), Is.EqualTo(before + 1));
    }
}
