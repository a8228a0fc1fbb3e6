using System;
using System.Collections.Generic;
using Reactor.Primitives;
using Reactor.Protocol.Hls;

namespace Reactor.Streaming.Hls;

/// <summary>One segment: a piece of a transport stream that can be played alone.</summary>
/// <remarks>
/// Owned by the window that lists it. Whoever sends its packets retains them, and so may go on
/// after the window has let go of it; what is said of it here stays true.
/// </remarks>
public sealed class HlsSegment(
    long sequence, long durationMs, long discontinuities, DateTimeOffset startUtc, Packet[] packets)
{
    /// <summary>Its number, which is its name too.</summary>
    public long Sequence => sequence;

    /// <summary>To the beginning of the next one; at least 1.</summary>
    public long DurationMs => durationMs;

    /// <summary>Whether a decoder has to begin anew here.</summary>
    public bool IsDiscontinuity { get; init; }

    /// <summary>How many discontinuities there were so far, its own included.</summary>
    public long Discontinuities => discontinuities;

    /// <summary>When its first frame came.</summary>
    public DateTimeOffset StartUtc => startUtc;

    /// <summary>Its bytes, in order.</summary>
    public IReadOnlyList<Packet> Packets => packets;

    /// <summary>What has to be read before it; null where it can be read alone.</summary>
    public HlsInit? Init { get; init; }

    /// <summary>How its name ends, behind the number.</summary>
    public string Ending =>
        Init is null ? PlaylistWriter.TsEnding : PlaylistWriter.Mp4Ending;

    /// <summary>The same bytes in parts, if it was cut into any.</summary>
    public IReadOnlyList<HlsPart> Parts { get; init; } = [];

    /// <summary>No part of it is longer.</summary>
    public int PartTargetMs { get; init; }

    public long Bytes { get; } = Sum(packets);

    /// <summary>Whether the window has let go of it: only who sends it holds it now.</summary>
    public bool IsGone { get; private set; }

    /// <summary>How long the longest playlist is that has named it.</summary>
    internal long PlaylistMs { get; set; }

    /// <summary>Until when it stays, by the time of all segments of its window.</summary>
    internal long KeptUntilMs { get; set; }

    internal void Release()
    {
        IsGone = true;
        foreach (var packet in packets)
            packet.Release();
        Init?.Packet.Release();
    }

    /// <summary>Bytes of some packets together.</summary>
    public static long Sum(IReadOnlyList<Packet> packets)
    {
        var bytes = 0L;
        foreach (var packet in packets)
            bytes += packet.Length;
        return bytes;
    }
}
