using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Testing.Simulation;
using SimulatedPeer = Reactor.Testing.Simulation.Peer;

namespace Reactor.Server.Tests.Simulation;

/// <summary>Deadlines, limits and ends of connections, to the second.</summary>
[TestFixture]
public sealed class ConnectionLifeTests
{
    [TestCase(Mischief.Silence, 10)]
    [TestCase(Mischief.HalfHandshake, 10)]
    [TestCase(Mischief.Slowloris, 10)]
    public void A_handshake_has_10_seconds_in_all(Mischief mischief, double seconds)
    {
        using var world = new World(1);
        var stranger = Add(world, mischief);

        Assert.That(world.RunUntil(() => stranger.HasEnded, 60), Is.True);

        Assert.That(Lasted(stranger), Is.InRange(seconds, seconds + 0.4));
        world.Stop();
    }

    [Test]
    public void Another_protocol_is_closed_at_once()
    {
        using var world = new World(1);
        var stranger = Add(world, Mischief.Http);

        Assert.That(world.RunUntil(() => stranger.HasEnded, 60), Is.True);

        Assert.That(Lasted(stranger), Is.LessThan(1));
        world.Stop();
    }

    [Test]
    public void Connect_has_15_seconds_after_the_handshake()
    {
        using var world = new World(1);
        var stranger = Add(world, Mischief.Greeting);

        Assert.That(world.RunUntil(() => stranger.HasEnded, 60), Is.True);

        Assert.That(Lasted(stranger), Is.InRange(15, 15.6));
        world.Stop();
    }

    [Test]
    public void Publish_or_play_has_30_seconds_after_connect()
    {
        using var world = new World(1);
        var stranger = Add(world, Mischief.Connecting);

        Assert.That(world.RunUntil(() => stranger.HasEnded, 60), Is.True);

        Assert.That(Lasted(stranger), Is.InRange(30, 30.8));
        world.Stop();
    }

    [Test]
    public void A_healthy_player_answers_pings_and_stays()
    {
        using var world = new World(1);
        world.Publish("live/a", new PublisherPlan { FramesPerSecond = 5, FrameBytes = 100 });
        var player = world.Play("live/a");

        world.Run(400);

        Assert.That(player.IsConnected, Is.True);
        world.Stop();
    }

    [Test]
    public void A_peer_that_is_silent_is_pinged_after_60_seconds_and_closed_30_later()
    {
        // Without this the player that takes no byte would go first.
        using var world = new World(
            1, Options.With(new PlayOptions { SendTimeout = TimeSpan.FromHours(1) }));
        world.Publish("live/a", new PublisherPlan { FramesPerSecond = 5, FrameBytes = 100 });
        var player = world.Play("live/a");
        world.Run(5);
        player.Meet(Fate.FallsSilent);
        var silentAt = world.Time.NowSeconds;

        Assert.That(world.RunUntil(() => world.Server.PlayerCount == 0, 200), Is.True);

        // It has acknowledged bytes until it fell silent, so the pause begins a little earlier.
        Assert.That(world.Time.NowSeconds - silentAt, Is.InRange(84, 91));
        world.Stop();
    }

    [Test]
    public void No_more_connections_than_allowed_are_open([Values(1, 3)] int allowed)
    {
        var limits = new LimitsOptions { MaxConnections = allowed };
        using var world = new World(1, Options.With(limits));
        world.Publish("live/a");
        world.Run(1);
        for (var i = 0; i < 4; i++)
            world.Play("live/a");

        world.Run(2);

        Assert.That(world.Server.ConnectionCount, Is.EqualTo(allowed));
        Assert.That(world.Server.Refused, Is.EqualTo(5 - allowed));
        world.Peers[0].Meet(Fate.Leaves);
        world.Run(1);
        var late = world.Play("live/a");
        world.Run(1);
        Assert.That(late.IsConnected, Is.True);
        world.Stop();
    }

    [Test]
    public void No_more_publishers_than_allowed_publish()
    {
        using var world = new World(1, Options.With(new LimitsOptions { MaxPublishers = 2 }));
        var publishers = Enumerable.Range(0, 4)
            .Select(i => world.Publish($"live/{i}"))
            .ToArray();

        world.Run(3);

        Assert.That(publishers.Count(publisher => publisher.StartedAt > 0), Is.EqualTo(2));
        Assert.That(world.Server.ConnectionCount, Is.EqualTo(2));
        world.Stop();
    }

    [Test]
    public void No_more_players_than_allowed_play()
    {
        using var world = new World(1, Options.With(new LimitsOptions { MaxPlayers = 2 }));
        var players = Enumerable.Range(0, 4).Select(_ => world.Play("live/a")).ToArray();

        world.Run(3);

        Assert.That(players.Count(player => player.StartedAt > 0), Is.EqualTo(2));
        Assert.That(world.Server.ConnectionCount, Is.EqualTo(2));
        world.Stop();
    }

    [Test]
    public void A_stop_tells_everybody_and_leaves_nothing()
    {
        using var world = new World(1);
        var publisher = world.Publish("live/a");
        var player = world.Play("live/a");
        world.Run(5);

        world.Stop();

        Assert.That(publisher.Statuses, Does.Contain("NetStream.Unpublish.Success"));
        Assert.That(player.Statuses, Does.Contain("NetStream.Play.UnpublishNotify"));
    }

    [Test]
    public void A_stop_does_not_wait_for_those_who_do_not_listen()
    {
        using var world = new World(1);
        world.Publish("live/a", new PublisherPlan { FrameBytes = 20_000 });
        world.Play("live/a", new PlayerPlan { Appetite = Appetite.Stalled, StallMs = 1000 });
        world.Run(5);
        var stoppedAt = world.Time.NowSeconds;

        world.Stop();

        Assert.That(world.Time.NowSeconds - stoppedAt, Is.InRange(1.9, 2.1));
    }

    [Test]
    public void A_stop_at_once_leaves_nothing_either()
    {
        using var world = new World(1);
        world.Publish("live/a");
        world.Play("live/a");
        world.Run(5);

        world.StopNow();

        Assert.That(world.Server.IsStopped, Is.True);
    }

    [Test]
    public void Accepting_recovers_from_a_shortage_of_descriptors()
    {
        using var world = new World(1);
        world.Publish("live/a");
        world.Run(1);
        world.Network.IsDry = true;
        var turnedAway = world.Play("live/a");
        world.Run(1);
        world.Network.IsDry = false;

        var player = world.Play("live/a");
        world.Run(1);

        Assert.That(turnedAway.HasEnded, Is.True);
        Assert.That(player.View.Frames, Is.Positive);
        world.Stop();
    }

    [Test]
    public void A_frozen_machine_expires_nobody()
    {
        using var world = new World(1);
        var publisher = world.Publish("live/a");
        var player = world.Play("live/a");
        world.Run(5);

        world.Freeze(12);
        world.Run(5);

        Assert.That(publisher.IsConnected, Is.True);
        Assert.That(player.IsConnected, Is.True);
        Assert.That(player.View.Gaps, Is.Zero);
        world.Stop();
    }

    private static SimulatedPeer Add(World world, Mischief mischief) => world.Add(
        new PeerPlan { Kind = PeerKind.Stranger, Mischief = mischief, Seed = 7 });

    private static double Lasted(SimulatedPeer peer) => peer.EndedAt - (peer.StartedUs / 1e6);
}
