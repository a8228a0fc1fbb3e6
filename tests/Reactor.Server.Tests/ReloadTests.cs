using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Configuration;

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
