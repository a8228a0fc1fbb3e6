using System;
using NUnit.Framework;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Testing.Simulation;

namespace Reactor.Server.Tests.Simulation;

/// <summary>The life of a player, to the second.</summary>
[TestFixture]
public sealed class PlayerLifeTests
{
    [Test]
    public void A_player_that_came_before_its_publisher_plays_from_the_first_frame()
    {
        using var world = new World(1);
        var player = world.Play("live/a");
        world.Run(15);
        Assert.That(player.View.Frames, Is.Zero);

        var publisher = world.Publish("live/a");
        world.Run(5);

        Assert.That(player.Statuses, Has.Member(StatusCode.PlayPublishNotify));
        Assert.That(
            player.View.Frames, Is.InRange(publisher.Publication!.Messages.Count - 10, 400));
        world.Stop();
    }

    [Test]
    public void A_player_for_whom_nothing_comes_is_told_and_closed_after_30_seconds()
    {
        using var world = new World(1);
        var player = world.Play("live/a");

        Assert.That(world.RunUntil(() => player.HasEnded, 40), Is.True);

        Assert.That(player.Statuses[^1], Is.EqualTo(StatusCode.PlayStreamNotFound));
        Assert.That(player.EndedAt - player.StartedAt, Is.InRange(30, 30.4));
        world.Stop();
    }

    [Test]
    public void Without_idle_streams_a_player_of_nothing_is_refused_at_once()
    {
        using var world = new World(1, Options.With(new PlayOptions { IdleStreams = false }));
        var player = world.Play("live/a");

        Assert.That(world.RunUntil(() => player.HasEnded, 3), Is.True);

        Assert.That(player.Statuses, Is.EqualTo([StatusCode.PlayStreamNotFound]));
        Assert.That(player.StartedAt, Is.Zero);
        world.Stop();
    }

    [Test]
    public void A_joiner_has_headers_and_a_picture_in_the_first_instant()
    {
        using var world = new World(1);
        world.Publish("live/a");
        world.Run(9);
        var player = world.Play("live/a");
        Assert.That(world.RunUntil(() => player.StartedAt > 0, 1), Is.True);

        world.Run(0.05);

        Assert.That(player.View.Frames, Is.GreaterThan(10));
        Assert.That(player.View.Gaps, Is.Zero);
        world.Stop();
    }

    [Test]
    public void A_player_that_takes_no_byte_is_closed_and_nobody_else_notices()
    {
        using var world = new World(1);
        world.Publish("live/a", new PublisherPlan { FrameBytes = 20_000 });
        var healthy = world.Play("live/a");
        var stalled = world.Play(
            "live/a", new PlayerPlan { Appetite = Appetite.Stalled, StallMs = 5000 });

        Assert.That(world.RunUntil(() => world.Server.PlayerCount == 1, 40), Is.True);

        // Half a second fills what lies between; from then on it takes no byte.
        Assert.That(world.Time.NowUs - stalled.StartedUs, Is.InRange(15_000_000, 17_000_000));
        Assert.That(healthy.View.Gaps, Is.Zero);
        Assert.That(healthy.DelayMax, Is.LessThan(0.02));
        world.Stop();
    }

    [Test]
    public void A_slow_player_loses_frames_and_nobody_else_does()
    {
        using var world = new World(1);
        world.Publish("live/a", new PublisherPlan { FrameBytes = 4000 });
        var healthy = world.Play("live/a");
        var slow = world.Play(
            "live/a", new PlayerPlan { Appetite = Appetite.Slow, BytesPerSecond = 60_000 });

        world.Run(120);

        Assert.That(slow.View.Gaps, Is.Positive);
        Assert.That(slow.View.Frames, Is.GreaterThan(1000));
        Assert.That(healthy.View.Gaps, Is.Zero);
        Assert.That(healthy.DelayMax, Is.LessThan(0.02));
        world.Stop();
    }

    [Test]
    public void A_paused_player_is_kept_and_resumes_at_a_keyframe()
    {
        using var world = new World(1);
        world.Publish("live/a");
        var player = world.Play("live/a", new PlayerPlan { PauseMs = 40_000 });

        world.Run(100);

        Assert.That(player.IsConnected, Is.True);
        Assert.That(player.View.Frames, Is.InRange(3600, 4400));    // 60 of 100 seconds
        world.Stop();
    }

    [Test]
    public void A_player_switches_between_streams_on_one_connection()
    {
        using var world = new World(1);
        world.Publish("live/a");
        world.Publish("live/b");
        var player = world.Play(
            "live/a", new PlayerPlan { OtherStream = "live/b", SwitchMs = 3000 });

        world.Run(3.5);
        Assert.That(player.View.Stream, Is.EqualTo("live/b"));
        Assert.That(player.View.Frames, Is.Positive);
        world.Run(3);
        Assert.That(player.View.Stream, Is.EqualTo("live/a"));
        Assert.That(player.View.Frames, Is.Positive);
        world.Stop();
    }

    [Test]
    public void An_app_that_is_not_configured_is_refused()
    {
        using var world = new World(1, new ServerOptions { Apps = new AppTable([]) });
        var player = world.Play("live/a");
        var publisher = world.Publish("live/a");

        world.Run(3);

        Assert.That(player.Statuses, Is.EqualTo([StatusCode.PlayStreamNotFound]));
        Assert.That(publisher.Statuses, Does.Contain(StatusCode.PublishBadName));
        Assert.That(world.Server.ConnectionCount, Is.Zero);
        world.Stop();
    }

    [Test]
    public void A_wait_of_any_length_is_configured()
    {
        using var world = new World(
            1, Options.With(new PlayOptions { WaitTimeout = TimeSpan.FromSeconds(3) }));
        var player = world.Play("live/a");

        Assert.That(world.RunUntil(() => player.HasEnded, 40), Is.True);

        Assert.That(player.EndedAt - player.StartedAt, Is.InRange(3, 3.4));
        world.Stop();
    }
}
