using System;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Testing.Simulation;

namespace Reactor.Server.Tests.Simulation;

/// <summary>What a fault of ours costs; that it is counted and reported, a world checks itself.
/// </summary>
[TestFixture]
public sealed class MishapTests
{
    /// <summary>Seed 50000333: the handler had let go of it, and was not told.</summary>
    [Test]
    public void One_in_the_last_words_of_a_connection_is_reported_too()
    {
        using var world = new World(1, Of(new StreamOptions
        {
            Play = new PlayOptions { WaitTimeout = TimeSpan.FromSeconds(2) },
        }));
        world.Play("live/a");
        world.Run(1.5);
        world.Mishaps.Arm(Mishap.Connection);
        world.Run(2);

        Struck(world);
        world.Stop();
    }

    /// <summary>Seed 50001100: segments went on to be kept for the files.</summary>
    [Test]
    public void One_in_the_files_of_segments_keeps_no_segment()
    {
        using var world = new World(1, Of(new StreamOptions
        {
            Hls = new HlsOptions
            {
                Enabled = true,
                OnDemand = false,
                Store = HlsStore.Disk,
                HlsFragment = TimeSpan.FromSeconds(1),
            },
        }));
        world.Publish("live/a");
        world.Run(4);
        world.Mishaps.Arm(Mishap.Disk);
        world.Run(20);

        Struck(world);
        world.Stop();
    }

    /// <summary>Seeds 60002712 and 60014097: frames that were seen came again, which is no
    /// fault: the next output begins with what is cached, as for whoever joins.</summary>
    [Test]
    public void One_in_segments_lets_their_viewers_begin_anew([Values] HlsType type)
    {
        using var world = new World(1, Of(new StreamOptions
        {
            Hls = new HlsOptions
            {
                Enabled = true,
                Type = type,
                HlsFragment = TimeSpan.FromSeconds(1),
            },
            Play = new PlayOptions { GopNum = 3 },
        }));
        world.Publish("live/a");
        var viewer = world.PlayHls("live/a");
        world.Run(6.5);
        var before = viewer.View.Frames;
        world.Mishaps.Arm(Mishap.Date);
        world.Run(20);

        Struck(world);
        Assert.That(viewer.View.Frames - before, Is.GreaterThan(6 * 68));
        world.Stop();
    }

    /// <summary>Seed 50000940: it ended the process.</summary>
    [Test]
    public void One_in_the_look_for_files_that_are_left_over_costs_that_look()
    {
        using var world = new World(1, Of(new StreamOptions
        {
            Hls = new HlsOptions { Store = HlsStore.Disk },
        }));
        world.Mishaps.Arm(Mishap.Disk);
        world.Run(3);

        Struck(world);
        world.Stop();
    }

    /// <summary>Seed 50000708: who waited for the file waited for ever.</summary>
    [Test]
    public void One_in_keeping_rooms_is_told_to_who_asks([Values(0, 3)] int afterSeconds)
    {
        using var world = new World(1, new ServerOptions
        {
            Rooms = new RoomsOptions { Enabled = true, Store = RoomStore.File },
        });
        world.Add(new PeerPlan { Kind = PeerKind.Clerk, Seed = 1 });
        world.Run(afterSeconds);
        world.Mishaps.Arm(Mishap.Disk);
        world.Run(40);

        Struck(world);
        world.Checks.EverybodyIsServed();
        world.Stop();
    }

    /// <summary>What the disk does is told of later: nobody need know of it sooner for that.
    /// </summary>
    [Test]
    public void One_that_is_told_at_once_leaves_the_one_before_its_time()
    {
        using var world = new World(1);
        world.Mishaps.Arm(Mishap.Disk);
        Assert.That(world.Mishaps.OnDisk, Throws.TypeOf<MishapException>());
        world.Mishaps.Arm(Mishap.Date);
        Assert.That(world.Mishaps.OnDate, Throws.TypeOf<MishapException>());

        Assert.That(() => world.Run(4.9), Throws.Nothing);
        Assert.That(() => world.Run(1), Throws.TypeOf<FindingException>());
    }

    private static ServerOptions Of(StreamOptions options) => new() { Defaults = options };

    private static void Struck(World world) =>
        Assert.That(world.Mishaps.Thrown, Is.EqualTo(1), "there was one");
}
