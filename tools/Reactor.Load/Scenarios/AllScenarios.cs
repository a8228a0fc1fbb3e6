using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Reactor.Load.Measures;

namespace Reactor.Load.Scenarios;

/// <summary>What <c>make compare</c> asks, in the order of its results.</summary>
internal static class AllScenarios
{
    private static readonly LoadOptions Load =
        new() { Server = new IPEndPoint(IPAddress.Loopback, 0) };

    public static IReadOnlyList<Scenario> List { get; } =
    [
        new("fanout", "one stream for many, at the least latency and by default",
            Load with { Seconds = 8 }, [100, 500, 1000])
        {
            Variants = [Variant.Default, Variant.Strict],
            Columns = Column.OfMedia,
            Ratios = Measure.OfMedia,
        },
        new("coalesced", "one stream for more, when frames may wait for company",
            Load with { Seconds = 8, ConnectRate = 1000 }, [1000, 2000, 4000])
        {
            Variants = [Variant.Patient],
            Columns = Column.OfMedia,
            Ratios = Measure.OfMedia,
        },
        new("adaptive", "what becomes of latency as the loop fills up by itself",
            Load with { Seconds = 8, WarmupSeconds = 6, ConnectRate = 1000 },
            [1000, 2000, 4000, 7000])
        {
            Variants = [Variant.Default],
            HasRival = false,
            Columns = Column.OfMedia,
        },
        new("streams", "many streams, each with one player",
            Load with { BitsPerSecond = 500_000, Seconds = 8, ConnectRate = 500 },
            [300, 600, 1000])
        {
            StreamEach = true,
            Variants = [Variant.Default, Variant.Strict],
            Columns = Column.OfMedia,
            Ratios = Measure.OfMedia,
        },
        new("unwatched", "many streams that nobody watches",
            Load with { Streams = 1000, BitsPerSecond = 500_000, Seconds = 8, ConnectRate = 500 },
            [0])
        {
            Variants = [Variant.Default],
            Columns = Column.OfCost,
            Ratios = [Measure.Core, Measure.Memory],
        },
        new("light", "a few players, who should notice nothing",
            Load with { Seconds = 30 }, [10])
        {
            Variants = [Variant.Default, Variant.Strict],
            Columns = Column.OfMedia,
            Ratios = Measure.OfMedia,
        },
        new("join", "200 joins a second: from connecting to the first keyframe",
            Load with { Seconds = 10, Churn = 200 }, [10])
        {
            Variants = [Variant.Default],
            Columns = Column.OfMedia,
            Ratios = [Measure.Core, Measure.Join, Measure.Memory],
        },
        new("idle", "connections that only shake hands, and what is left when they are gone",
            Load with
            {
                Streams = 0, Idle = 5000, Seconds = 2, ConnectRate = 1000, LingerSeconds = 8,
            },
            [0])
        {
            Variants = [Variant.Default],
            Columns = Column.OfIdle,
            Ratios = [Measure.IdleEach],
        },
        new("stalled", "50 players of 8 Mbit/s that stop reading, beside 10 that do not",
            Load with
            {
                BitsPerSecond = 8_000_000, Stalled = 50, WarmupSeconds = 2, Seconds = 5,
                LingerSeconds = 8,
            },
            [10])
        {
            Variants = [Variant.Default],
            Columns = Column.OfStalls,
            Ratios = [Measure.Memory, Measure.KernelMemory],
        },
    ];

    /// <summary>Those of a list of names; all of them for an empty one.</summary>
    /// <exception cref="InvalidOperationException">There is no such scenario.</exception>
    public static IReadOnlyList<Scenario> Find(IReadOnlyCollection<string> names) =>
        names.Count == 0 ? List : [.. names.Select(Find)];

    private static Scenario Find(string name) =>
        List.FirstOrDefault(scenario => scenario.Name == name)
            ?? throw new InvalidOperationException(
                $"no scenario {name}; there are {string.Join(", ", List.Select(s => s.Name))}");
}
