using System.Linq;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Testing.Simulation;

namespace Reactor.Server.Tests.Simulation;

/// <summary>An operator in a world of publishers and players.</summary>
[TestFixture]
public sealed class OperatorTests
{
    [Test]
    public void Who_is_kicked_is_gone_and_may_come_back([Range(1, 5)] int seed)
    {
        using var world = new World(seed);
        world.Publish("live/a");
        world.Play("live/a");
        world.PlayFlv("live/a", FlvOver.Chunks);
        world.Add(new PeerPlan { Kind = PeerKind.Operator, Seed = seed });

        world.Run(60);

        Assert.That(world.Peers.Count(peer => peer.WasEnded), Is.Positive, "some were kicked");
        Assert.That(world.Server.PublisherCount + world.Server.PlayerCount, Is.GreaterThan(1));
        world.Stop();
    }

    [Test]
    public void Who_watches_by_HLS_and_is_ended_is_refused()
    {
        var refused = 0;
        for (var seed = 1; seed <= 5; seed++)
        {
            using var world = new World(seed);
            world.Publish("live/a");
            for (var i = 0; i < 3; i++)
                world.PlayHls("live/a");
            world.Add(new PeerPlan { Kind = PeerKind.Operator, Seed = seed });
            world.Run(60);
            refused += world.Peers.OfType<HlsPeer>().Count(peer => peer.WasRefused);
            world.Stop();
        }
        Assert.That(refused, Is.Positive);
    }

    [Test]
    public void Who_is_moved_sees_the_other_stream_and_nothing_more_of_the_first(
        [Range(1, 5)] int seed)
    {
        using var world = new World(seed);
        world.Publish("live/a");
        world.Publish("live/b");
        world.Play("live/a");
        world.Play("live/b");
        world.PlayFlv("live/a", FlvOver.Chunks);
        world.Add(new PeerPlan { Kind = PeerKind.Operator, Seed = seed });

        var isMoved = world.RunUntil(
            () => world.Parts.OfType<PlayPart>().Any(part => part.Stream != part.Owner.Plan.Stream),
            secondsMax: 200);
        world.Run(10);

        Assert.That(isMoved, Is.True);
        world.Checks.EverybodyIsServed();
        world.Stop();
    }

    [Test]
    public void Lowered_limits_end_nobody_and_hold_for_newcomers()
    {
        var options = new ServerOptions();
        using var world = new World(1, options);
        world.Publish("live/a");
        var first = world.Play("live/a");
        var second = world.Play("live/a");
        world.Run(5);

        world.Reload(options with { Limits = options.Limits with { MaxPlayers = 1 } });
        world.Run(1);
        var third = world.Play("live/a");
        world.Run(5);

        Assert.That(first.HasEnded || second.HasEnded, Is.False);
        Assert.That(first.View.Gaps + second.View.Gaps, Is.Zero);
        Assert.That(third.StartedAt, Is.Zero);
        Assert.That(third.HasEnded, Is.True);
        world.Stop();
    }
}
