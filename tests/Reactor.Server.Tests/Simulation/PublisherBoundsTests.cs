using System;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Testing.Simulation;

namespace Reactor.Server.Tests.Simulation;

/// <summary>What an app allows its publishers: how long, how much, and for whom.</summary>
[TestFixture]
public sealed class PublisherBoundsTests
{
    [Test]
    public void Kickoff_for_idle_counts_from_when_the_last_viewer_leaves(
        [Values("rtmp", "flv", "hls")] string way)
    {
        using var world = new World(1, Options.With(
            new PublishOptions { KickoffForIdle = TimeSpan.FromSeconds(8) }));
        var publisher = world.Publish("live/a");
        Testing.Simulation.Peer viewer = way switch
        {
            "rtmp" => world.Play("live/a"),
            "flv" => world.PlayFlv("live/a", FlvOver.Chunks),
            _ => world.PlayHls("live/a"),
        };
        world.Run(60);
        Assert.That(publisher.IsConnected, Is.True, "somebody watches");

        viewer.Meet(Fate.Leaves);
        var leftAt = world.Time.NowSeconds;
        Assert.That(world.RunUntil(() => publisher.HasEnded, 120), Is.True);

        // A viewer of HLS is one until it has not asked for a while.
        Assert.That(
            publisher.EndedAt - leftAt, way == "hls" ? Is.InRange(8, 90) : Is.InRange(7.9, 8.5));
        Assert.That(world.Server.Struck[Limit.KickoffForIdle], Is.EqualTo(1));
        world.Stop();
    }

    [Test]
    public void Kickoff_for_idle_begins_when_it_is_configured()
    {
        using var world = new World(1);
        var publisher = world.Publish("live/a");
        world.Run(30);

        world.Server.Reload(Options.With(
            new PublishOptions { KickoffForIdle = TimeSpan.FromSeconds(8) }));
        var changedAt = world.Time.NowSeconds;
        Assert.That(world.RunUntil(() => publisher.HasEnded, 30), Is.True);

        Assert.That(publisher.EndedAt - changedAt, Is.InRange(7.9, 8.5));
        world.Stop();
    }

    [Test]
    public void Max_duration_is_how_long_somebody_publishes_at_once([Values(7, 60)] int seconds)
    {
        using var world = new World(1, Options.With(
            new PublishOptions { MaxDuration = TimeSpan.FromSeconds(seconds) }));

        PublishUntil(world, Limit.MaxDuration, strikes: seconds < 30, afterSeconds: 7);
    }

    /// <summary>The rate of this world's publisher is measured in another one like it.</summary>
    [Test]
    public void Max_bitrate_is_what_somebody_sends_over_ten_seconds(
        [Values(0.9, 1.1)] double share)
    {
        var rate = BitsPerSecond();
        using var world = new World(1, Options.With(
            new PublishOptions { MaxBitrate = (long)(rate * share) }));

        PublishUntil(world, Limit.MaxBitrate, strikes: share < 1, afterSeconds: 10);
    }

    /// <summary>Publishes for 30 seconds, unless a limit strikes.</summary>
    private static void PublishUntil(World world, Limit limit, bool strikes, double afterSeconds)
    {
        var publisher = world.Publish("live/a");

        var hasEnded = world.RunUntil(() => publisher.HasEnded, 30);

        Assert.That(hasEnded, Is.EqualTo(strikes));
        Assert.That(world.Server.Struck[limit], Is.EqualTo(hasEnded ? 1 : 0));
        if (hasEnded)
        {
            Assert.That(
                publisher.EndedAt - publisher.StartedAt,
                Is.InRange(afterSeconds, afterSeconds + 0.5));
        }
        world.Stop();
    }

    private static double BitsPerSecond()
    {
        using var world = new World(1);
        world.Publish("live/a");
        world.Run(30);
        var stream = world.Server.Hub.Find(new("live", "a"))!;
        return stream.BytesIn * 8 / 30.0;
    }
}
