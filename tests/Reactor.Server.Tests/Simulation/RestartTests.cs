using System.Linq;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Testing.Simulation;

namespace Reactor.Server.Tests.Simulation;

/// <summary>What is left when the process is killed, and what comes after.</summary>
[TestFixture]
public sealed class RestartTests
{
    private const int PublishedSeconds = 10;
    private const int FramesASecond = 25 + 43;  // pictures, and sound of 23 ms

    [Test]
    public void Encoders_and_players_come_back_to_the_next_process()
    {
        using var world = new World(1);
        world.Publish("live/a");
        world.Play("live/a");
        world.PlayFlv("live/a", FlvOver.WebSocket);
        world.Run(5);

        world.Kill(downSeconds: 1);
        world.Run(10);

        Assert.That(world.Kills, Is.EqualTo(1));
        Assert.That(world.Server.PublisherCount, Is.EqualTo(1));
        Assert.That(world.Server.PlayerCount, Is.EqualTo(2));
        Assert.That(world.Peers.Count(peer => peer.WasEnded), Is.EqualTo(3));
        world.Stop();
    }

    [Test]
    public void A_kill_in_the_middle_of_a_turn_lets_out_what_came_before_it_and_nothing_after()
    {
        var seen = Enumerable.Range(0, 30).Select(FramesSeenBeforeKill).ToList();

        Assert.That(seen, Is.Ordered);
        Assert.That(seen.Distinct().Count(), Is.GreaterThan(4), "a frame goes to four players");
    }

    [Test]
    public void A_recording_has_all_but_the_last_second_before_a_kill([Range(1, 10)] int seed)
    {
        using var world = Recording(seed);
        world.Publish("live/a");
        world.Run(PublishedSeconds);

        world.Kill(downSeconds: 1);
        world.Run(1);                           // nobody has come back yet
        world.StopNow();

        Assert.That(world.Disk.WasCut(world.Disk.Names.First()), Is.True);
        Assert.That(
            world.FramesRecorded,
            Is.InRange(
                (PublishedSeconds - 2) * FramesASecond, PublishedSeconds * FramesASecond));
    }

    [Test]
    public void A_recording_goes_on_in_another_file_after_a_kill()
    {
        using var world = Recording(1);
        world.Publish("live/a");
        world.Run(PublishedSeconds);
        world.Kill(downSeconds: 1);
        world.Run(PublishedSeconds + 5);
        world.Stop();

        Assert.That(world.Disk.Names.Count(), Is.EqualTo(2));
        Assert.That(
            world.FramesRecorded, Is.GreaterThan((PublishedSeconds - 2) * 2 * FramesASecond));
    }

    [Test]
    public void A_recording_that_a_kill_has_cut_is_played_back([Range(0, 27, 3)] int calls)
    {
        using var world = Recording(1, new VodOptions { Enabled = true });
        world.Publish("live/a");
        world.Run(PublishedSeconds);
        world.Kill(downSeconds: 0.1, afterCalls: calls);
        Assert.That(world.RunUntil(() => world.Kills == 1, secondsMax: 1), Is.True);

        var player = world.PlayRecording("live/a");
        world.Run(PublishedSeconds + 2);

        Assert.That(
            player.Recording.Frames,
            Is.InRange(
                (PublishedSeconds - 2) * FramesASecond, PublishedSeconds * FramesASecond));
        Assert.That(player.Part.Statuses, Does.Contain("NetStream.Play.Stop"));
        world.Stop();
    }

    [Test]
    public void A_room_keeps_its_key_when_process_or_power_fail([Values] bool losesPower)
    {
        using var world = new World(1, new ServerOptions
        {
            Rooms = new RoomsOptions { Enabled = true, Store = RoomStore.File },
        });
        world.Add(new PeerPlan { Kind = PeerKind.Clerk, Seed = 1 });
        world.Run(0.5);
        var key = world.Rooms.KeyOf("a");
        var publisher = world.Publish("live/a");
        world.Run(1);
        Assert.That(publisher.StartedAt, Is.Positive);

        world.Kill(downSeconds: 0.1, losesPower);
        world.Run(5);

        Assert.That(key, Has.Length.EqualTo(48));
        Assert.That(world.Rooms.KeyOf("a"), Is.EqualTo(key));
        Assert.That(world.Server.PublisherCount, Is.EqualTo(1), "with the key of before");
        world.Stop();
    }

    private static long FramesSeenBeforeKill(int calls)
    {
        using var world = new World(1);
        world.Publish("live/a");
        for (var player = 0; player < 4; player++)
            world.Play("live/a");
        world.Run(5);

        world.Kill(downSeconds: 1, afterCalls: calls);
        Assert.That(world.RunUntil(() => world.Kills == 1, secondsMax: 1), Is.True);
        return world.Parts.OfType<PlayPart>().Sum(play => play.View.Frames);
    }

    private static World Recording(int seed, VodOptions? vod = null)
    {
        var options = new ServerOptions();
        return new World(seed, options with
        {
            Defaults = options.Defaults with
            {
                Record = [new RecordOptions { MinFree = 0 }],
                Vod = vod ?? new VodOptions(),
            },
        });
    }
}
