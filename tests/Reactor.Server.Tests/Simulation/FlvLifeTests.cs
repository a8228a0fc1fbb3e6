using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Configuration;
using Reactor.Testing.Simulation;

namespace Reactor.Server.Tests.Simulation;

/// <summary>The life of a player of FLV over HTTP, held against what was published.</summary>
[TestFixture]
public sealed class FlvLifeTests
{
    [Test]
    public void A_player_sees_every_frame_behind_its_headers([Values] FlvOver over)
    {
        using var world = new World(1);
        world.Publish("live/a");
        world.Run(3);
        var player = world.PlayFlv("live/a", over);

        world.Run(10);

        Assert.That(player.Status, Is.EqualTo(over == FlvOver.WebSocket ? 101 : 200));
        Assert.That(player.View.Frames, Is.GreaterThan(600));
        Assert.That(player.View.Gaps, Is.Zero);
        world.Stop();
    }

    [Test]
    public void A_player_that_came_first_is_answered_with_the_first_frame([Values] FlvOver over)
    {
        using var world = new World(1);
        var player = world.PlayFlv("live/a", over);
        world.Run(10);
        Assert.That(player.Status, Is.Zero);

        world.Publish("live/a");
        world.Run(2);

        Assert.That(player.View.Frames, Is.GreaterThan(100));
        world.Stop();
    }

    [Test]
    public void A_publisher_that_stays_away_ends_the_body_after_its_grace([Values] FlvOver over)
    {
        using var world = new World(1);
        var publisher = world.Publish("live/a");
        var player = world.PlayFlv("live/a", over);
        world.Run(5);
        publisher.Meet(Fate.Leaves);
        var leftAt = world.Time.NowSeconds;

        Assert.That(world.RunUntil(() => player.HasEnded, 40), Is.True);

        Assert.That(player.Part.Statuses, Is.EqualTo([StatusCode.PlayUnpublishNotify]));
        Assert.That(player.EndedAt - leftAt, Is.InRange(30, 30.4));
        world.Stop();
    }

    [Test]
    public void A_slow_one_loses_frames_and_nobody_else_does([Values] FlvOver over)
    {
        using var world = new World(1);
        world.Publish("live/a", new PublisherPlan { FrameBytes = 4000 });
        var healthy = world.PlayFlv("live/a", over);
        var rtmp = world.Play("live/a");
        var slow = world.PlayFlv(
            "live/a", over, new PlayerPlan { Appetite = Appetite.Slow, BytesPerSecond = 60_000 });

        world.Run(120);

        Assert.That(slow.View.Gaps, Is.Positive);
        Assert.That(slow.View.Frames, Is.GreaterThan(1000));
        Assert.That(healthy.View.Gaps + rtmp.View.Gaps, Is.Zero);
        world.Stop();
    }

    /// <summary>Seed 7001331: the goodbye of the stop was written behind the FIN.</summary>
    [Test]
    public void A_stop_has_nothing_to_add_to_an_end_that_was_told([Values] FlvOver over)
    {
        using var world = new World(1);
        var publisher = world.Publish("live/a");
        var player = world.PlayFlv("live/a", over);
        world.Run(5);
        player.Meet(Fate.FallsSilent);
        publisher.Meet(Fate.Leaves);

        Assert.That(world.RunUntil(() => world.Server.PlayerCount == 0, 40), Is.True);
        world.Run(0.5);
        world.Stop();

        Assert.That(world.Server.Loop.Faults, Is.Zero);
    }

    /// <summary>Seed 14: a tag is three pieces, and a write of two could not take one.</summary>
    [Test]
    public void The_smallest_write_that_may_be_configured_takes_a_tag([Values] FlvOver over)
    {
        var options = new ServerOptions { Reactor = new ReactorOptions { IovMax = 4 } };
        using var world = new World(1, options);
        world.Publish("live/a");
        var player = world.PlayFlv("live/a", over);

        world.Run(5);

        Assert.That(player.View.Frames, Is.GreaterThan(300));
        var errors = Config.Errors("{ \"reactor\": { \"iov_max\": 3 } }");
        Assert.That(errors, Is.Not.Empty);
        world.Stop();
    }

    [Test]
    public void Five_hundred_players_see_every_frame()
    {
        using var world = new World(1);
        var publisher = world.Publish("live/a");
        var players = Enumerable.Range(0, 500)
            .Select(i => world.PlayFlv("live/a", i % 3 == 0 ? FlvOver.Close : FlvOver.Chunks))
            .ToList();

        world.Run(8);

        var sent = publisher.Publication!.Messages.Count;
        Assert.That(sent, Is.GreaterThan(500));
        Assert.That(players.Select(player => player.Status), Is.All.EqualTo(200));
        Assert.That(players.Sum(player => player.View.Gaps), Is.Zero);
        Assert.That(
            players.Select(player => player.View.Frames), Is.All.InRange(sent - 10, sent));
        world.Stop();
    }
}
