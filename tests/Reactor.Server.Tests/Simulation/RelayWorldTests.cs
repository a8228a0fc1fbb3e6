using System;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Testing.Simulation;

namespace Reactor.Server.Tests.Simulation;

/// <summary>Relays and recordings in worlds whose network and disk are unkind.</summary>
/// <remarks>
/// The server pushes to itself under another name, to nobody, and pulls; what holds in every world
/// holds here too, and after the stop nothing is left.
/// </remarks>
[TestFixture]
public sealed class RelayWorldTests
{
    private const string Here = "rtmp://127.0.0.1:1935";

    [Test]
    public void Nothing_breaks_and_nothing_is_left_behind([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        using var world = new World(seed, Options());
        world.Network.Faults = new NetworkFaults
        {
            ShortReads = random.Next(300),
            ShortWrites = random.Next(300),
            Storms = random.Next(50),
            Spurious = random.Next(100),
            Reordered = random.Next(500),
            Withheld = random.Next(100),
        };
        world.DiskFaults = new DiskFaults
        {
            Failing = random.Next(3) * 20,
            Slow = random.Next(100),
            Crowded = random.Next(50),
        };
        world.Publish("live/a");
        world.Play("live/a");
        world.Run(10);
        var second = world.Publish("live/b");
        world.Play("live/b");
        world.Run(10);
        second.IsSilent = true;                         // it is closed, and its push with it
        world.Run(20);
        world.Stop();
    }

    private static ServerOptions Options()
    {
        var usual = new StreamOptions
        {
            PushReconnect = TimeSpan.FromSeconds(1),
            PullReconnect = TimeSpan.FromSeconds(1),
        };
        var live = usual with
        {
            Record = [new RecordOptions { MinFree = 0 }],
            Push =
            [
                new RelayRule(Here + "/copy/{stream}"), new RelayRule("rtmp://127.0.0.1:9/x/y"),
                new RelayRule(Here + "/live/{stream}"),
            ],
        };
        var edge = usual with
        {
            Pull = [new RelayRule(Here + "/live/a") { Name = "c", IsStatic = true }],
        };
        return new ServerOptions
        {
            Apps = new AppTable(
            [
                new AppRule("live", live, []), new AppRule("edge", edge, []),
                new AppRule("*", usual, []),
            ]),
        };
    }
}
