using System;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Testing.Simulation;

namespace Reactor.Server.Tests.Simulation;

/// <summary>Two servers with one Redis, each a whole one.</summary>
[TestFixture]
public sealed class ClusterTests
{
    [Test]
    public void A_publisher_that_takes_over_what_was_fetched_is_found_by_the_other_server()
    {
        using var two = TwoServers.InCluster(1, new ServerOptions
        {
            Defaults = new StreamOptions
            {
                Publish = new PublishOptions
                {
                    Grace = TimeSpan.FromSeconds(30),
                    ReplaceStale = TimeSpan.FromSeconds(5),
                },
            },
        });
        two.Origin.Ledger.Relay("live/a", "live/a");
        var first = two.Origin.Publish("live/a");
        var player = two.Edge.Play("live/a");
        two.Run(5);
        Assert.That(player.View.Frames, Is.Positive, "it is fetched");
        first.Meet(Fate.Leaves);
        two.Run(7);                             // it may return, and nothing comes

        two.Edge.Publish("live/a");
        var other = two.Origin.Play("live/a");
        two.Run(8);

        Assert.That(other.View.Publication, Is.Not.Null.And.Not.SameAs(first.Publication));
        Assert.That(
            two.Origin.Time.NowUs - other.View.LatestSentUs, Is.LessThan(1_000_000));
        two.Stop();
    }

    [Test]
    public void A_name_is_given_back_by_a_stop_and_by_a_lease_that_ends()
    {
        using var two = TwoServers.InCluster(1, new ServerOptions
        {
            Cluster = new ClusterOptions { Lease = TimeSpan.FromSeconds(3) },
        });
        two.Origin.Ledger.Relay("live/a", "live/a");
        var redis = two.Origin.Redis!;
        two.Origin.ComesBackTo = null;
        var first = two.Origin.Publish("live/a");
        two.Run(2);
        Assert.That(redis.Find("reactor:stream:live/a"), Is.EqualTo("10.2.0.1:1935"));

        first.Meet(Fate.FallsSilent);           // so that nobody comes back
        two.Origin.Kill(downSeconds: 0.1);
        two.Run(2);
        Assert.That(redis.Names, Is.Not.Empty);
        two.Run(2);
        Assert.That(redis.Names, Is.Empty);

        two.Edge.Publish("live/a");
        two.Run(2);
        Assert.That(redis.Find("reactor:stream:live/a"), Is.EqualTo("10.2.0.2:1935"));
        two.Stop();
        Assert.That(redis.Names, Is.Empty);
    }
}
