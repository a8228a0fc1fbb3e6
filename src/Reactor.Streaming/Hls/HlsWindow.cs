using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using Reactor.Primitives;
using Reactor.Protocol.Hls;

namespace Reactor.Streaming.Hls;

/// <summary>The newest segments of a live stream, and the playlist that lists them.</summary>
/// <remarks>
/// <para>Numbers rise by one and never return, also over restarts: whoever makes the window lets
/// them begin at the seconds since 1970, which pass faster than segments come. Where they leap
/// (<see cref="HlsGrid"/>) the playlist begins anew behind the leap, for it cannot tell of one;
/// what it listed until then can be fetched as ever.</para>
/// <para>The target duration cannot be known before the encoder's GOPs are. It begins with the
/// first segment and never shrinks; it grows, which RFC 8216 §6.2.1 does not foresee, only where
/// an encoder makes a longer GOP than any before, for else it would lie.</para>
/// <para>A segment that left the playlist stays as long again as itself and the longest playlist
/// that named it (§6.2.2), for a viewer may be about to ask for it. Time is counted in segments:
/// those of a live stream come as fast as they play.</para>
/// <para>With parts a segment can be fetched while it is made: what there is of it is
/// <see cref="UnderWay"/>, until the whole has the same bytes.</para>
/// Invariant: every segment here is owned, and so are the parts of the next; of the segments
/// <see cref="Bytes"/> is the sum.
/// </remarks>
public sealed class HlsWindow
{
    /// <summary>Segments in a playlist, however short they are.</summary>
    private const int ListedMax = 100;

    private const int TargetsInPlaylist = 3;

    private readonly HlsSettings _settings;
    private readonly PacketPool _pool;
    private readonly byte[] _folder;
    private readonly List<HlsSegment> _segments = [];
    private readonly Packet?[] _playlists = new Packet?[2];
    private List<HlsPart> _parts = [];
    private int _listed;
    private long _totalMs;
    private long _discontinuities;

    /// <param name="settings">How many segments to keep.</param>
    /// <param name="pool">For playlists.</param>
    /// <param name="name">
    /// The live stream's name: segments are in a folder of that name beside the playlist.
    /// </param>
    /// <param name="firstSequence">The number of the first segment.</param>
    public HlsWindow(HlsSettings settings, PacketPool pool, string name, long firstSequence)
    {
        _settings = settings;
        _pool = pool;
        _folder = Encoding.ASCII.GetBytes(Uri.EscapeDataString(name) + "/");
        NextSequence = firstSequence;
        TargetSeconds = Math.Max(1, Round(settings.FragmentMs));
    }

    public long NextSequence { get; internal set; }

    /// <summary>No segment is longer, rounded to seconds.</summary>
    public int TargetSeconds { get; private set; }

    /// <summary>Whether the stream is over and no segment will follow.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>What has to be read before the next segment.</summary>
    internal HlsInit? Init { get; private set; }

    /// <summary>No part is longer; 0 where there are none, or not yet.</summary>
    public int PartTargetMs { get; internal set; }

    /// <summary>The next segment, as far as there are parts of it.</summary>
    public HlsUnderWay? UnderWay { get; private set; }

    /// <summary>Called when the oldest segment goes early, for the bytes of all.</summary>
    internal Action<StreamBound>? Struck { get; set; }

    /// <summary>How names of segments end.</summary>
    public string Ending => _settings.IsMp4 ? PlaylistWriter.Mp4Ending : PlaylistWriter.TsEnding;

    /// <summary>Segments that can be fetched, oldest first.</summary>
    public IReadOnlyList<HlsSegment> Segments => _segments;

    /// <summary>How many of them, the newest, the playlist lists.</summary>
    public int Listed => _listed;

    public long Bytes { get; private set; }

    /// <summary>Rises with every change of the playlist; 0 while there is none.</summary>
    public long Version { get; private set; }

    /// <returns>Null when it never was, or is gone.</returns>
    public HlsSegment? Find(long sequence)
    {
        for (var i = _segments.Count - 1; i >= 0 && _segments[i].Sequence >= sequence; i--)
        {
            if (_segments[i].Sequence == sequence)
                return _segments[i];
        }
        return null;
    }

    /// <summary>What has to be read before segments.</summary>
    /// <param name="sequence">Its name.</param>
    /// <returns>Null when it never was, or is gone.</returns>
    public HlsInit? FindInit(long sequence)
    {
        if (Init?.Sequence == sequence)
            return Init;
        foreach (var segment in _segments)
        {
            if (segment.Init?.Sequence == sequence)
                return segment.Init;
        }
        return null;
    }

    /// <summary>A part of a segment, or of the next one.</summary>
    /// <returns>Null when it never was, is gone, or is not there yet.</returns>
    public HlsPart? Find(long sequence, int part)
    {
        var parts = PartsOf(sequence);
        return part >= 0 && part < parts.Count ? parts[part] : null;
    }

    /// <summary>Whether a part that is not there is what comes next.</summary>
    public bool IsNext(long sequence, int part) =>
        PartTargetMs > 0 && !IsEnded && sequence == NextSequence
        && part == PartsOf(sequence).Count;

    /// <summary>
    /// Whether the playlist is as far as a segment, or a part of it (RFC 8216bis §6.2.5.2).
    /// </summary>
    /// <param name="sequence">The segment's number.</param>
    /// <param name="part">
    /// Null for the whole; behind the last of a segment it stands for the first of the next one.
    /// </param>
    public bool Reaches(long sequence, int? part)
    {
        if (IsEnded || sequence < NextSequence - 1)
            return true;
        if (part is not { } index)
            return sequence < NextSequence;
        var count = PartsOf(sequence).Count;
        var isComplete = sequence < NextSequence;
        return index < count || (isComplete && (count == 0 || Reaches(NextSequence, 0)));
    }

    /// <summary>The playlist as it is now, written once for all who ask.</summary>
    /// <param name="isDelta">Without what whoever asks is sure to know.</param>
    /// <returns>Borrowed; null before there is a segment.</returns>
    public Packet? Playlist(bool isDelta = false)
    {
        ref var playlist = ref _playlists[isDelta ? 1 : 0];
        if (playlist is null && _listed > 0)
            playlist = Describe(isDelta).Write(_pool);
        return playlist;
    }

    /// <summary>Whether a delta leaves out nothing but what came before a segment.</summary>
    /// <remarks>
    /// Whoever asks for a segment knows those before it. After a stall seconds of media come at
    /// once, and the segment may itself be far from the end already.
    /// </remarks>
    public bool IsDeltaFor(long sequence)
    {
        var skipped = _listed > 0 ? Describe(isDelta: true).Skipped : 0;
        return skipped == 0 || _segments[^(_listed - skipped + 1)].Sequence < sequence;
    }

    private HlsPlaylist Describe(bool isDelta) => new()
    {
        TargetSeconds = TargetSeconds,
        Segments = CollectionsMarshal.AsSpan(_segments)[^_listed..],
        Folder = _folder,
        IsEnded = IsEnded,
        PartTargetMs = PartTargetMs,
        UnderWay = UnderWay,
        IsDelta = isDelta,
    };

    /// <summary>Takes a part of the next segment, whose packets it owns from now on.</summary>
    internal void AddPart(HlsPart part, bool isDiscontinuity, DateTimeOffset startUtc)
    {
        Invariant.Holds(!IsEnded && PartTargetMs > 0);
        _parts.Add(part);
        UnderWay ??= new HlsUnderWay(
            NextSequence, isDiscontinuity, startUtc, Init, _parts);
        Change();
    }

    /// <summary>Takes the newest segment, whose packets it owns from now on.</summary>
    /// <param name="durationMs">At least 1.</param>
    /// <param name="isDiscontinuity">Whether a decoder has to begin anew.</param>
    /// <param name="startUtc">When its first frame came.</param>
    /// <param name="packets">Those that are in none of its parts.</param>
    internal HlsSegment Add(
        long durationMs, bool isDiscontinuity, DateTimeOffset startUtc, Packet[] packets)
    {
        Invariant.Holds(durationMs > 0 && !IsEnded);
        _discontinuities += isDiscontinuity ? 1 : 0;
        var parts = TakeParts();
        var segment = new HlsSegment(
            NextSequence++, durationMs, _discontinuities, startUtc,
            parts.Count > 0 ? [.. PacketsOf(parts), .. packets] : packets)
        {
            IsDiscontinuity = isDiscontinuity,
            Init = Init,
            Parts = parts,
            PartTargetMs = PartTargetMs,
        };
        Init?.Packet.Retain();
        var follows = _segments.Count > 0 && _segments[^1].Sequence == segment.Sequence - 1;
        _segments.Add(segment);
        Bytes += segment.Bytes;
        _totalMs += durationMs;
        TargetSeconds = Math.Max(TargetSeconds, Round(durationMs));
        var named = _listed + 1;
        // What left does not return.
        _listed = Math.Min(CountListed(), follows ? named : 1);
        Keep(named);
        while (IsFree())
            DropOldest();
        if (Bytes > _settings.BytesMax && _segments.Count > 1)
            Struck?.Invoke(StreamBound.SegmentBytes);
        while (Bytes > _settings.BytesMax && _segments.Count > 1)
            DropOldest();
        Change();
        return segment;
    }

    /// <summary>Says what has to be read before the next segment.</summary>
    /// <param name="packet">Borrowed; the same object as before is the same name too.</param>
    internal void SetInit(Packet? packet)
    {
        if (packet == Init?.Packet)
            return;
        Init?.Packet.Release();
        Init = packet is null
            ? null
            : new HlsInit(
                _settings.IsAligned ? HlsInit.NameOf(packet.Written) : NextSequence,
                packet.Retain());
    }

    /// <summary>No segment will follow.</summary>
    internal void End()
    {
        IsEnded = true;
        Change();
    }

    /// <summary>
    /// What ended goes on: the playlist begins anew, its numbers go on, and what it listed can be
    /// fetched as ever.
    /// </summary>
    internal void Resume()
    {
        IsEnded = false;
        _listed = 0;
        Change();
    }

    /// <summary>Gives everything back.</summary>
    internal void Clear()
    {
        while (_segments.Count > 0)
            DropOldest();
        SetInit(null);
        foreach (var packet in PacketsOf(TakeParts()))
            packet.Release();
        Change();
    }

    private List<HlsPart> TakeParts()
    {
        if (UnderWay is null)
            return [];
        var parts = _parts;
        _parts = [];
        UnderWay = null;
        return parts;
    }

    private static IEnumerable<Packet> PacketsOf(IEnumerable<HlsPart> parts) =>
        parts.SelectMany(part => part.Packets);

    private IReadOnlyList<HlsPart> PartsOf(long sequence) =>
        sequence == NextSequence ? _parts : Find(sequence)?.Parts ?? [];

    /// <summary>
    /// As many as are wanted, and as long as players need: three target durations (§6.2.2).
    /// </summary>
    private int CountListed()
    {
        var count = 0;
        var durationMs = 0L;
        while (count < _segments.Count && count < ListedMax
            && (count < _settings.Window
                || durationMs < TargetsInPlaylist * TargetSeconds * 1000L))
        {
            durationMs += _segments[^++count].DurationMs;
        }
        return count;
    }

    /// <summary>Says how long those stay that were named until now, or are.</summary>
    private void Keep(int named)
    {
        var listed = CollectionsMarshal.AsSpan(_segments)[^_listed..];
        var playlistMs = 0L;
        foreach (var segment in listed)
            playlistMs += segment.DurationMs;
        foreach (var segment in listed)
            segment.PlaylistMs = Math.Max(segment.PlaylistMs, playlistMs);
        foreach (var segment in CollectionsMarshal.AsSpan(_segments)[^named..])
            segment.KeptUntilMs = _totalMs + segment.DurationMs + segment.PlaylistMs;
    }

    /// <summary>Whether nobody is about to ask for the oldest, nor for so many behind it.</summary>
    private bool IsFree()
    {
        if (_segments.Count <= _listed + _settings.DeleteThreshold)
            return false;
        for (var i = 0; i <= _settings.DeleteThreshold; i++)
        {
            if (_segments[i].KeptUntilMs > _totalMs)
                return false;
        }
        return true;
    }

    private void DropOldest()
    {
        var segment = _segments[0];
        _segments.RemoveAt(0);
        _listed = Math.Min(_listed, _segments.Count);
        Bytes -= segment.Bytes;
        segment.Release();
    }

    private void Change()
    {
        Version++;
        foreach (ref var playlist in _playlists.AsSpan())
        {
            playlist?.Release();
            playlist = null;
        }
    }

    /// <summary>As players round it: to the nearest (§4.3.3.1).</summary>
    private static int Round(long milliseconds) => (int)((milliseconds + 500) / 1000);
}
