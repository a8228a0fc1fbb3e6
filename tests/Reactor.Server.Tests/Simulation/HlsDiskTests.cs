using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Testing.Simulation;

namespace Reactor.Server.Tests.Simulation;

/// <summary>HLS as files, in a world whose disk takes its time and does not always obey.</summary>
[TestFixture]
public sealed class HlsDiskTests
{
    private static readonly ServerOptions OnDisk = new()
    {
        Defaults = new StreamOptions
        {
            Publish = new PublishOptions { Grace = TimeSpan.FromSeconds(2) },
            Hls = new HlsOptions
            {
                Store = HlsStore.Disk,
                OnDemand = false,
                HlsFragment = TimeSpan.FromSeconds(1),
                HlsWindow = 3,
                DeleteThreshold = 1,
            },
        },
    };

    [Test]
    public void At_any_moment_the_folder_can_be_served_and_nobody_waits(
        [Range(1, 12)] int seed, [Values(HlsType.Ts, HlsType.Fmp4)] HlsType type)
    {
        using var world = new World(seed, OnDiskAs(type));
        world.DiskFaults = new DiskFaults
        {
            Failing = seed % 3 == 0 ? 30 : 0,
            Slow = 100 * (seed % 5),
            Crowded = 50 * (seed % 2),
        };
        var publisher = world.Publish("live/a");
        world.Publish("live/b");
        var player = world.Play("live/a");
        for (var i = 0; i < 600; i++)
        {
            world.Run(0.1);
            if (i == 300)
                publisher.Meet(Fate.Leaves);
            if (i == 310)
                world.Publish("live/a");
            SegmentFiles.Check(world);
        }

        world.DiskFaults = DiskFaults.None;
        world.Run(35);                          // what has failed begins anew after 30 s
        SegmentFiles.Check(world);

        Assert.That(player.View.Gaps, Is.Zero);
        Assert.That(world.Disk.Names.Count(name => name.EndsWith("index.m3u8")), Is.EqualTo(2));
        world.Stop();
        SegmentFiles.Check(world);
    }

    [Test]
    public void Over_a_kill_numbers_rise_and_what_is_stale_goes(
        [Range(1, 6)] int seed, [Values] HlsType type)
    {
        using var world = new World(seed, OnDiskAs(type));
        var ending = type == HlsType.Ts ? ".ts" : ".m4s";
        world.Publish("live/a");
        world.Run(20 + (seed * 0.37));
        var left = world.Disk.Names.Where(IsMedia).ToList();

        world.Kill(downSeconds: 0.5);
        for (var i = 0; i < 1500; i++)
        {
            world.Run(0.1);
            if (i == 1)
            {
                world.Disk.Put($"hls/live/gone/7{ending}", [1]);
                world.Disk.Put("hls/live/gone/7.mp4", [1]);
                world.Disk.Put("hls/live/gone/index.m3u8", [1]);
            }
            if (i > 1300)                       // the foreign one is none, and gone by now
                SegmentFiles.Check(world);
        }

        var names = world.Disk.Names.ToList();
        Assert.That(world.Kills, Is.EqualTo(1));
        Assert.That(left, Has.Count.GreaterThan(3));
        Assert.That(names.Intersect(left), Is.Empty);
        Assert.That(names.Where(name => name.Contains("gone")), Is.Empty);
        Assert.That(names, Does.Contain("hls/live/a/index.m3u8"));
        Assert.That(
            names.First(name => name.EndsWith(ending)), Is.GreaterThan(left[0]), "of one length");
        Assert.That(
            names.Count(name => name.EndsWith(".mp4")), Is.EqualTo(type == HlsType.Ts ? 0 : 1));
        world.Stop();
    }

    [Test]
    public void Over_a_kill_and_a_change_of_type_viewers_go_on_and_what_was_there_goes(
        [Values] HlsType before, [Values] HlsType after)
    {
        using var world = new World(1, OnDiskAs(before));
        world.Publish("live/a");
        world.PlayHls("live/a");
        world.Run(20);
        var left = world.Disk.Names.Where(IsMedia).ToList();

        world.Reload(OnDiskAs(after));
        world.Run(1);
        world.Kill(downSeconds: 0.5);
        world.Run(150);

        SegmentFiles.Check(world);
        var viewers = world.Peers.OfType<HlsPeer>().ToList();
        var endings = world.Disk.Names.Where(IsMedia).Select(name => name[name.LastIndexOf('.')..]);
        Assert.That(viewers, Has.Count.EqualTo(2), "it came back");
        Assert.That(viewers.Select(viewer => viewer.View.Frames), Is.All.GreaterThan(10 * 68));
        Assert.That(world.Disk.Names.Intersect(left), Is.Empty);
        Assert.That(endings, Is.All.EqualTo(".ts").Or.All.AnyOf(".m4s", ".mp4"));
        Assert.That(endings.First() == ".ts", Is.EqualTo(after == HlsType.Ts));
        world.Stop();
    }

    private static bool IsMedia(string name) =>
        !name.EndsWith("index.m3u8") && name.StartsWith("hls/");

    private static ServerOptions OnDiskAs(HlsType type)
    {
        var defaults = OnDisk.Defaults;
        var hls = defaults.Hls with { Type = type };
        return OnDisk with { Defaults = defaults with { Hls = hls } };
    }
}
