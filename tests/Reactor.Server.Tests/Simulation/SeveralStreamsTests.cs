using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Testing.Simulation;

namespace Reactor.Server.Tests.Simulation;

/// <summary>Several publishes and plays on one connection (S1.7), each with its own life.</summary>
[TestFixture]
public sealed class SeveralStreamsTests
{
    private static readonly PublisherPlan Film = new();

    [Test]
    public void Publishes_and_plays_of_one_connection_do_not_touch_each_other()
    {
        using var world = new World(1);
        var peer = Several(
            world,
            new SeatPlan { Stream = "live/a", Publishing = Film },
            new SeatPlan { Stream = "live/b", Publishing = Film with { FirstTimestamp = 9000 } },
            new SeatPlan { Stream = "live/b" },
            new SeatPlan { Stream = "live/c" });
        world.Publish("live/c");
        var player = world.Play("live/a");

        world.Run(10);

        Assert.That(peer.Parts, Has.All.Matches<Part>(part => part.IsRunning));
        foreach (var play in peer.Parts.OfType<PlayPart>())
        {
            Assert.That(play.View.Frames, Is.GreaterThan(600), $"{play}");
            Assert.That(play.View.Gaps, Is.Zero, $"{play}");
        }
        Assert.That(player.View.Frames, Is.GreaterThan(600));
        world.Stop();
    }

    [Test]
    public void The_end_of_one_stream_is_not_the_end_of_its_neighbours([Values] bool takesOver)
    {
        using var world = new World(1);
        var peer = Several(
            world,
            new SeatPlan
            {
                Stream = "live/a",
                Publishing = Film,
                LastsMs = 3000,
                TakesOver = takesOver,
            },
            new SeatPlan { Stream = "live/b", Publishing = Film },
            new SeatPlan { Stream = "live/a", StartMs = 5000, TakesOver = takesOver });
        var player = world.Play("live/b");
        world.Run(4);
        Assert.That(world.Server.PublisherCount, Is.EqualTo(1));
        world.Publish("live/a");

        world.Run(6);

        var again = (PlayPart)peer.Parts[2];
        Assert.That(again.View.Frames, Is.GreaterThan(200));
        Assert.That(player.View.Frames, Is.GreaterThan(600));
        Assert.That(player.View.Gaps, Is.Zero);
        world.Stop();
    }

    [Test]
    public void A_refused_stream_is_told_so_and_its_neighbour_goes_on()
    {
        using var world = new World(1);
        var first = world.Publish("live/a");
        world.Run(2);
        var peer = Several(
            world,
            new SeatPlan { Stream = "live/b", Publishing = Film },
            new SeatPlan { Stream = "live/a", Publishing = Film, StartMs = 1000 });

        world.Run(5);

        Assert.That(peer.Parts[1].Statuses, Is.EqualTo([StatusCode.PublishBadName]));
        Assert.That(peer.Parts[0].IsRunning, Is.True);
        Assert.That(first.IsConnected, Is.True);
        world.Stop();
    }

    [Test]
    public void A_replaced_publish_does_not_run_into_its_neighbour()    // seed 108
    {
        using var world = new World(
            1, Options.With(new PublishOptions { OnDuplicate = DuplicatePublish.Replace }));
        var peer = Several(
            world,
            new SeatPlan { Stream = "live/a", Publishing = Film },
            new SeatPlan { Stream = "live/b", Publishing = Film });
        var player = world.Play("live/b");
        world.Run(3);

        var thief = world.Publish("live/a");
        world.Run(3);

        Assert.That(thief.IsConnected, Is.True);
        Assert.That(peer.Parts[0].Statuses[^1], Is.EqualTo(StatusCode.PublishIdle));
        Assert.That(peer.Parts[1].IsRunning, Is.True);
        Assert.That(player.View.Frames, Is.GreaterThan(350));
        world.Stop();
    }

    [Test]
    public void A_connection_without_any_part_left_stays_until_its_peer_leaves()
    {
        using var world = new World(1);
        var peer = Several(
            world,
            new SeatPlan { Stream = "live/a", Publishing = Film, LastsMs = 2000 },
            new SeatPlan { Stream = "live/b", LastsMs = 2000 });

        world.Run(60);

        Assert.That(peer.IsConnected, Is.True);
        Assert.That(world.Server.Hub.Count, Is.Zero);
        world.Stop();
    }

    private static SeveralPeer Several(World world, params SeatPlan[] seats) =>
        (SeveralPeer)world.Add(new PeerPlan
        {
            Kind = PeerKind.Several,
            Seats = seats,
            Quality = new LinkQuality { LatencyUs = 20_000 },
        });
}
