using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Hooks;
using Reactor.Server.Tests.Http;

namespace Reactor.Server.Tests.Control;

/// <summary>nginx-rtmp's /control/redirect: to another stream upon the same connection.</summary>
[TestFixture]
public sealed class RedirectTests
{
    private const string Subscriber = "/control/redirect/subscriber?app=live&name=a&newname=b";
    private const string Publisher = "/control/redirect/publisher?app=live&name=a&newname=b";

    [Test]
    public void A_player_goes_on_with_headers_and_keyframe_of_the_other_stream()
    {
        using var server = new ServerInMemory();
        var (one, other) = (Begin(server, "a", 1000), Begin(server, "b", 70_000));
        var player = server.Play("a");
        one.Inter(1040, bytes: 11);
        server.Turn();
        other.Inter(70_040, bytes: 22);
        server.Turn(40);
        var seen = player.Seen.Count;

        Assert.That(new ControlPeer(server).Ask(Subscriber).Text, Is.EqualTo("1"));
        one.Key(1080, bytes: 33);
        other.Inter(70_080, bytes: 44);
        server.Turns(3);

        var after = player.Seen.Skip(seen).ToList();
        Assert.That(after.Take(2).All(frame => frame.IsHeader), "headers first");
        Assert.That(
            after.Skip(2).Select(frame => (frame.Payload.Length, frame.Time)),
            Is.EqualTo([(100, 60u), (22, 100u), (44, 140u)]), "the cached GOP, then what comes");
        Assert.That(player.Codes, Has.None.EqualTo(StatusCode.PlayUnpublishNotify));
        Assert.That(player.Socket.IsClosed, Is.False);
        Assert.That(server.Server.PlayerCount, Is.EqualTo(1));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_player_of_HTTP_FLV_is_moved_too_and_time_never_goes_back()
    {
        using var server = new ServerInMemory();
        var (one, other) = (Begin(server, "a", 1000), Begin(server, "b", 70_000));
        using var player = new HttpPeer(server);
        player.Get("/live/a.flv");
        one.Inter(1040);
        player.Turn();

        Assert.That(new ControlPeer(server).Ask(Subscriber).Text, Is.EqualTo("1"));
        other.Inter(70_040, bytes: 44);
        player.Turns(3, eachMs: 0);

        var times = player.Last.Tags.Select(tag => tag.Time).ToList();
        Assert.That(times, Is.Ordered);
        Assert.That(player.Last.Tags[^1].Payload, Has.Length.EqualTo(44));
        Assert.That(player.IsEnded, Is.False);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_player_may_be_moved_to_a_stream_that_nobody_publishes_yet()
    {
        using var server = new ServerInMemory();
        Begin(server, "a", 0);
        var player = server.Play("a");

        Assert.That(new ControlPeer(server).Ask(Subscriber).Text, Is.EqualTo("1"));
        var before = player.Seen.Count;
        Begin(server, "b", 0);

        Assert.That(player.Seen.Skip(before).Any(frame => frame.IsKeyframe));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_publisher_goes_on_under_the_new_name_with_the_headers_that_it_said_once()
    {
        using var server = new ServerInMemory();
        var publisher = Begin(server, "a", 1000);
        publisher.Send(
            MessageType.Data, 1000, [2, 0, 10, .. "onMetaData"u8, 8, 0, 0, 0, 0, 0, 0, 9]);
        var old = server.Play("a");
        var player = server.Play("b");

        Assert.That(new ControlPeer(server).Ask(Publisher).Text, Is.EqualTo("1"));
        var before = old.Seen.Count;
        publisher.Inter(1040);
        publisher.Key(1080);
        publisher.Inter(1120);
        server.Turns(3);

        Assert.That(server.Server.Hub.Streams.Single(s => s.IsPublished).Key.Name, Is.EqualTo("b"));
        Assert.That(
            player.Seen.Skip(1).Select(frame => frame.Type).Take(3),
            Is.EquivalentTo([MessageType.Data, MessageType.Video, MessageType.Audio]),
            "behind RtmpSampleAccess");
        Assert.That(player.Seen.Count(frame => frame.IsHeader), Is.EqualTo(2));
        Assert.That(player.Video.Count(frame => !frame.IsHeader), Is.EqualTo(2), "from a keyframe");
        Assert.That(old.Seen, Has.Count.EqualTo(before), "those of the old name wait");
        Assert.That(publisher.Codes, Has.None.EqualTo(StatusCode.PublishIdle));
        Assert.That(server.Publish("a").IsStarted, "the old name is free");
        publisher.Command("FCUnpublish");
        publisher.End();
        server.Turns(3);
        Assert.That(server.Server.PublisherCount, Is.EqualTo(1));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void Publishers_and_players_of_a_stream_may_be_moved_together()
    {
        using var server = new ServerInMemory();
        var publisher = Begin(server, "a", 0);
        var player = server.Play("a");

        var answer = new ControlPeer(server).Ask(
            "/control/redirect/client?app=live&name=a&newname=b");
        publisher.Key(40, bytes: 44);
        server.Turns(3);

        Assert.That(answer.Text, Is.EqualTo("2"));
        Assert.That(player.Seen[^1].Payload, Has.Length.EqualTo(44));
        Assert.That(server.Server.Hub.Streams.Single().Key.Name, Is.EqualTo("b"));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [TestCase("subscriber?app=live&name=a&newname=b&addr=127.0.0.1", 200, "1")]
    [TestCase("subscriber?app=live&name=a&newname=b&addr=192.0.2.1", 200, "0")]
    [TestCase("subscriber?app=live&name=a&newname=b&clientid=999", 200, "0")]
    [TestCase("subscriber?app=other&newname=b", 200, "0")]
    [TestCase("subscriber?app=live&newname=a", 200, "0", TestName = "To where it is")]
    [TestCase("publisher?app=live&name=a&newname=busy", 200, "0", TestName = "Somebody publishes")]
    [TestCase("publisher?app=live&name=a", 400, "newname")]
    [TestCase("publisher?newname=b", 400, "app")]
    [TestCase("publisher?app=live&newname=..%2Fx", 400, "newname")]
    [TestCase("everybody?app=live&newname=b", 404, "")]
    public void The_answer_is_how_many(string order, int status, string said)
    {
        using var server = new ServerInMemory();
        Begin(server, "a", 0);
        Begin(server, "busy", 0);
        server.Play("a");

        var answer = new ControlPeer(server).Ask("/control/redirect/" + order);

        Assert.That(answer.Status, Is.EqualTo(status));
        Assert.That(answer.Text, Does.Contain(said));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void The_hook_is_asked_and_who_may_not_stays_where_it_is(bool isAllowed)
    {
        using var server = HookTests.Open(
            new HooksOptions
            {
                OnPublish = "http://127.0.0.1:9/publish",
                OnPublishDone = "http://127.0.0.1:9/done",
            },
            out var hook);
        var publisher = server.Visit("a?token=t", publishes: true);
        hook.Turns(10);
        hook.Answers = asked => asked.Path == "/done" ? HookPeer.Ok() : null;
        using var control = new HttpPeer(server, ControlPeer.Port);
        control.Say($"GET {Publisher} HTTP/1.1\nHost: localhost\n\n");
        hook.Turns(4);
        control.Turn();
        Assert.That(control.Answers, Is.Empty, "it is not decided yet");
        Assert.That(
            hook.Last.Body, Does.Contain("\"stream\":\"b\"").And.Contain("?token=t"));

        HookPeer.Reply(hook.Last, isAllowed ? HookPeer.Ok() : HookPeer.Status(403));
        hook.Turns(4);
        control.Turn();

        Assert.That(control.Last.Text, Is.EqualTo(isAllowed ? "1" : "0"));
        Assert.That(
            server.Server.Hub.Streams.Single(stream => stream.IsPublished).Key.Name,
            Is.EqualTo(isAllowed ? "b" : "a"));
        Assert.That(hook.Last.Path, Is.EqualTo(isAllowed ? "/done" : "/publish"));
        Assert.That(publisher.Socket.IsClosed, Is.False);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void Many_are_moved_some_at_a_time_and_all_of_them()
    {
        using var server = HookTests.Open(
            new HooksOptions { OnPlay = "http://127.0.0.1:9/play" }, out var hook);
        for (var i = 0; i < 150; i++)
            server.Visit("a", publishes: false);
        hook.Turns(20);
        Assert.That(server.Server.PlayerCount, Is.EqualTo(150));
        var before = hook.Asked.Count;
        hook.Answers = _ => null;
        using var control = new HttpPeer(server, ControlPeer.Port);
        control.Say($"GET {Subscriber} HTTP/1.1\nHost: localhost\n\n");
        hook.Turns(4);
        Assert.That(hook.Asked, Has.Count.EqualTo(before + 64));

        foreach (var asked in hook.Asked.Skip(before).ToList())
            HookPeer.Reply(asked, HookPeer.Ok());
        hook.Answers = _ => HookPeer.Ok();
        hook.Turns(20);
        control.Turn();

        Assert.That(control.Last.Text, Is.EqualTo("150"));
        Assert.That(server.Server.Hub.Streams.Single().Key.Name, Is.EqualTo("b"));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_full_stream_takes_nobody_who_is_moved_but_a_full_server_does()
    {
        using var server = new ServerInMemory(
            new PlayOptions { MaxPlayers = 1 },
            options: new ServerOptions { Limits = new LimitsOptions { MaxPlayers = 2 } });
        server.Play("a");
        server.Play("b");
        var control = new ControlPeer(server);

        Assert.That(control.Ask(Subscriber).Text, Is.EqualTo("0"));
        Assert.That(control.Ask(Subscriber.Replace("newname=b", "newname=c")).Text,
            Is.EqualTo("1"));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    /// <summary>A publisher with its headers and a keyframe of 100 bytes.</summary>
    private static Peer Begin(ServerInMemory server, string name, uint time)
    {
        var publisher = server.Publish(name);
        publisher.Headers();
        publisher.Key(time);
        server.Turns(2);
        return publisher;
    }
}
