using System;
using System.Collections.Generic;
using Reactor.Testing.Hls;

namespace Reactor.Testing.Simulation;

/// <summary>When a container shows a frame, in milliseconds of its own clock.</summary>
/// <param name="Decoded">When it is decoded.</param>
/// <param name="Shown">When it is shown.</param>
/// <param name="Ends">When it is over, as far as the container says so.</param>
/// <param name="Tick">What the container's clock can tell apart.</param>
public readonly record struct ContainerTime(
    double Decoded, double Shown, double Ends, double Tick);

/// <summary>The times of frames in segments, held against those that were published.</summary>
/// <remarks>
/// <para>Between two discontinuities there is one distance between both clocks. Each frame says
/// within which bounds it is, and the bounds of all frames, of either track, have to meet: so a
/// track keeps its own time, and sound and picture keep together. A picture's bound is its tick;
/// sound, which is counted in samples, may be as far from its time as the writers promise.</para>
/// <para>A segment lasts from its first frame to the first one of the next, and so does a part.
/// </para>
/// </remarks>
/// <param name="failed">Told what does not hold, and where.</param>
internal sealed class HlsTimes(Func<string, string, Exception> failed)
{
    private const string KeepTime = "frames in segments keep the times that were published";
    private const string KeepLength = "a segment and a part last as long as the playlist says";
    private const string TellStart =
        "a part begins with a sync sample if it says so, and only then";

    /// <summary>How far sound may be from the count of its samples.</summary>
    private const double DriftMs = 10;

    /// <summary>The last picture lasts as long as the one before it, but no longer than that.
    /// </summary>
    private const long LastStepMaxMs = 1000;

    /// <summary>Where a picture begins anew, sound of so long before it is in its segment.
    /// </summary>
    private const long SoundBeforeMs = 500;

    private readonly List<Stretch> _parts = [];
    private double _low = double.MinValue;
    private double _high = double.MaxValue;
    private double _end = double.MinValue;
    private Publication? _publication;
    private Stretch? _before;
    private Stretch? _segment;

    /// <summary>Another segment begins.</summary>
    /// <param name="segment">As the playlist has it.</param>
    /// <param name="isNext">Whether it is the one behind the last one.</param>
    public void BeginSegment(ListedSegment segment, bool isNext)
    {
        _before = isNext ? _segment : null;
        _segment = new Stretch(segment.Duration, segment.Uri)
        {
            Follows = isNext && !segment.IsDiscontinuity,
        };
        _parts.Clear();
        if (!_segment.Follows)
            Forget();
    }

    /// <summary>A part of it begins.</summary>
    /// <param name="part">As the playlist had it.</param>
    /// <param name="target">Longer, in seconds, no part was said to be then.</param>
    public void BeginPart(ListedPart part, decimal target) =>
        _parts.Add(new Stretch(part.Duration, part.Uri)
        {
            LongestMs = (long)(target * 1000),
            IsIndependent = part.IsIndependent,
        });

    /// <summary>A frame of the segment, and of the part, that has begun.</summary>
    /// <param name="publication">Whose it is.</param>
    /// <param name="index">Which of its messages.</param>
    /// <param name="compositionMs">How long after its time it is shown.</param>
    /// <param name="time">As the container has it.</param>
    public void See(Publication publication, int index, int compositionMs, ContainerTime time)
    {
        if (publication != _publication)
            Forget();
        _publication = publication;
        var message = publication.Messages[index];
        var sort = message.Sort;
        var publishedMs = (int)(message.Timestamp - publication.Messages[0].Timestamp);
        var bound = sort == FrameSort.Audio ? DriftMs + time.Tick : time.Tick * 0.4;
        Meet(time.Decoded - publishedMs, bound, sort, index);
        Meet(time.Shown - publishedMs - compositionMs, bound, sort, index);
        if (sort != FrameSort.Audio)
            SeeEnd(time, bound);
        _segment?.See(index, publishedMs, sort);
        if (_parts.Count > 0)
            _parts[^1].See(index, publishedMs, sort);
    }

    /// <summary>All frames of the segment were seen.</summary>
    public void EndSegment()
    {
        if (_segment is not { IsEmpty: false } segment)
            return;
        var isLong = segment.DurationMs >= segment.LastMs - segment.FirstMs - segment.EarlyMs;
        if (!isLong || _before is { IsEmpty: false } before && !IsLengthOf(before, segment))
            throw failed(KeepLength, $"{_before}, then {segment}");
        if (_parts.Exists(part => part.IsEmpty))
            return;                             // one did not come
        var wrong = WrongOf(segment, segment.EarlyMs);
        if (wrong is not null && (wrong = WrongOf(segment, earlyMs: 0)) is not null)
            throw failed(wrong, $"{string.Join(", ", _parts)} of {segment}");
    }

    /// <summary>What does not hold of the parts of a segment; null where all does.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="earlyMs">How much sound comes before the picture that is its beginning.</param>
    private string? WrongOf(Stretch segment, long earlyMs)
    {
        var endMs = segment.FirstMs + earlyMs + segment.DurationMs;
        for (var i = _parts.Count - 1; i >= 0; i--)
        {
            var part = _parts[i];
            var isEarly = i == 0 && earlyMs > 0;
            var startMs = part.FirstMs + (isEarly ? earlyMs : 0);
            if (part.DurationMs != Math.Clamp(endMs - startMs, 1, part.LongestMs))
                return KeepLength;
            var begins = isEarly ? part.Picture : part.Begins;
            if (part.IsIndependent != (begins == FrameSort.Keyframe || !segment.HasVideo))
                return TellStart;
            endMs = startMs;
        }
        return null;
    }

    /// <summary>Where the next one does not follow, the last picture's end is a guess.</summary>
    private static bool IsLengthOf(Stretch before, Stretch segment)
    {
        var lastsMs = segment.FirstMs - before.FirstMs;
        return segment.Follows
            ? before.DurationMs == Math.Max(1, lastsMs)
                || before.DurationMs == lastsMs - before.EarlyMs
            : before.DurationMs <= before.LastMs - before.FirstMs + LastStepMaxMs
                || before.DurationMs <= lastsMs + segment.EarlyMs;
    }

    private void Meet(double distance, double bound, FrameSort sort, int index)
    {
        var (low, high) = (_low, _high);
        _low = Math.Max(low, distance - bound);
        _high = Math.Min(high, distance + bound);
        if (_low > _high)
        {
            throw failed(
                KeepTime,
                $"{sort} {index} of {_publication!.Id}: {distance} ms, not {low} to {high}");
        }
    }

    /// <summary>A picture lasts no longer than until the next one.</summary>
    private void SeeEnd(ContainerTime time, double bound)
    {
        if (time.Decoded + bound < _end)
            throw failed(KeepTime, $"a picture until {_end}, the next at {time.Decoded}");
        _end = time.Ends;
    }

    private void Forget()
    {
        _low = double.MinValue;
        _high = double.MaxValue;
        _end = double.MinValue;
    }

    /// <summary>A segment or a part: what is said of it, and what was seen.</summary>
    private sealed class Stretch(decimal seconds, string uri)
    {
        private int _first = int.MaxValue;
        private long _pictureMs = long.MaxValue;

        public long DurationMs { get; } = (long)(seconds * 1000);

        public bool Follows { get; init; }

        public long LongestMs { get; init; }

        public bool IsIndependent { get; init; }

        public bool IsEmpty => _first == int.MaxValue;

        public bool HasVideo => _pictureMs < long.MaxValue;

        public FrameSort Begins { get; private set; }

        /// <summary>The first of its pictures.</summary>
        public FrameSort Picture { get; private set; }

        public long FirstMs { get; private set; }

        public long LastMs { get; private set; } = long.MinValue;

        /// <summary>So much sound there is before the picture, if that is its beginning.</summary>
        public long EarlyMs => !Follows && _pictureMs - FirstMs <= SoundBeforeMs
            ? _pictureMs - FirstMs
            : 0;

        /// <summary>Tracks come one after another: what was published first begins it.</summary>
        public void See(int index, long publishedMs, FrameSort sort)
        {
            if (index < _first)
                (_first, FirstMs, Begins) = (index, publishedMs, sort);
            LastMs = Math.Max(LastMs, publishedMs);
            if (sort != FrameSort.Audio && publishedMs < _pictureMs)
                (_pictureMs, Picture) = (publishedMs, sort);
        }

        public override string ToString() =>
            $"{uri} of {DurationMs} ms, {Begins} at {FirstMs} to {LastMs}";
    }
}
