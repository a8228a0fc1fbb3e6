using System;
using System.Globalization;
using System.Text.RegularExpressions;
using Reactor.Server;
using Reactor.Transport.Polling;

namespace Reactor.Testing.Simulation;

/// <summary>Known bugs, planted around the server to see whether the checks find them.</summary>
/// <remarks>None of them is in the product: each is in the doubles behind its doors.</remarks>
public enum Plant
{
    None,

    /// <summary>A sequence header that was published does not come.</summary>
    SkipsSequenceHeader,

    /// <summary>A frame that was published does not come.</summary>
    SkipsFrame,

    /// <summary>Two messages change places.</summary>
    SwapsFrames,

    /// <summary>A bit of a payload is not the one that was published.</summary>
    FlipsBit,

    /// <summary>A partial write is taken for a whole one.</summary>
    ForgetsPartialWrite,

    /// <summary>What was written is written again.</summary>
    RepeatsWrite,

    /// <summary>A packet is released once too often.</summary>
    DropsReference,

    /// <summary>A packet is released once too seldom.</summary>
    LeaksReference,

    /// <summary>A timer stays set.</summary>
    LeavesTimer,

    /// <summary>A watcher stays with the poller.</summary>
    LeavesWatcher,

    /// <summary>A socket stays open.</summary>
    LeavesSocket,

    /// <summary>Nobody is told that a blocked socket can be written again.</summary>
    LosesWritability,

    /// <summary>One socket waits for others.</summary>
    Starves,

    /// <summary>A connection ends without a reason.</summary>
    Breaks,

    /// <summary>Handling an event throws what it should not.</summary>
    Throws,

    /// <summary>A part of what is written to a file is not there.</summary>
    TearsWrite,

    /// <summary>What is written to a file stays in the process until it is closed.</summary>
    KeepsWrites,

    /// <summary>The last file that was put in place is not there after the process.</summary>
    LosesRename,

    /// <summary>A hook that refuses is heard to allow.</summary>
    FlipsVerdict,

    /// <summary>What is sent before the verdict does not come.</summary>
    LosesHeld,

    /// <summary>A hook's new name is not heeded.</summary>
    ForgetsRename,

    /// <summary>Whom an operator moves stays, and the operator is told otherwise.</summary>
    ForgetsMove,

    /// <summary>What is read of a file is every other time not what was written.</summary>
    SpoilsRead,

    /// <summary>A player's seek in a recording is not heeded.</summary>
    LosesSeek,

    /// <summary>A part of a segment is not among those that are joined to it.</summary>
    LosesPart,

    /// <summary>What has to be read before segments stays what it was at first.</summary>
    KeepsInit,

    /// <summary>A frame's time is a millisecond later than was published.</summary>
    ShiftsTime,

    /// <summary>Sound is late against the picture.</summary>
    PartsTracks,

    /// <summary>A playlist says that segments are a millisecond shorter.</summary>
    ShortensSegments,

    /// <summary>It says so of parts.</summary>
    ShortensParts,

    /// <summary>It does not say of a part that decoding can begin there.</summary>
    HidesIndependence,

    /// <summary>A fault in one thing ends somebody's connection besides.</summary>
    SpreadsFault,

    /// <summary>A fault is not noticed.</summary>
    SwallowsFault,

    /// <summary>A fault is not reported.</summary>
    LosesReport,

    /// <summary>Redis keeps what should have ended with its lease.</summary>
    KeepsLease,

    /// <summary>A signal does not reach its program.</summary>
    LosesSignals,
}

/// <summary>Where a planted bug takes effect, and how often: seldom, as real ones.</summary>
public sealed class Plants(Plant plant, int seed)
{
    private const int Seldom = 50;
    private const int VerySeldom = 1000;
    private const int StarvedFor = 500;          // milliseconds, on average
    private const int LateMs = 30;
    private readonly Random _random = new(seed);
    private bool _isDone;
    private byte[]? _init;

    public bool Is(Plant one) => plant == one;

    /// <summary>
    /// Whether a message is lost between publisher and player, as if by the server.
    /// </summary>
    public bool Skips(FrameSort sort) => sort == FrameSort.VideoHeader
        ? Is(Plant.SkipsSequenceHeader)
        : Draws(Plant.SkipsFrame, Seldom);

    /// <summary>Whether a message is lost that was sent before its publish was accepted.</summary>
    public bool LosesHeld(Publication publication) =>
        publication.BeganUs == 0 && Is(Plant.LosesHeld);

    public bool Swaps() => Draws(Plant.SwapsFrames, Seldom);

    /// <summary>Changes a payload on its way, seldom.</summary>
    public void Spoil(Span<byte> payload)
    {
        if (Draws(Plant.FlipsBit, Seldom))
            payload[^1] ^= 1;
    }

    /// <summary>The time with which a message is sent.</summary>
    public uint TimeOf(FrameSort sort, uint timestamp)
    {
        if (sort == FrameSort.Audio && Is(Plant.PartsTracks))
            return timestamp + LateMs;
        return sort == FrameSort.Inter && Draws(Plant.ShiftsTime, Seldom)
            ? timestamp + 1
            : timestamp;
    }

    /// <summary>What is taken for a playlist that was fetched.</summary>
    public string PlaylistFor(string text) => plant switch
    {
        Plant.ShortensSegments => Shorten(text, "#EXTINF:"),
        Plant.ShortensParts => Shorten(text, "#EXT-X-PART:DURATION="),
        Plant.HidesIndependence => text.Replace(",INDEPENDENT=YES", "", StringComparison.Ordinal),
        _ => text,
    };

    /// <summary>What the server is told that its socket took.</summary>
    public int Taken(int offered, int taken)
    {
        if (taken < offered && Draws(Plant.ForgetsPartialWrite, Seldom))
            return offered;
        return taken > 1 && Draws(Plant.RepeatsWrite, VerySeldom) ? taken / 2 : taken;
    }

    /// <summary>Changes what was read of a file, behind its first bytes.</summary>
    public void SpoilRead(long at, Span<byte> bytes)
    {
        if (at > 0 && bytes.Length > 0 && Draws(Plant.SpoilsRead, 2))
            bytes[bytes.Length / 2] ^= 1;
    }

    /// <summary>How much of a piece gets to the disk.</summary>
    public int Written(int bytes) => Draws(Plant.TearsWrite, Seldom) ? bytes / 2 : bytes;

    public bool LosesPart() => Draws(Plant.LosesPart, Seldom);

    /// <summary>What is taken for an init that was fetched.</summary>
    public byte[] InitFor(byte[] init) => Is(Plant.KeepsInit) ? _init ??= init : init;

    /// <summary>Whether a program will hear nothing.</summary>
    public bool LosesSignals() => Draws(Plant.LosesSignals, 2);

    public bool LeavesWatcher() => Once(Plant.LeavesWatcher);

    public bool LeavesSocket() => Once(Plant.LeavesSocket);

    public bool LosesWritability(Readiness interest) =>
        (interest & Readiness.Write) != 0 && Is(Plant.LosesWritability);

    /// <summary>Whether a ready socket is passed over; the one with the number 2.</summary>
    public bool Starves(int socket) =>
        Is(Plant.Starves) && socket == 2 && _random.Next(StarvedFor) > 0;

    public bool Breaks() => Draws(Plant.Breaks, VerySeldom);

    /// <summary>Does once what is to be done to the server's own things.</summary>
    public void AfterTurn(ReactorServer server)
    {
        if (_isDone || server.Loop.Turns < VerySeldom)
            return;
        if (Once(Plant.LeavesTimer))
            server.Loop.CreateTimer(() => { }, owner: null).Set(int.MaxValue);
        if (Once(Plant.Throws))
        {
            void Fault() => throw new InvalidOperationException();
            server.Loop.CreateTimer(Fault, new Nobody()).Set(1);
        }
        if (!Is(Plant.DropsReference) && !Is(Plant.LeaksReference))
            return;
        foreach (var stream in server.Hub.Streams)
        {
            if (_isDone || stream.Gops.Count == 0)
                continue;
            _isDone = true;
            if (Is(Plant.DropsReference))
                stream.Gops[0].Payload.Release();
            else
                stream.Gops[0].Payload.Retain();
        }
    }

    /// <summary>All seconds behind a tag are a thousandth less.</summary>
    private static string Shorten(string text, string tag) => Regex.Replace(
        text,
        $"(?<={tag})[0-9.]+",
        found => (decimal.Parse(found.Value, CultureInfo.InvariantCulture) - 0.001m)
            .ToString(CultureInfo.InvariantCulture));

    private bool Once(Plant one) => Is(one) && !_isDone && (_isDone = true);

    private bool Draws(Plant one, int oneIn) => Is(one) && _random.Next(oneIn) == 0;

    private sealed class Nobody : IFaultTarget
    {
        public void OnFault(Exception fault)
        {
        }
    }
}
