using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Configuration;
using Reactor.Server.Tests.Http;

namespace Reactor.Server.Tests;

/// <summary>Other options while everything runs (A1, A2): no stream is dropped for them.</summary>
public class ReloadTests
{
    [Test]
    public void Every_key_that_differs_is_told_and_when_it_takes_effect()
    {
        var read = Config.Good("""
            {
              "rtmp": { "listen": "1999", "chunk_size": 4096, "bw_done": true },
              "http": { "listen": "8080" },
              "limits": { "max_players": 7 },
              "defaults": { "publish": { "key": "k", "drop_idle_publisher": "1s" } },
              "apps": { "live": {} }
            }
            """);

        var merged = OptionsReload.Merge(new ServerOptions(), read, out var changes);

        Assert.That(
            changes.Select(change => $"{change.Key} {change.Takes}"),
            Is.EquivalentTo(new[]
            {
                "rtmp.listen restart", "rtmp.chunk_size restart", "rtmp.bw_done new",
                "http.listen restart", "limits.max_players live", "defaults.publish.key new",
                "defaults.publish.drop_idle_publisher live", "apps new",
            }));
        Assert.Multiple(() =>
        {
            Assert.That(merged.Rtmp.Listen[0].EndPoint.Port, Is.EqualTo(1935));
            Assert.That(merged.Rtmp.ChunkSize, Is.EqualTo(new RtmpOptions().ChunkSize));
            Assert.That(merged.Http.Listen, Has.Count.EqualTo(3));
            Assert.That(merged.Rtmp.BwDone);
            Assert.That(merged.Limits.MaxPlayers, Is.EqualTo(7));
            Assert.That(merged.Apps!.Rules, Has.Count.EqualTo(1));
        });
    }

    [Test]
    public void What_an_app_has_otherwise_is_told_key_by_key_and_what_it_inherits_once()
    {
        var before = Config.Good("""
            {
              "apps": {
                "live": {
                  "push": "rtmp://a/b",
                  "streams": { "x": { "play": { "max_players": 1 } } }
                },
                "old": {}
              }
            }
            """);
        var after = Config.Good("""
            {
              "defaults": { "publish": { "grace": "2s" } },
              "apps": {
                "live": {
                  "push": "rtmp://a/c",
                  "streams": { "x": { "play": { "max_players": 2 } } }
                },
                "*": {}
              }
            }
            """);

        OptionsReload.Merge(before, after, out var changes);

        Assert.That(
            changes.Select(change => $"{change.Key} {change.Takes}"),
            Is.EquivalentTo(new[]
            {
                "defaults.publish.grace live", "apps.live.push live",
                "apps.live.streams.x.play.max_players live", "apps.* new", "apps.old new",
            }));
    }

    [Test]
    public void The_same_options_change_nothing()
    {
        OptionsReload.Merge(Config.Good("{}"), Config.Good("{}"), out var changes);

        Assert.That(changes, Is.Empty);
    }

    [Test]
    public void A_stream_goes_on_and_whoever_comes_next_meets_the_new_rules()
    {
        using var server = new ServerInMemory();
        var publisher = server.Publish();
        var player = server.Play();

        server.Server.Reload(Config.Good("""
            {
              "defaults": { "publish": { "key": "k" } },
              "limits": { "max_players": 1 }
            }
            """));
        publisher.Headers();
        publisher.Key(0);
        server.Turns(3);
        var late = server.Visit("b", publishes: true);
        var second = server.Visit("a", publishes: false);
        server.Turns(10);

        Assert.That(player.Video.Any(seen => seen.IsKeyframe), "the stream goes on");
        Assert.That(late.Last, Is.EqualTo(StatusCode.PublishDenied));
        Assert.That(second.Last, Is.EqualTo(StatusCode.PlayFailed));
        Assert.That(server.Publish("b?key=k").IsStarted);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void What_is_live_holds_for_a_publisher_under_way()
    {
        using var server = new ServerInMemory();
        var publisher = server.Publish();
        publisher.Headers();
        publisher.Key(0);
        server.Turns(3);

        server.Server.Reload(
            Config.Good("""{ "defaults": { "publish": { "drop_idle_publisher": "1s" } } }"""));
        server.Turns(8, eachMs: 200);

        Assert.That(publisher.Last, Is.EqualTo(StatusCode.PublishIdle));
    }

    [Test]
    public void An_application_that_is_gone_is_recorded_no_more_and_that_is_said_as_to_all()
    {
        using var server = new ServerInMemory();
        server.Publish();
        server.Server.Reload(Config.Good("""{ "apps": { "other": {} } }"""));

        Assert.That(
            server.Server.RecordingApi.Start("live", "a", "").Why,
            Is.EqualTo("application live is not configured for live streams"));
    }

    [Test]
    public void The_queue_of_a_player_under_way_takes_its_new_bound()
    {
        using var server = new ServerInMemory(new PlayOptions { GopCache = false });
        var publisher = server.Publish();
        var player = server.Play();
        publisher.Headers();
        publisher.Key(0, bytes: 1000);
        server.Turns(3);
        player.Socket.Room = 0;

        server.Server.Reload(
            Config.Good("""
                { "defaults": { "play": { "queue_size": "64k", "gop_cache": false } } }
                """));
        for (uint time = 40; time < 4000; time += 40)
        {
            publisher.Inter(time, bytes: 10_000);
            server.Turn();
        }

        Assert.That(server.Server.Struck[Limit.Queue], Is.GreaterThan(0));
        Assert.That(server.Pool.OutstandingBytes, Is.LessThan(1 << 20));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void The_queue_of_a_push_under_way_takes_its_new_bound()
    {
        const string Apps = "\"apps\": { \"live\": { \"push\": \"rtmp://127.0.0.1:9/live/b\" } }";
        using var server = new ServerInMemory(
            options: Config.Good($"{{ {Apps} }}"), takesCalls: true);
        using var other = new ServerInMemory();
        var publisher = server.Publish();
        publisher.Headers();
        publisher.Key(0, bytes: 1000);
        server.Turns(3);
        var (from, to) = (server.Network.Called.Single(), other.Network.Visit());
        for (var i = 0; i < 20; i++)
        {
            server.Turn();
            to.Arrive(from.Sent.ToArray());
            from.Sent.Clear();
            other.Turn();
            from.Arrive(to.Sent.ToArray());
            to.Sent.Clear();
        }
        Assert.That(other.Server.PublisherCount, Is.EqualTo(1), "it is pushed there");
        from.Room = 0;

        server.Server.Reload(Config.Good(
            $$"""{ {{Apps}}, "defaults": { "play": { "queue_size": "64k" } } }"""));
        for (uint time = 40; time < 4000; time += 40)
        {
            publisher.Inter(time, bytes: 10_000);
            server.Turn();
        }

        Assert.That(server.Server.Struck[Limit.Queue], Is.GreaterThan(0));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void Whoever_awaits_a_publishers_return_has_the_time_that_holds_now()
    {
        using var server = new ServerInMemory(options: Config.Good(
            """{ "defaults": { "hls": { "on_demand": false } } }"""));
        var publisher = HlsFilm.Publish(server);
        server.Play();
        HlsFilm.Film(server, publisher, from: 0, to: 5000);
        publisher.End();
        server.Turns(2);

        server.Server.Reload(Config.Good("""{ "defaults": { "publish": { "grace": "1s" } } }"""));
        server.Turns(4, eachMs: 200);
        Assert.That(server.Server.PlayerCount, Is.EqualTo(1));
        server.Turns(3, eachMs: 200);

        Assert.That(server.Server.PlayerCount, Is.Zero);
        using var viewer = new HttpPeer(server, 7002);
        Assert.That(viewer.Get("/live/a.m3u8")!.Text, Does.EndWith("#EXT-X-ENDLIST\n"));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_player_that_waits_is_closed_by_the_time_that_holds_now()
    {
        using var server = new ServerInMemory();
        var player = server.Play();

        server.Server.Reload(
            Config.Good("""{ "defaults": { "play": { "wait_timeout": "1s" } } }"""));
        server.Turns(7, eachMs: 200);

        Assert.That(player.Last, Is.EqualTo(StatusCode.PlayStreamNotFound));
    }

    [Test]
    public void Whoever_has_said_nothing_yet_has_the_time_that_holds_now()
    {
        using var server = new ServerInMemory();
        server.Network.Visit();
        server.Turn();

        server.Server.Reload(Config.Good("""{ "rtmp": { "handshake_timeout": "1s" } }"""));
        server.Turns(7, eachMs: 200);

        Assert.That(server.Server.ConnectionCount, Is.Zero);
        Assert.That(server.Server.Struck[Limit.HandshakeTimeout], Is.EqualTo(1));
    }

    [Test]
    public void A_stream_under_way_caches_as_much_as_it_is_told_now()
    {
        using var server = new ServerInMemory();
        var publisher = server.Publish();
        publisher.Headers();
        publisher.Key(0);
        publisher.Inter(40);
        server.Turns(3);
        Assert.That(server.Play().Video.Count(seen => !seen.IsHeader), Is.EqualTo(2));

        server.Server.Reload(Config.Good("""{ "defaults": { "play": { "gop_cache": false } } }"""));
        Assert.That(server.Play().Video.Count(seen => !seen.IsHeader), Is.Zero);
        publisher.Key(80);
        server.Turns(3);
        Assert.That(server.Play().Video.Count(seen => !seen.IsHeader), Is.Zero);

        server.Server.Reload(Config.Good("{}"));
        publisher.Key(120);
        server.Turns(3);
        Assert.That(server.Play().Video.Count(seen => !seen.IsHeader), Is.EqualTo(1));
    }

    [Test]
    public void Audio_under_way_waits_for_its_picture_or_for_nothing_as_is_said_now()
    {
        using var server = new ServerInMemory();
        var publisher = server.Publish();
        publisher.Headers();
        publisher.Key(0);
        var player = server.Play();
        publisher.Sound(10);
        server.Turn(5);
        Assert.That(player.Audio.Count(seen => !seen.IsHeader), Is.Zero, "it waits");

        server.Server.Reload(Config.Good("""{ "reactor": { "write_coalesce": "0s" } }"""));
        server.Turn();
        Assert.That(player.Audio.Count(seen => !seen.IsHeader), Is.EqualTo(1), "what waited");
        publisher.Sound(33);
        server.Turn();
        Assert.That(player.Audio.Count(seen => !seen.IsHeader), Is.EqualTo(2));

        server.Server.Reload(Config.Good("{}"));
        publisher.Sound(56);
        server.Turn(5);
        Assert.That(player.Audio.Count(seen => !seen.IsHeader), Is.EqualTo(2), "it waits again");
        server.Turns(2, eachMs: 40);
        Assert.That(player.Audio.Count(seen => !seen.IsHeader), Is.EqualTo(3));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void Fewer_connections_than_are_open_close_nobody_and_let_nobody_in()
    {
        using var server = new ServerInMemory();
        var publisher = server.Publish();
        server.Play();

        server.Server.Reload(Config.Good("""{ "limits": { "max_connections": 1 } }"""));
        var third = server.Visit("a", publishes: false);
        server.Turns(5);

        Assert.That(third.Socket.IsClosed);
        Assert.That(publisher.Socket.IsClosed, Is.False);
        Assert.That(server.Server.ConnectionCount, Is.EqualTo(2));
    }
}
