using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;

namespace Reactor.Server.Tests.Sessions;

/// <summary>Publishers and players come, wait, are replaced, and leave nothing behind.</summary>
[TestFixture]
public sealed class LifeCycleTests
{
    [Test]
    public void A_second_publisher_is_refused_and_closed_and_the_first_goes_on()
    {
        using var server = new ServerInMemory();
        var first = server.Publish();
        var second = server.Visit("a", publishes: true);
        server.Turns(5);

        Assert.That(second.Codes, Has.Some.EqualTo(StatusCode.PublishBadName));
        Assert.That(second.IsStarted, Is.False);
        Assert.That(second.Socket.HasEndedSending);
        Assert.That(first.Socket.HasEndedSending, Is.False);
        Assert.That(server.Server.PublisherCount, Is.EqualTo(1));
    }

    [TestCase(3, 2999, ExpectedResult = false)]
    [TestCase(3, 3000, ExpectedResult = true)]
    [TestCase(0, 9999, ExpectedResult = false)]         // 0s: never
    public bool A_publisher_that_fell_silent_is_replaced(int staleSeconds, int silentMs)
    {
        using var server = new ServerInMemory(
            publish: new() { ReplaceStale = TimeSpan.FromSeconds(staleSeconds) });
        var first = server.Publish();
        first.Key(0);
        server.Turn();
        server.Time.Advance(silentMs);
        var second = server.Visit("a", publishes: true);
        server.Turns(5);

        Assert.That(first.Socket.HasEndedSending, Is.EqualTo(second.IsStarted));
        Assert.That(server.Server.PublisherCount, Is.EqualTo(1));
        return second.IsStarted;
    }

    [Test]
    public void Replacing_moves_the_players_over_with_one_clock()
    {
        using var server = new ServerInMemory(
            publish: new() { OnDuplicate = DuplicatePublish.Replace },
            options: new() { Limits = new() { MaxPublishers = 1 } });
        var first = server.Publish();
        var player = server.Play();
        first.Headers();
        first.Key(50_000);
        first.Inter(50_040);
        server.Turn();

        var second = server.Publish();
        second.Headers();
        second.Key(0);
        server.Turn();

        Assert.That(first.Last, Is.EqualTo(StatusCode.PublishIdle));
        Assert.That(first.Socket.HasEndedSending);
        Assert.That(player.Codes, Has.Some.EqualTo(StatusCode.PlayPublishNotify));
        Assert.That(player.Video.Where(seen => !seen.IsHeader).Select(seen => seen.Time),
            Is.EqualTo(new[] { 0, 40, 60 }));
    }

    [Test]
    public void An_encoder_that_publishes_again_on_its_connection_gives_the_old_one_up(
        [Values] DuplicatePublish onDuplicate)
    {
        using var server = new ServerInMemory(publish: new() { OnDuplicate = onDuplicate });
        var publisher = server.Publish();
        publisher.Call(0, "createStream");
        publisher.Call(2, "publish", AmfValue.Of("a"), AmfValue.Of("live"));
        server.Turns(2);
        var player = server.Play();
        publisher.Raw(6, MessageType.Video, 2, 0, [0x17, 1, 0, 0, 0, 9]);
        server.Turn();

        Assert.That(publisher.Codes, Has.None.EqualTo(StatusCode.PublishBadName));
        Assert.That(player.Video.Count(), Is.EqualTo(1));
        Assert.That(server.Server.PublisherCount, Is.EqualTo(1));
        publisher.Socket.Leave();
        server.Turn();
        Assert.That(server.Server.PublisherCount, Is.Zero);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [TestCase(false, 20, "no media at all")]
    [TestCase(true, 10, "no media any more")]
    public void A_publisher_without_media_is_told_and_closed(
        bool hasSent, int seconds, string why)
    {
        using var server = new ServerInMemory();
        var publisher = server.Publish();
        if (hasSent)
            publisher.Sound(0);
        server.Turn();
        server.Turns(seconds - 1, eachMs: 1000);
        Assert.That(server.Server.PublisherCount, Is.EqualTo(1), why);

        server.Turns(2, eachMs: 1000);

        Assert.That(server.Server.PublisherCount, Is.Zero, why);
        Assert.That(publisher.Last, Is.EqualTo(StatusCode.PublishIdle));
        Assert.That(publisher.Socket.HasEndedSending);
    }

    [Test]
    public void A_message_that_RTMP_does_not_know_ends_no_publisher()    // S1.17
    {
        using var server = new ServerInMemory();
        var publisher = server.Publish();

        publisher.Raw(6, (MessageType)255, 1, 0, new byte[1000]);
        publisher.Sound(0);
        server.Turns(3);

        Assert.That(server.Server.PublisherCount, Is.EqualTo(1));
    }

    [Test]
    public void A_silent_publisher_does_not_take_the_connections_other_streams_along()
    {
        using var server = new ServerInMemory();
        var publisher = server.Publish();
        publisher.Call(0, "createStream");
        publisher.Call(2, "publish", AmfValue.Of("b"));
        var player = server.Play("b");
        for (uint second = 0; second < 30; second++)
        {
            publisher.Raw(6, MessageType.Video, 2, second * 1000, [0x17, 1, 0, 0, 0, 9]);
            server.Turn(1000);
        }

        Assert.That(server.Server.PublisherCount, Is.EqualTo(1));
        Assert.That(publisher.Last, Is.EqualTo(StatusCode.PublishIdle));
        Assert.That(player.Video.Count(), Is.EqualTo(30));
    }

    [Test]
    public void A_player_may_come_first()
    {
        using var server = new ServerInMemory();
        var player = server.Play();
        server.Turns(29, eachMs: 1000);
        var publisher = server.Publish();
        publisher.Headers();
        publisher.Inter(700);
        publisher.Key(740);
        publisher.Sound(750);
        server.Turn();

        Assert.That(player.Last, Is.EqualTo(StatusCode.PlayPublishNotify));
        Assert.That(player.Video.Select(seen => (seen.IsKeyframe, seen.Time)),
            Is.EqualTo(new[] { (false, 0u), (true, 0u) }));     // the header, then Q68
        Assert.That(player.Audio.Last().Time, Is.EqualTo(10));
    }

    [TestCase(30, ExpectedResult = false)]
    [TestCase(0, ExpectedResult = true)]                // 0s: for ever
    public bool A_player_waits_for_a_publisher_as_long_as_it_may(int seconds)
    {
        using var server = new ServerInMemory(
            new PlayOptions { WaitTimeout = TimeSpan.FromSeconds(seconds) });
        var player = server.Play();
        server.Turns(50, eachMs: 1000);

        var isThere = server.Server.PlayerCount == 1;
        Assert.That(player.Codes.Contains(StatusCode.PlayStreamNotFound), Is.Not.EqualTo(isThere));
        Assert.That(player.LastWords, isThere
            ? Does.Not.Contain("nobody")
            : Does.Match("nobody published live/a in 3[01] s"));
        return isThere;
    }

    [Test]
    public void A_publisher_may_return_within_the_grace_and_players_end_after_it()
    {
        using var server = new ServerInMemory();
        var publisher = server.Publish();
        var player = server.Play();
        publisher.Key(9_000);
        publisher.Inter(9_040);
        server.Turn();
        publisher.End();
        server.Turns(25, eachMs: 1000);
        var second = server.Publish();
        second.Inter(0);
        second.Key(40);
        server.Turn();
        second.End();
        server.Turns(29, eachMs: 1000);
        Assert.That(player.Codes, Has.None.EqualTo(StatusCode.PlayUnpublishNotify));

        server.Turns(3, eachMs: 1000);

        Assert.That(player.Video.Select(seen => seen.Time), Is.EqualTo(new[] { 0, 40, 100 }));
        Assert.That(player.Last, Is.EqualTo(StatusCode.PlayUnpublishNotify));
        Assert.That(player.Socket.HasEndedSending);
        Assert.That(server.Server.Hub.Count, Is.Zero);
    }

    [Test]
    public void Two_hundred_publishers_and_players_leave_nothing_behind([Values] bool says)
    {
        using var server = new ServerInMemory();
        for (var i = 0; i < 200; i++)
        {
            var player = server.Play();
            var publisher = server.Publish();
            publisher.Headers();
            publisher.Key(0);
            publisher.Sound(0);
            server.Turn();
            Assert.That(player.Seen, Is.Not.Empty);
            if (says)
                publisher.End();
            publisher.Socket.Leave();
            player.Socket.Leave();
            server.Turns(2);                    // last words, then the end
            Assert.That(server.Server.ConnectionCount, Is.Zero);
        }

        Assert.That(server.Pool.Outstanding, Is.Zero);
        Assert.That(server.Server.Hub.Count, Is.Zero);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_thousand_that_join_and_leave_in_a_second_leave_nothing_and_cost_nobody_a_frame()
    {
        using var server = new ServerInMemory();
        var publisher = server.Publish();
        var healthy = server.Play();
        publisher.Headers();
        publisher.Key(0);
        server.Turn();
        var started = server.Server.Loop.NowMs;
        for (var i = 1u; i <= 1000; i++)
        {
            if (i % 40 == 0)
                publisher.Inter(i);
            var hasty = server.Play();
            Assert.That(hasty.Video.Count(), Is.GreaterThan(1), "it has a picture at once");
            hasty.Socket.Leave();
            server.Turn(afterMs: 1);
        }
        server.Turns(2);

        Assert.That(server.Server.Loop.NowMs - started, Is.EqualTo(1000));
        Assert.That(healthy.Video.Count(), Is.EqualTo(2 + 25));
        Assert.That(server.Server.PlayerCount, Is.EqualTo(1));
        Assert.That(server.Pool.Outstanding, Is.EqualTo(2 + 1 + 25), "what is cached, once");
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void Thousands_of_names_that_one_player_asks_for_are_no_more_than_it_plays()
    {
        using var server = new ServerInMemory(options: new ServerOptions
        {
            Rtmp = new RtmpOptions { MaxCommandsPerSecond = 1_000_000 },
        });
        var player = server.Play("name0");
        for (var i = 1; i < 5000; i++)
        {
            player.Call(1, "play", AmfValue.Of($"name{i}"));
            server.Turn();
            Assert.That(server.Server.Hub.Streams.Single().Key.Name, Is.EqualTo($"name{i}"));
        }
        player.Socket.Leave();
        server.Turn();

        Assert.That(server.Server.Hub.Count, Is.Zero);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void Names_that_nobody_publishes_are_forgotten_with_their_players()
    {
        using var server = new ServerInMemory();
        for (var i = 0; i < 100; i++)
        {
            var player = server.Play($"name{i}");
            player.Call(1, "play", AmfValue.Of($"other{i}"));
            server.Turn();
            player.Socket.Leave();
            server.Turn();
        }

        Assert.That(server.Server.Hub.Count, Is.Zero);
        Assert.That(server.Server.PlayerCount, Is.Zero);
    }
}
