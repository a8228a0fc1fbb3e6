using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Testing.Simulation;

namespace Reactor.Server.Tests.Simulation;

/// <summary>Players of streams that relays bring, in worlds whose network is unkind.</summary>
/// <remarks>
/// The server pushes to and pulls from itself, over connections like any other: what a player of
/// the copy sees is held against what was published under the first name, by the same sentences.
/// </remarks>
[TestFixture]
public sealed class RelayedPlayersTests
{
    private const string Here = "rtmp://127.0.0.1:1935";

    private static readonly (string Origin, string Stream)[] Relayed =
    [
        ("live/a", "pushed/a"), ("live/a", "pulled/a"), ("live/a", "always/c"),
        ("live/a", "twice/a"), ("live/b", "pushed/b"), ("live/b", "pulled/b"),
    ];

    [Test]
    public void They_see_what_was_published_in_order_and_whole([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        using var world = new World(seed, Options());
        world.Network.Faults = new NetworkFaults
        {
            ShortReads = random.Next(600),
            ShortWrites = random.Next(600),
            Storms = random.Next(100),
            Spurious = random.Next(200),
            Reordered = random.Next(900),
            Withheld = random.Next(200),
        };
        foreach (var (origin, stream) in Relayed)
            world.Ledger.Relay(origin, stream);
        world.Add(new PeerPlan
        {
            Kind = PeerKind.Publisher,
            Seed = random.Next(),
            Stream = "live/a",
            StartMs = random.Next(3000),
            Fate = (Fate)random.Next(1, 5),             // it leaves, closes, breaks
            FateMs = random.Next(5000, 15_000),
        });
        var second = new PublisherPlan { ChangeEveryGops = random.Next(3) };
        world.Add(new PeerPlan
        {
            Kind = PeerKind.Publisher,
            Seed = random.Next(),
            Stream = "live/a",
            StartMs = random.Next(20_000, 25_000),
            Publishing = second,
        });
        world.Publish("live/b", new PublisherPlan { KeyframeBytes = 60_000 });
        foreach (var (_, stream) in Relayed)
            world.Play(stream);
        world.PlayFlv("pulled/a", FlvOver.WebSocket);
        world.PlayFlv("pushed/b", FlvOver.Chunks);
        world.Run(40);

        world.Network.Faults = NetworkFaults.None;
        world.Run(16);
        foreach (var play in world.Parts.OfType<PlayPart>())
            play.RelayedSinceUs = world.Time.NowUs;     // relays run: they may delay nobody
        world.Run(10);
        world.Checks.EverybodyIsServed();
        foreach (var play in world.Parts.OfType<PlayPart>())
            Assert.That(play.View.Frames, Is.GreaterThan(200), play.ToString());
        world.Stop();
    }

    private static ServerOptions Options()
    {
        var usual = new StreamOptions
        {
            PushReconnect = TimeSpan.FromSeconds(1),
            PushReconnectMax = TimeSpan.FromSeconds(2),
            PullReconnect = TimeSpan.FromSeconds(1),
            PullReconnectMax = TimeSpan.FromSeconds(2),
        };
        StreamOptions From(string url, string name = "") => usual with
        {
            Pull = [new RelayRule(Here + url) { Name = name, IsStatic = name.Length > 0 }],
        };
        var live = usual with { Push = [new RelayRule(Here + "/pushed/{stream}")] };
        return new ServerOptions
        {
            Apps = new AppTable(
            [
                new AppRule("live", live, []),
                new AppRule("pulled", From("/live/{stream}"), []),
                new AppRule("twice", From("/pulled/{stream}"), []),
                new AppRule("always", From("/live/a", "c"), []),
                new AppRule("*", usual, []),
            ]),
        };
    }
}
