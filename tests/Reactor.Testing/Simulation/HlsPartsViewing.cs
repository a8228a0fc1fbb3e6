using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using Reactor.Testing.Hls;

namespace Reactor.Testing.Simulation;

/// <summary>How far a viewer of low latency is: which part it wants, and what it has.</summary>
/// <remarks>It takes the parts of each segment from the first one on, and has the whole.
/// </remarks>
internal sealed class HlsPartsViewing
{
    private readonly Queue<(ListedPart Part, decimal Target)> _wanted = new();
    private readonly List<byte> _bytes = [];
    private readonly List<TakenPart> _taken = [];
    private DateTimeOffset _endsUtc;
    private long _sequence = -1;
    private int _index;
    private bool _isWhole;

    public bool IsBegun => _sequence >= 0;

    /// <summary>The part that it waits for, once it has the others.</summary>
    /// <param name="playlist">As it was read last.</param>
    /// <param name="isDelta">Whether to ask for what is new alone.</param>
    public string Query(PlaylistChecker playlist, bool isDelta)
    {
        if (!IsBegun || playlist.IsEnded)
            return "";
        return $"?_HLS_msn={_sequence}&_HLS_part={_index}{(isDelta ? "&_HLS_skip=YES" : "")}";
    }

    /// <summary>Wants what is new.</summary>
    /// <returns>Whether what comes does not follow what came.</returns>
    public bool Follow(PlaylistChecker playlist)
    {
        var listed = playlist.Parts.Listed;
        var isNew = !IsBegun || _sequence < playlist.Segments[0].Sequence;
        if (isNew)
        {
            Clear();
            if (listed.LastOrDefault(part => part.Index == 0) is not { } start)
                return true;
            _sequence = start.Sequence;
            _endsUtc = DateOf(playlist);
        }
        var parts = listed.Where(part => part.Sequence == _sequence).ToList();
        if (parts.Count < _index || (parts.Count == 0 && CompleteOf(playlist) is not null))
            WantWhole(playlist);
        foreach (var part in parts.Skip(_index))
        {
            _index++;
            _wanted.Enqueue((part, playlist.Parts.Target));
        }
        return isNew;
    }

    /// <summary>A segment without parts, or whose parts are not listed any more.</summary>
    private void WantWhole(PlaylistChecker playlist)
    {
        if (_isWhole || CompleteOf(playlist) is not { } whole)
            return;
        _isWhole = true;
        _wanted.Clear();
        Forget();
        _wanted.Enqueue((new ListedPart(_sequence, 0, whole.Uri, whole.Duration, true), 0));
    }

    /// <summary>The next part to fetch, and how long parts were at most when it was listed.
    /// </summary>
    public bool TryNext(out (ListedPart Part, decimal Target) wanted) =>
        _wanted.TryDequeue(out wanted);

    /// <summary>Takes the bytes of a part.</summary>
    /// <returns>When its last frame was over.</returns>
    public DateTimeOffset Add(ListedPart part, decimal target, ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        if (!_isWhole)
            _taken.Add(new TakenPart(part, bytes.Length, target));
        return _endsUtc += TimeSpan.FromSeconds((double)part.Duration);
    }

    /// <summary>Whether a segment is complete, and all of it is here.</summary>
    public bool TryEnd(
        PlaylistChecker playlist, [NotNullWhen(true)] out ListedSegment? segment, out byte[] bytes,
        out TakenPart[] parts)
    {
        var listed = playlist.Parts.Listed.Count(part => part.Sequence == _sequence);
        var hasAll = _bytes.Count > 0 && _wanted.Count == 0 && (_isWhole || listed == _index);
        segment = hasAll ? CompleteOf(playlist) : null;
        bytes = [.. _bytes];
        parts = [.. _taken];
        if (segment is null)
            return false;
        Forget();
        _sequence++;
        _index = 0;
        _isWhole = false;
        _endsUtc = DateOf(playlist);
        return true;
    }

    public void Clear()
    {
        _wanted.Clear();
        Forget();
        _sequence = -1;
        _index = 0;
        _isWhole = false;
    }

    private void Forget()
    {
        _bytes.Clear();
        _taken.Clear();
    }

    private ListedSegment? CompleteOf(PlaylistChecker playlist) =>
        playlist.Segments.FirstOrDefault(each => each.Sequence == _sequence);

    /// <summary>The date of the segment that comes next, as far as it is told.</summary>
    private DateTimeOffset DateOf(PlaylistChecker playlist)
    {
        var last = playlist.Segments.Last(each => each.Sequence <= _sequence);
        return last.Sequence == _sequence
            ? last.Date!.Value
            : last.Date!.Value + TimeSpan.FromSeconds((double)last.Duration);
    }
}
