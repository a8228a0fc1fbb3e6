using System.Linq;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Testing.Simulation;

namespace Reactor.Server.Tests.Simulation;

/// <summary>The life of a viewer of HLS, held against what was published.</summary>
[TestFixture]
public sealed class HlsLifeTests
{
    [Test]
    public void A_viewer_sees_every_frame_once_and_in_order(
        [Values(HlsType.Ts, HlsType.Fmp4)] HlsType type)
    {
        using var world = NewWorld(1, type);
        world.Publish("live/a");
        world.Run(3);
        var viewer = world.PlayHls("live/a");

        world.Run(30);

        Assert.That(viewer.Segments, Is.InRange(12, 17), "of two seconds each");
        Assert.That(viewer.View.Frames, Is.GreaterThan(24 * 68));
        world.Stop();
    }

    [Test]
    public void A_viewer_goes_on_with_the_next_publisher_of_another_codec(
        [Values] HlsType type)
    {
        using var world = NewWorld(1, type);
        var changing = new PublisherPlan { ChangeEveryGops = 1 };
        var first = world.Publish("live/a", changing);
        var viewer = world.PlayHls("live/a");
        world.Run(20);
        var before = viewer.View.Frames;
        first.Meet(Fate.Leaves);
        world.Run(1);

        world.Publish("live/a", changing);
        world.Run(20);

        Assert.That(viewer.View.Frames - before, Is.GreaterThan(14 * 68));
        world.Stop();
    }

    /// <summary>A part, the request for it and the one before: no more is behind the frame.
    /// </summary>
    [Test]
    public void A_viewer_of_low_latency_is_as_near_as_its_playlist_says([Range(1, 8)] int seed)
    {
        using var world = NewWorld(seed, HlsType.Ll);
        world.Publish("live/a");
        world.Run(3);
        var viewer = world.PlayHls("live/a");

        world.Run(30);

        Assert.That(viewer.Segments, Is.InRange(11, 15), "of two seconds each");
        Assert.That(viewer.PartsTaken, Is.GreaterThan(10 * 11));
        Assert.That(viewer.View.Frames, Is.GreaterThan(2 * 68 * (viewer.Segments - 1)));
        var way = world.WayUsMax / 1e6;
        TestContext.Out.WriteLine($"{viewer.PartLag.TotalSeconds:0.000} s, {way:0.000} s of way");
        Assert.That(viewer.PartLag.TotalSeconds, Is.LessThan(0.6 + way));
        world.Stop();
    }

    [Test]
    public void Numbers_of_segments_go_on_over_a_kill([Values] HlsType type)
    {
        using var world = NewWorld(1, type);
        world.Publish("live/a", new PublisherPlan { GopFrames = 25 });
        world.PlayHls("live/a");
        world.Run(20);

        world.Kill(downSeconds: 0.5);
        world.Run(20);

        var viewers = world.Peers.OfType<HlsPeer>().ToList();
        Assert.That(viewers, Has.Count.EqualTo(2), "it came back");
        Assert.That(viewers.Select(viewer => viewer.Segments), Is.All.GreaterThan(4));
        world.Stop();
    }

    [Test]
    public void A_stream_that_is_refused_to_HLS_is_not_found()
    {
        var options = new ServerOptions();
        using var world = new World(1, options with
        {
            Defaults = options.Defaults with { Hls = new HlsOptions { Enabled = false } },
        });
        world.Publish("live/a");
        var viewer = world.PlayHls("live/a");

        world.Run(10);

        Assert.That(viewer.ListedUs, Is.Zero);
        Assert.That(viewer.HasEnded, Is.False);
        world.Stop();
    }

    private static World NewWorld(int seed, HlsType type)
    {
        var options = new ServerOptions();
        var hls = options.Defaults.Hls with { Type = type };
        return new World(
            seed, options with { Defaults = options.Defaults with { Hls = hls } });
    }
}
