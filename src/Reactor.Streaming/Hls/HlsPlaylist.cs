using System;
using System.Collections.Generic;
using Reactor.Primitives;
using Reactor.Protocol.Hls;

namespace Reactor.Streaming.Hls;

/// <summary>The playlist of some segments in a row.</summary>
public readonly ref struct HlsPlaylist
{
    /// <summary>So many target durations from the end parts are listed (RFC 8216bis §6.2.1).
    /// </summary>
    private const int TargetsOfParts = 3;

    /// <summary>So many target durations from the end nothing is left out (§4.4.3.8).</summary>
    private const int TargetsBeforeSkip = 6;

    /// <summary>No segment is longer, rounded to seconds.</summary>
    public required int TargetSeconds { get; init; }

    /// <summary>At least one, oldest first, with no number left out.</summary>
    public required ReadOnlySpan<HlsSegment> Segments { get; init; }

    /// <summary>What stands before their names; percent-encoded, or empty.</summary>
    public ReadOnlySpan<byte> Folder { get; init; }

    /// <summary>Whether no segment will follow.</summary>
    public bool IsEnded { get; init; }

    /// <summary>No part is longer; 0 where there are none.</summary>
    public int PartTargetMs { get; init; }

    /// <summary>What there is of the next segment.</summary>
    public HlsUnderWay? UnderWay { get; init; }

    /// <summary>Leaves out what whoever asks knows already, if that is anything.</summary>
    public bool IsDelta { get; init; }

    /// <summary>How many segments a delta leaves out: those that are wholly before what is never
    /// left out.</summary>
    public int Skipped =>
        IsDelta && HasParts && !IsEnded ? FirstWithin(TargetsBeforeSkip) : 0;

    private bool HasParts => PartTargetMs > 0;

    /// <summary>Writes it.</summary>
    /// <returns>Owned by the caller.</returns>
    public Packet Write(PacketPool pool)
    {
        Invariant.Holds(!Segments.IsEmpty);
        var (skipped, firstWithParts) = (Skipped, FirstWithParts());
        var packet = pool.Rent(BytesMax(firstWithParts));
        var playlist = new PlaylistWriter(packet.Free);
        WriteHeader(ref playlist);
        if (skipped > 0)
            playlist.Skip(skipped);
        HlsInit? init = null;
        for (var i = skipped; i < Segments.Length; i++)
        {
            var segment = Segments[i];
            WriteInit(ref playlist, ref init, segment.Init);
            playlist.Begin(segment.IsDiscontinuity, segment.StartUtc);
            if (i >= firstWithParts && segment.PartTargetMs == PartTargetMs)
                WriteParts(ref playlist, segment.Sequence, segment.Parts, segment.Ending);
            playlist.Segment(segment.DurationMs, Folder, segment.Sequence, segment.Ending);
        }
        if (UnderWay is { } next)
        {
            WriteInit(ref playlist, ref init, next.Init);
            playlist.Begin(next.IsDiscontinuity, next.StartUtc);
            WriteParts(ref playlist, next.Sequence, next.Parts, Segments[^1].Ending);
        }
        if (IsEnded)
            playlist.End();
        else if (HasParts)
        {
            var last = Segments[^1];
            playlist.Hint(
                Folder, last.Sequence + 1, UnderWay?.Parts.Count ?? 0, last.Ending);
        }
        packet.Advance(playlist.Length);
        return packet;
    }

    private void WriteHeader(ref PlaylistWriter playlist)
    {
        var first = Segments[0];
        playlist.Header(
            HasParts ? PlaylistWriter.PartsVersion
                : first.Init is not null ? PlaylistWriter.MapVersion
                : PlaylistWriter.UsualVersion,
            TargetSeconds,
            first.Sequence,
            first.Discontinuities - (first.IsDiscontinuity ? 1 : 0));
        if (HasParts)
            playlist.Control(PartTargetMs, TargetsBeforeSkip * TargetSeconds);
    }

    /// <summary>Before the segments that need another one than those before them.</summary>
    private void WriteInit(ref PlaylistWriter playlist, ref HlsInit? init, HlsInit? needed)
    {
        if (needed is not null && needed != init)
            playlist.Map(Folder, needed.Sequence);
        init = needed;
    }

    private void WriteParts(
        ref PlaylistWriter playlist, long sequence, IReadOnlyList<HlsPart> parts, string ending)
    {
        for (var i = 0; i < parts.Count; i++)
        {
            var (durationMs, isIndependent, _) = parts[i];
            playlist.Part(durationMs, isIndependent, Folder, sequence, i, ending);
        }
    }

    private int BytesMax(int firstWithParts)
    {
        var parts = UnderWay?.Parts.Count ?? 0;
        foreach (var segment in Segments[firstWithParts..])
            parts += segment.Parts.Count;
        var inits = CountInits();
        var lines = Segments.Length + inits + parts + 2;    // the hint, and what is under way
        return PlaylistWriter.HeaderBytesMax
            + (HasParts ? PlaylistWriter.ControlBytesMax : 0)
            + ((Segments.Length + 1) * PlaylistWriter.SegmentBytesMax)
            + (inits * PlaylistWriter.MapBytesMax)
            + (parts * PlaylistWriter.PartBytesMax)
            + (lines * Folder.Length);
    }

    private int CountInits()
    {
        var count = 1;                          // what is under way may need another one
        HlsInit? init = null;
        foreach (var segment in Segments)
        {
            count += segment.Init != init ? 1 : 0;
            init = segment.Init;
        }
        return count;
    }

    private int FirstWithParts() => HasParts ? FirstWithin(TargetsOfParts) : Segments.Length;

    /// <summary>The first segment that ends within some target durations of the end.</summary>
    private int FirstWithin(int targets)
    {
        var leftMs = targets * TargetSeconds * 1000L;
        foreach (var part in UnderWay?.Parts ?? [])
            leftMs -= part.DurationMs;
        var first = Segments.Length;
        while (first > 0 && leftMs > 0)
            leftMs -= Segments[--first].DurationMs;
        return first;
    }
}
