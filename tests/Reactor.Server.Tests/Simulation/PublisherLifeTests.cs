using NUnit.Framework;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Testing.Simulation;

namespace Reactor.Server.Tests.Simulation;

/// <summary>The life of a publisher, to the second; the server looks every 200 ms.</summary>
[TestFixture]
public sealed class PublisherLifeTests
{
    private static readonly PublisherPlan Mute = new() { IsMute = true };

    [Test]
    public void A_publisher_without_a_first_frame_is_closed_after_20_seconds()
    {
        using var world = new World(1);
        var publisher = world.Publish("live/a", Mute);

        Assert.That(world.RunUntil(() => publisher.HasEnded, 30), Is.True);

        Assert.That(publisher.Statuses[^1], Is.EqualTo(StatusCode.PublishIdle));
        Assert.That(publisher.EndedAt - publisher.StartedAt, Is.InRange(20, 20.4));
        world.Stop();
    }

    [Test]
    public void A_publisher_that_falls_silent_is_closed_after_10_seconds()
    {
        using var world = new World(1);
        var publisher = world.Publish("live/a");
        world.Run(5);
        var silentAt = world.Time.NowSeconds;
        publisher.IsSilent = true;

        Assert.That(world.RunUntil(() => publisher.HasEnded, 30), Is.True);

        Assert.That(publisher.Statuses[^1], Is.EqualTo(StatusCode.PublishIdle));
        Assert.That(publisher.EndedAt - silentAt, Is.InRange(9.9, 10.4));
        world.Stop();
    }

    [Test]
    public void A_second_publisher_is_refused_and_the_first_goes_on()
    {
        using var world = new World(1);
        var first = world.Publish("live/a");
        var player = world.Play("live/a");
        world.Run(5);

        var second = world.Publish("live/a");
        Assert.That(world.RunUntil(() => second.HasEnded, 5), Is.True);
        var seen = player.View.Frames;
        world.Run(5);

        Assert.That(second.StartedAt, Is.Zero);
        Assert.That(second.Statuses, Has.Member(StatusCode.PublishBadName));
        Assert.That(first.IsConnected, Is.True);
        Assert.That(player.View.Frames, Is.GreaterThan(seen + 300));
        world.Stop();
    }

    [Test]
    public void A_publisher_silent_for_3_seconds_may_be_replaced([Values(1.5, 3.1)] double seconds)
    {
        using var world = new World(1);
        var first = world.Publish("live/a");
        world.Run(5);
        first.IsSilent = true;
        world.Run(seconds);

        var second = world.Publish("live/a");
        world.Run(1);

        var isStale = seconds > 3;
        Assert.That(second.StartedAt > 0, Is.EqualTo(isStale));
        Assert.That(first.HasEnded, Is.EqualTo(isStale));
        world.Stop();
    }

    [Test]
    public void A_publisher_takes_the_name_over_where_replacing_is_configured()
    {
        using var world = new World(
            1, Options.With(new PublishOptions { OnDuplicate = DuplicatePublish.Replace }));
        var first = world.Publish("live/a");
        var player = world.Play("live/a");
        world.Run(5);
        var time = player.View.TimeOf(track: 0);

        var second = world.Publish("live/a");
        world.Run(5);

        Assert.That(first.Statuses[^1], Is.EqualTo(StatusCode.PublishIdle));
        Assert.That(second.IsConnected, Is.True);
        Assert.That(player.View.Publication, Is.SameAs(second.Publication));
        Assert.That(player.View.TimeOf(track: 0) - time, Is.InRange(4500, 5500));
        world.Stop();
    }

    [Test]
    public void A_player_goes_on_when_the_publisher_returns_within_the_grace()
    {
        using var world = new World(1);
        var first = world.Publish("live/a");
        var player = world.Play("live/a");
        world.Run(10);
        var time = player.View.TimeOf(track: 0);
        first.Meet(Fate.Leaves);
        world.Run(20);
        Assert.That(player.IsConnected, Is.True);

        var second = world.Publish("live/a", new PublisherPlan { FirstTimestamp = 7_000_000 });
        world.Run(5);

        Assert.That(player.View.Publication, Is.SameAs(second.Publication));
        Assert.That(player.Statuses[^1], Is.EqualTo(StatusCode.PlayPublishNotify));
        Assert.That(player.View.TimeOf(track: 0) - time, Is.InRange(4900, 5100));
        world.Stop();
    }

    [Test]
    public void A_player_is_told_and_closed_when_the_publisher_stays_away_for_the_grace()
    {
        using var world = new World(1);
        var publisher = world.Publish("live/a");
        var player = world.Play("live/a");
        world.Run(10);
        publisher.Meet(Fate.Leaves);
        var leftAt = world.Time.NowSeconds;

        Assert.That(world.RunUntil(() => player.HasEnded, 40), Is.True);

        Assert.That(player.Statuses[^1], Is.EqualTo(StatusCode.PlayUnpublishNotify));
        Assert.That(player.EndedAt - leftAt, Is.InRange(30, 30.4));
        world.Stop();
    }

    [Test]
    public void Two_hundred_publishers_come_and_go_and_leave_nothing_behind()
    {
        using var world = new World(1);
        var player = world.Play("live/a");
        for (var i = 0; i < 200; i++)
        {
            var fate = (Fate)(1 + (i % 4));     // leaves, closes, half-closes, breaks
            var publisher = world.Publish("live/a");
            Assert.That(world.RunUntil(() => publisher.Publication is not null, 1), Is.True);
            world.Run(0.5);
            publisher.Meet(fate);
            Assert.That(world.RunUntil(() => world.Server.PublisherCount == 0, 1), Is.True);
        }

        Assert.That(player.View.Publication!.Id, Is.EqualTo(199));
        Assert.That(world.Server.Loop.Pool.Outstanding, Is.Zero);
        world.Run(3);
        Assert.That(world.Server.ConnectionCount, Is.EqualTo(1));
        world.Stop();
    }
}
