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
    public void Programs_are_started_where_a_stream_is_published_and_nowhere_else()
    {
        using var two = TwoServers.InCluster(1, new ServerOptions
        {
            Defaults = new StreamOptions
            {
                Exec = new ExecOptions
                {
                    ExecPush = [new ExecRule([SimulatedProgram.Push, "{app}", "{stream}"])],
                    ExecPublish = [new ExecRule([SimulatedProgram.Once])],
                },
            },
        });
        two.Origin.Ledger.Relay("live/a", "live/a");
        two.Origin.Publish("live/a");
        var player = two.Edge.Play("live/a");
        two.Run(5);

        Assert.That(player.View.Frames, Is.Positive, "it is fetched");
        Assert.That(two.Origin.Programs.All, Has.Count.EqualTo(1));
        Assert.That(two.Edge.Programs.All, Is.Empty);
        Assert.That(two.Edge.Server.ProgramCount, Is.Zero);
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

    [TestCase(DuplicatePublish.Reject, true)]
    [TestCase(DuplicatePublish.Replace, false)]
    public void A_name_that_is_live_at_another_server_is_taken_only_by_who_replaces(
        DuplicatePublish onDuplicate, bool staysAtFirst)
    {
        using var two = InCluster(onDuplicate);
        var first = two.Origin.Publish("live/a");
        two.Run(5);
        var second = two.Edge.Publish("live/a");
        two.Run(12);

        Assert.That(first.Publication?.IsLive == true, Is.EqualTo(staysAtFirst));
        Assert.That(second.Publication?.IsLive == true, Is.EqualTo(!staysAtFirst));
        Assert.That(
            two.Origin.Redis!.Find("reactor:stream:live/a"),
            Is.EqualTo(staysAtFirst ? "10.2.0.1:1935" : "10.2.0.2:1935"));
        two.Stop();
    }

    [Test]
    public void Who_comes_from_a_server_that_was_killed_has_its_name_before_the_lease_ends()
    {
        using var two = InCluster(DuplicatePublish.Reject);
        two.Origin.ComesBackTo = null;
        var first = two.Origin.Publish("live/a");
        two.Run(5);
        first.Meet(Fate.FallsSilent);
        two.Origin.Kill(downSeconds: 60);
        var second = two.Edge.Publish("live/a");
        two.Run(6);

        Assert.That(second.Publication?.IsLive, Is.True);
        Assert.That(
            two.Origin.Redis!.Find("reactor:stream:live/a"), Is.EqualTo("10.2.0.2:1935"));
        two.Stop();
    }

    [Test]
    public void Who_comes_from_a_publisher_that_has_fallen_silent_has_its_name()
    {
        using var two = InCluster(DuplicatePublish.Reject);
        var first = two.Origin.Publish("live/a");
        two.Run(5);
        first.Meet(Fate.FallsSilent);
        two.Run(5);                             // longer than replace_stale
        var second = two.Edge.Publish("live/a");
        two.Run(1);

        Assert.That(second.Publication?.IsLive, Is.True);
        Assert.That(
            two.Origin.Redis!.Find("reactor:stream:live/a"), Is.EqualTo("10.2.0.2:1935"));
        two.Stop();
    }

    private static TwoServers InCluster(DuplicatePublish onDuplicate)
    {
        var two = TwoServers.InCluster(1, new ServerOptions
        {
            Defaults = new StreamOptions
            {
                Publish = new PublishOptions { OnDuplicate = onDuplicate },
            },
        });
        two.Origin.Ledger.Relay("live/a", "live/a");
        return two;
    }
}
