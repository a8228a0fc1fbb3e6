using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Testing.Simulation;

namespace Reactor.Server.Tests.Simulation;

/// <summary>Redis and hooks that are slow, wrong or gone, in a world that goes on.</summary>
[TestFixture]
public sealed class SomebodyElseTests
{
    private const int SeedOfYes = 2;
    private static readonly Mood[] Troubles =
        [.. Enum.GetValues<Mood>().Where(mood => mood != Mood.Well)];

    [TestCaseSource(nameof(Troubles))]
    public void Streams_go_on_while_Redis_is_not_well(Mood mood)
    {
        using var world = new World(1, new ServerOptions
        {
            Rooms = new RoomsOptions { Enabled = true, Store = RoomStore.Redis },
        });
        world.Add(new PeerPlan { Kind = PeerKind.Clerk, Seed = 1 });
        world.Run(0.5);
        var publisher = world.Publish("live/a");
        var player = world.Play("live/a");
        world.Run(3);
        Assert.That(publisher.StartedAt, Is.Positive);

        world.Redis!.Turn(mood);
        world.Run(20);
        world.Redis.Turn(Mood.Well);
        world.Run(20);

        Assert.That(player.View.Gaps, Is.Zero);
        Assert.That(player.View.Frames, Is.GreaterThan(40 * 68));
        Assert.That(world.Rooms.KeyOf("b"), Has.Length.EqualTo(48), "and it is asked again");
        world.Stop();
    }

    [TestCaseSource(nameof(Troubles))]
    public void A_hook_that_is_not_well_lets_nobody_in_and_ends_nobody(Mood mood)
    {
        using var world = new World(SeedOfYes, WithHook());
        var first = world.Publish("live/a");
        world.Run(3);
        Assert.That(first.StartedAt, Is.Positive, "the hook says yes to this one");

        world.Hook!.Turn(mood);
        var second = world.Publish("live/b");
        world.Run(5);

        Assert.That(first.HasEnded, Is.False);
        var mayBeHeard = mood is Mood.Slow or Mood.Wrong;
        Assert.That(second.StartedAt > 0 && !mayBeHeard, Is.False);
        world.Stop();
    }

    [Test]
    public void What_is_sent_before_a_late_yes_is_not_lost()
    {
        using var world = new World(1, WithHook());
        var player = world.Play("live/a");
        world.Run(1);
        world.Hook!.Turn(Mood.Slow);
        var publisher = (SeveralPeer)world.Add(new PeerPlan
        {
            Kind = PeerKind.Several,
            Seed = 1,
            Seats =
            [
                new SeatPlan { IsEager = true, Publishing = new PublisherPlan() },
            ],
        });
        world.Run(10);

        Assert.That(publisher.Parts[0].StartedAt, Is.Positive);
        Assert.That(player.View.Gaps, Is.Zero);
        var published = world.Ledger.Publications.Single().Messages.Count(
            message => !Publication.IsHeader(message.Sort));
        Assert.That(player.View.Frames, Is.GreaterThan(published - 10));
        world.Stop();
    }

    [Test]
    public void What_a_hook_renames_is_played_by_its_new_name_and_by_no_other()
    {
        using var world = new World(SeedOfYes, WithHook());
        world.Hook!.Rename("live/a", "live/b");
        world.Publish("live/a");
        var byOldName = world.Play("live/a");
        var players = new[] { world.Play("live/b"), world.Play("live/b") };
        var flv = world.PlayFlv("live/b", FlvOver.WebSocket);
        world.Run(10);

        Assert.That(byOldName.View.Frames, Is.Zero);
        foreach (var view in players.Select(player => player.View).Append(flv.View))
        {
            Assert.That(view.Frames, Is.GreaterThan(8 * 68));
            Assert.That(view.Gaps, Is.Zero);
        }
        world.Stop();
    }

    private static ServerOptions WithHook()
    {
        var options = new ServerOptions();
        return options with
        {
            Defaults = options.Defaults with
            {
                Hooks = new HooksOptions
                {
                    OnPublish = HookElse.Url,
                    Timeout = TimeSpan.FromSeconds(1),
                },
            },
        };
    }
}
