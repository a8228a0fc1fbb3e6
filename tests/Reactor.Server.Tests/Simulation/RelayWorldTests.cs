using System;
using System.Linq;
using System.Net;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Server.Relays;
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
    private const string Host = "here.test";
    private const string Here = $"rtmp://{Host}:1935";

    private static readonly IPAddress Nobody = IPAddress.Parse("10.9.9.9");

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
        world.Resolver.Add(Host, IPAddress.Loopback, Nobody);
        world.Resolver.Faults = new NameFaults
        {
            Failing = random.Next(200),
            Slow = random.Next(300),
            Silent = random.Next(100),
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

    [Test]
    public void A_relay_that_finds_nobody_at_one_address_of_a_host_goes_on_to_the_next(
        [Range(1, 5)] int seed)
    {
        using var world = new World(seed, Options());
        world.Resolver.Add(Host, Nobody, IPAddress.Loopback, IPAddress.Parse("10.9.9.10"));
        world.Publish("live/a");

        var runs = world.RunUntil(
            () => world.Server.RelayApi.List().Any(
                relay => relay is { Key: "push:live/a", State: RelayState.Running }), 60);
        Assert.That(runs, Is.True);
        world.Stop();
    }

    [Test]
    public void A_name_server_that_is_silent_costs_relays_their_time_and_nobody_else_anything()
    {
        using var world = new World(1, Options());
        world.Resolver.Faults = new NameFaults { Silent = 1000 };
        world.Publish("live/a");
        var player = world.Play("live/a");
        world.Run(20);

        Assert.That(player.View.Frames, Is.GreaterThan(400));
        Assert.That(world.Server.Struck[Limit.LookupTimeout], Is.GreaterThan(0));
        Assert.That(
            world.Server.RelayApi.List().Select(relay => relay.LastError),
            Has.Some.Contains("no name server"));
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
