using System;
using System.Collections.Generic;

namespace Reactor.Testing.Simulation;

/// <summary>Draws single peers: mostly well-behaved ones, for they notice the most.</summary>
internal static class PeerDraw
{
    private const uint NearWrap31 = 0x7FFF_FFFF - 20_000;
    private const uint NearWrap32 = 0xFFFF_FFFF - 20_000;
    private const uint NearExtended = 0xFF_FFFF - 20_000;

    public static PeerPlan Publisher(Random random, string stream, int seconds, bool isOdd)
    {
        return Common(random, seconds) with
        {
            Kind = PeerKind.Publisher,
            Stream = stream,
            Publishing = Style(random, isOdd),
        };
    }

    /// <summary>Somebody with several parts on one connection.</summary>
    /// <param name="random">The plan's luck.</param>
    /// <param name="draw">Gives names of streams.</param>
    /// <param name="seconds">How long the world's faults last.</param>
    public static PeerPlan Several(Random random, Func<string> draw, int seconds)
    {
        var seats = new List<SeatPlan>();
        for (var count = random.Next(2, 6); count > 0; count--)
        {
            seats.Add(new SeatPlan
            {
                Stream = draw(),
                Publishing = random.Next(2) == 0 ? Style(random, isOdd: false) : null,
                // The first comes at once, as there is a deadline for it.
                StartMs = seats.Count == 0 ? 0 : random.Next(Plan.Pick(random, 1, seconds * 500)),
                LastsMs = random.Next(3) == 0 ? random.Next(1, seconds * 500) : 0,
                TakesOver = random.Next(2) == 0,
            });
        }
        return Common(random, seconds) with
        {
            Kind = PeerKind.Several,
            Seats = seats,
            FirstChunkStream = Plan.Pick(random, 6u, 60u, 316u, 65_500u),
            Playing = new PlayerPlan
            {
                Appetite = random.Next(4) > 0
                    ? Appetite.Healthy
                    : Plan.Pick(random, Appetite.Slow, Appetite.Stalled),
                BytesPerSecond = Plan.Pick(random, 3000, 30_000),
                StallMs = random.Next(seconds * 500),
            },
        };
    }

    private static PublisherPlan Style(Random random, bool isOdd)
    {
        var keyframeBytes = Plan.Pick(random, 100, 5000, 60_000);
        return new PublisherPlan
        {
            FramesPerSecond = Plan.Pick(random, 5, 10, 25, 30),
            GopFrames = keyframeBytes > 5000 ? 20 : Plan.Pick(random, 1, 10, 20, 40),
            FrameBytes = Plan.Pick(random, 40, 500, 3000),
            KeyframeBytes = keyframeBytes,
            HasVideo = random.Next(8) > 0,
            HasAudio = random.Next(8) > 0,
            FirstTimestamp = Plan.Pick(
                random, 0u, 1234u, NearExtended, NearWrap31, NearWrap32),
            BurstMs = isOdd && random.Next(3) == 0 ? random.Next(50, 2000) : 0,
            SilenceMs = isOdd && random.Next(4) == 0 ? random.Next(500, 15_000) : 0,
            ChangeEveryGops = isOdd && random.Next(3) == 0 ? random.Next(1, 5) : 0,
            RepeatsHeaders = random.Next(4) == 0,
            IsMute = isOdd && random.Next(12) == 0,
        };
    }

    public static PeerPlan Player(
        Random random, string stream, string other, int seconds, bool isOdd)
    {
        var appetite = isOdd && random.Next(3) == 0
            ? Plan.Pick(random, Appetite.Slow, Appetite.Stalled)
            : Appetite.Healthy;
        var habit = isOdd && random.Next(3) == 0 ? random.Next(3) : -1;
        return Common(random, seconds) with
        {
            Kind = PeerKind.Player,
            Stream = stream,
            Playing = new PlayerPlan
            {
                Appetite = appetite,
                BytesPerSecond = Plan.Pick(random, 50, 3000, 30_000),
                StallMs = random.Next(seconds * 500),
                PauseMs = habit == 0 ? random.Next(1000, 10_000) : 0,
                ChooseMs = habit == 1 ? random.Next(1000, 10_000) : 0,
                SwitchMs = habit == 2 && SameApp(stream, other) ? random.Next(1000, 10_000) : 0,
                OtherStream = other,
            },
        };
    }

    public static PeerPlan FlvPlayer(Random random, string stream, int seconds) =>
        Common(random, seconds) with
        {
            Kind = PeerKind.FlvPlayer,
            Stream = stream,
            Over = Plan.Pick(random, Enum.GetValues<FlvOver>()),
            Playing = new PlayerPlan
            {
                Appetite = random.Next(4) > 0
                    ? Appetite.Healthy
                    : Plan.Pick(random, Appetite.Slow, Appetite.Stalled),
                BytesPerSecond = Plan.Pick(random, 50, 3000, 30_000),
                StallMs = random.Next(seconds * 500),
            },
        };

    /// <summary>Comes when there may be something to play.</summary>
    public static PeerPlan RecordingPlayer(Random random, string stream, int seconds)
    {
        var habit = random.Next(4);
        return Common(random, seconds) with
        {
            Kind = PeerKind.RecordingPlayer,
            Stream = stream,
            StartMs = random.Next(seconds * 300, seconds * 1000),
            Playing = new PlayerPlan
            {
                Appetite = random.Next(5) > 0 ? Appetite.Healthy : Appetite.Slow,
                BytesPerSecond = Plan.Pick(random, 3000, 30_000),
                PauseMs = habit is 1 or 3 ? random.Next(500, 5000) : 0,
                SeekMs = habit is 2 or 3 ? random.Next(300, 5000) : 0,
            },
        };
    }

    public static PeerPlan HlsViewer(Random random, string stream, int seconds) =>
        Common(random, seconds) with { Kind = PeerKind.HlsViewer, Stream = stream };

    /// <summary>Sits beside the server, and stays.</summary>
    public static PeerPlan Clerk(Random random) =>
        new() { Kind = PeerKind.Clerk, Seed = random.Next() };

    /// <summary>Likewise.</summary>
    public static PeerPlan Operator(Random random) =>
        new() { Kind = PeerKind.Operator, Seed = random.Next(), StartMs = random.Next(5000) };

    public static PeerPlan Stranger(Random random, string stream, int seconds) =>
        Common(random, seconds) with
        {
            Kind = PeerKind.Stranger,
            Stream = stream,
            Mischief = Plan.Pick(random, Enum.GetValues<Mischief>()),
        };

    private static PeerPlan Common(Random random, int seconds)
    {
        var start = random.Next(2) == 0 ? random.Next(1000) : random.Next(seconds * 1000);
        return new PeerPlan
        {
            Seed = random.Next(),
            StartMs = start,
            Fate = random.Next(2) == 0
                ? Fate.Stays
                : Plan.Pick(random, Enum.GetValues<Fate>()),
            FateMs = random.Next(seconds * 1000),
            Quality = new LinkQuality
            {
                LatencyUs = random.Next(10, Plan.Pick(random, 300, 20_000, 80_000)),
                JitterUs = random.Next(Plan.Pick(random, 1, 20_000)),
                BytesPerSecond = random.Next(6) == 0 ? random.Next(300_000, 2_000_000) : 0,
                WindowBytes = Plan.Pick(random, 256 << 10, 1 << 20),
            },
            ChunkBytes = Plan.Pick(random, 128, 4096, 60_000),
        };
    }

    private static bool SameApp(string one, string other) =>
        one[..one.LastIndexOf('/')] == other[..other.LastIndexOf('/')];
}
