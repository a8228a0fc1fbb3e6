using NUnit.Framework;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Testing.Simulation;

namespace Reactor.Server.Tests.Simulation;

/// <summary>What simulated worlds have found, small enough to be read.</summary>
[TestFixture]
public sealed class RegressionTests
{
    /// <summary>
    /// Seed 218: a deadline of the session ran on and cut the farewell with a reset.
    /// </summary>
    [Test]
    public void A_farewell_is_not_cut_short_by_the_deadline_of_connect()
    {
        var options = new ServerOptions();
        using var world = new World(1, options with
        {
            Defaults = options.Defaults with
            {
                Publish = new PublishOptions { OnDuplicate = DuplicatePublish.Replace },
            },
        });
        var first = (PublisherPeer)world.Add(new PeerPlan
        {
            Kind = PeerKind.Publisher,
            Quality = new LinkQuality { LatencyUs = 300_000 },
        });
        world.Run(20);

        var second = world.Publish("live/a");
        Assert.That(world.RunUntil(() => second.StartedAt > 0, 1), Is.True);
        world.Run(0.55);
        Assert.That(world.Server.ConnectionCount, Is.EqualTo(2), "it still hears the first out");
        world.Run(0.2);

        Assert.That(first.Statuses, Has.Member(StatusCode.PublishIdle));
        Assert.That(first.HasEnded, Is.True);
        world.Stop();
    }

    /// <summary>
    /// Seed 8003924: a stop at once, while the disk still wrote, left what waited behind it.
    /// </summary>
    [Test]
    public void A_stop_at_once_with_a_write_under_way_leaves_no_packet_behind()
    {
        var options = new ServerOptions();
        using var world = new World(1, options with
        {
            Defaults = options.Defaults with { Record = [new RecordOptions { MinFree = 0 }] },
        });
        world.Publish("live/a");
        world.Run(3);
        world.DiskFaults = new DiskFaults { Slow = 1000 };
        Assert.That(world.RunUntil(() => world.Server.Files.Outstanding > 0, 2), Is.True);
        world.Run(0.1);                                 // frames gather behind the write
        Assert.That(world.Server.Files.Outstanding, Is.GreaterThan(0), "it is under way still");

        world.StopNow();
    }
}
