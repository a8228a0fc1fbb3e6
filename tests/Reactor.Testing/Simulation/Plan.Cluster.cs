using System;
using System.Collections.Generic;
using Reactor.Server.Configuration;

namespace Reactor.Testing.Simulation;

/// <summary>Two servers of a cluster, and what befalls them and their Redis.</summary>
public sealed partial record Plan
{
    private const int ClusterLuck = 0xc105;
    private const int KillEveryMs = 20_000;
    private const int GapMsMax = 8000;

    /// <summary>Draws a cluster.</summary>
    /// <param name="seed">Decides everything.</param>
    public static Plan DrawCluster(int seed)
    {
        var random = new Random(seed ^ ClusterLuck);
        var seconds = random.Next(20, 60);
        var names = Streams[..random.Next(1, Streams.Length + 1)];
        var peers = new List<PeerPlan>();
        foreach (var name in names)
            peers.AddRange(DrawPublishers(random, name, seconds));
        for (var count = random.Next(3, 9); count > 0; count--)
        {
            var name = names[random.Next(names.Length)];
            var player = random.Next(3) > 0
                ? PeerDraw.Player(random, name, name, seconds, isOdd: false)
                : PeerDraw.FlvPlayer(random, name, seconds);
            peers.Add(player with { IsAtSecond = random.Next(2) == 0 });
        }
        for (var count = random.Next(3); count > 0; count--)
        {
            var viewer = PeerDraw.HlsViewer(random, names[random.Next(names.Length)], seconds);
            peers.Add(viewer with { IsAtSecond = random.Next(2) == 0 });
        }
        return new Plan
        {
            Seed = seed,
            Seconds = seconds,
            IsCluster = true,
            Peers = peers,
            Faults = new NetworkFaults
            {
                ShortReads = Chance(random, isOn: true, 500),
                ShortWrites = Chance(random, isOn: true, 500),
                Spurious = Chance(random, isOn: true, 200),
                Reordered = Chance(random, isOn: true, 1000),
            },
            Troubles = [.. DrawClusterTroubles(random, seconds)],
            Options = DrawClusterOptions(random),
        };
    }

    private static ServerOptions DrawClusterOptions(Random random) => new()
    {
        Cluster = new ClusterOptions { Lease = TimeSpan.FromSeconds(Pick(random, 3, 10)) },
        Defaults = new StreamOptions
        {
            PullReconnect = TimeSpan.FromSeconds(1),
            PullReconnectMax = TimeSpan.FromSeconds(2),
            PullStopAfter = TimeSpan.FromSeconds(Pick(random, 1, 10)),
            Hls = new HlsOptions
            {
                HlsFragment = TimeSpan.FromSeconds(Pick(random, 1, 2)),
                Type = Pick(random, HlsType.Ts, HlsType.Fmp4, HlsType.Ll),
            },
            Publish = new PublishOptions
            {
                Grace = TimeSpan.FromSeconds(Pick(random, 0, 5, 30)),
            },
        },
    };

    /// <summary>One for a name, and after it perhaps another one, at either server.</summary>
    private static IEnumerable<PeerPlan> DrawPublishers(Random random, string name, int seconds)
    {
        var first = PeerDraw.Publisher(random, name, seconds, isOdd: false) with
        {
            StartMs = random.Next(seconds * 300),
            Fate = Pick(random, Fate.Stays, Fate.Leaves, Fate.Closes, Fate.Breaks),
            FateMs = random.Next(1000, seconds * 500),
            IsAtSecond = random.Next(2) == 0,
        };
        yield return first;
        if (first.Fate == Fate.Stays)
            yield break;
        yield return PeerDraw.Publisher(random, name, seconds, isOdd: false) with
        {
            StartMs = first.StartMs + first.FateMs + random.Next(GapMsMax),
            Fate = Fate.Stays,
            IsAtSecond = random.Next(2) == 0,
        };
    }

    private static IEnumerable<Trouble> DrawClusterTroubles(Random random, int seconds)
    {
        foreach (var mood in DrawMoods(random, seconds, Calamity.Redis))
            yield return mood;
        if (random.Next(3) == 0)
            yield return new Trouble(Calamity.Forgetting, random.Next(seconds * 1000), 0);
        if (random.Next(3) == 0)
            yield return new Trouble(Calamity.Cut, random.Next(seconds * 1000), 0);
        if (random.Next(2) == 0)
            yield break;
        for (var atMs = 2000; atMs + KillEveryMs < seconds * 1000; atMs += KillEveryMs)
        {
            // One is back before the other one is killed.
            yield return new Trouble(
                Calamity.Kill, atMs + random.Next(KillEveryMs / 2), random.Next(10, 6000))
            {
                IsAtSecond = random.Next(2) == 0,
            };
        }
    }
}
