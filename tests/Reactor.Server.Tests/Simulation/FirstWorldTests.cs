using System.Collections.Generic;
using NUnit.Framework;
using Reactor.Testing.Simulation;

namespace Reactor.Server.Tests.Simulation;

/// <summary>
/// The four doors hold: the whole server lives in one thread, behind simulated ones.
/// </summary>
[TestFixture]
public sealed class FirstWorldTests
{
    private static readonly NetworkFaults CutBytes = new() { ShortReads = 700, ShortWrites = 700 };

    [Test]
    public void A_publisher_and_three_players_live_over_short_reads_and_writes(
        [Range(1, 5)] int seed)
    {
        using var world = new World(seed);
        world.Network.Faults = CutBytes;
        var publisher = world.Publish("live/a");
        var players = new List<PlayerPeer> { world.Play("live/a") };
        world.Run(5);
        players.Add(world.Play("live/a"));
        world.Run(3.3);
        players.Add(world.Play("live/a"));
        world.Run(60);

        var sent = publisher.Publication!.Messages.Count;
        Assert.That(sent, Is.GreaterThan(4000));
        foreach (var player in players)
        {
            Assert.That(player.View.Frames, Is.InRange(sent * 8 / 10, sent));
            Assert.That(player.View.Gaps, Is.Zero);
            Assert.That(player.DelayMax, Is.LessThan(0.05));
        }
        world.Stop();
    }
}
