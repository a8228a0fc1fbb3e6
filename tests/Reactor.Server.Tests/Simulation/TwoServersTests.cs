using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Testing.Simulation;

namespace Reactor.Server.Tests.Simulation;

/// <summary>An edge and its origin, each a whole server: cut apart, and killed.</summary>
/// <remarks>
/// What the edge's players see is held against what was published at the origin, by the sentences
/// that hold for all players; no frame comes twice, whatever befalls the connection.
/// </remarks>
[TestFixture]
public sealed class TwoServersTests
{
    private const int GopFrames = 200;

    [Test]
    public void A_cut_within_a_gop_is_seen_by_nobody([Range(1, 15)] int seed)
    {
        using var two = Start(seed);
        var random = new Random(seed);
        two.Run(13);                            // the pull has proved itself
        two.HoldToDelay();
        for (var cuts = 0; cuts < 3; cuts++)
        {
            Assert.That(two.RunUntil(() => SinceKeyframe(two) is > 0.2 and < 0.4, 20), Is.True);
            two.Run(random.NextDouble() * 6.5);
            two.Cut();                          // what is on its way is late, and not lost
            two.Run(1);
            two.HoldToDelay();
            two.Run(11);
        }
        ShouldPlay(two);
    }

    [Test]
    public void Nothing_comes_twice_whenever_it_is_cut([Range(1, 15)] int seed)
    {
        using var two = Start(seed);
        var random = new Random(seed);
        two.Edge.Network.Faults = two.Origin.Network.Faults = Unkind(random);
        for (var cuts = 0; cuts < 8; cuts++)
        {
            two.Run(random.NextDouble() * 15);
            two.Cut();
            two.Forgive(25);
        }
        two.Edge.Network.Faults = two.Origin.Network.Faults = NetworkFaults.None;
        two.Run(30);
        ShouldPlay(two);
    }

    [Test]
    public void An_origin_that_is_killed_is_found_again_and_its_players_stay(
        [Range(1, 15)] int seed)
    {
        using var two = Start(seed);
        var random = new Random(seed);
        two.Run(8 + (random.NextDouble() * 10));
        for (var kills = 0; kills < 2; kills++)
        {
            two.Forgive(40);
            two.Origin.Kill(downSeconds: random.NextDouble() * 5);
            two.Run(25);
        }
        two.Run(20);
        Assert.That(two.Origin.Kills, Is.EqualTo(2));
        Assert.That(
            two.Edge.Peers.Count(peer => peer.HasEnded), Is.Zero, "the edge's players stayed");
        ShouldPlay(two);
    }

    [Test]
    public void An_edge_that_is_killed_costs_the_origin_nothing([Range(1, 15)] int seed)
    {
        using var two = Start(seed);
        var random = new Random(seed);
        var own = two.Origin.Play("live/a");
        two.Run(5 + (random.NextDouble() * 10));
        two.Edge.Kill(downSeconds: random.NextDouble() * 5);
        two.Run(30);
        ShouldPlay(two);
        Assert.That(own.View.Gaps, Is.Zero);
        Assert.That(two.Edge.Kills, Is.EqualTo(1));
    }

    private static TwoServers Start(int seed)
    {
        var usual = new StreamOptions
        {
            PullReconnect = TimeSpan.FromSeconds(1),
            PullReconnectMax = TimeSpan.FromSeconds(2),
        };
        var edge = usual with { Pull = [new RelayRule(TwoServers.OriginUrl + "/live/{stream}")] };
        var two = new TwoServers(
            seed, new ServerOptions { Defaults = usual }, new ServerOptions { Defaults = edge });
        two.Origin.Ledger.Relay("live/a", "copy/a");
        two.Origin.Publish("live/a", new PublisherPlan { GopFrames = GopFrames });
        two.Edge.Play("copy/a");
        two.Edge.Play("copy/a");
        two.Edge.PlayFlv("copy/a", FlvOver.Chunks);
        return two;
    }

    private static double SinceKeyframe(TwoServers two)
    {
        var messages = two.Origin.Ledger.Publications[^1].Messages;
        var last = messages.FindLastIndex(message => message.Sort == FrameSort.Keyframe);
        return last < 0
            ? -1
            : (two.Origin.Time.NowUs - messages[last].SentUs) / 1e6;
    }

    /// <summary>Everybody who watches has just seen a frame, and later ones come in time.
    /// </summary>
    private static void ShouldPlay(TwoServers two)
    {
        two.HoldToDelay();
        two.Run(5);
        foreach (var viewer in two.Edge.Parts.OfType<PlayPart>().Where(part => part.Excuse is null))
        {
            var sinceUs = two.Edge.Time.NowUs - viewer.View.LatestSentUs;
            Assert.That(sinceUs / 1e6, Is.LessThan(1), viewer.ToString());
        }
        two.Stop();
    }

    private static NetworkFaults Unkind(Random random) => new()
    {
        ShortReads = random.Next(500),
        ShortWrites = random.Next(500),
        Spurious = random.Next(200),
        Reordered = random.Next(900),
    };
}
