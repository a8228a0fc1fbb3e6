using System;
using Reactor.Primitives;

namespace Reactor.Streaming.Hls;

/// <summary>When the segments of a stream were recorded: dates for its playlist.</summary>
/// <remarks>
/// They follow the stream's own clock, which the wall clock sets where a publisher begins or the
/// stream's clock leaps. A frame may come late, but not early, so the earliest of a segment tells.
/// Later the wall clock is followed only where it is ahead in two segments in a row and not being
/// caught up: arrears that come in a burst are as old as they are. No date is before the end of
/// the segment before it, whatever the wall clock does.
/// </remarks>
/// <param name="fixedEpoch">When the stream's clock was 0, where that is known for good.</param>
internal sealed class HlsDates(DateTimeOffset? fixedEpoch = null)
{
    private static readonly TimeSpan DriftMax = TimeSpan.FromSeconds(1);

    /// <summary>Who catches up by more than this in a segment has not lost time for good.</summary>
    private static readonly TimeSpan CatchUpMin = TimeSpan.FromMilliseconds(100);

    private DateTimeOffset? _epoch;
    private DateTimeOffset? _seen;
    private DateTimeOffset? _seenBefore;
    private DateTimeOffset _end;

    /// <summary>The stream's clock is another one from now on.</summary>
    public void Begin() => _epoch = _seen = _seenBefore = null;

    /// <summary>A frame has come.</summary>
    /// <param name="timeMs">By the stream's clock.</param>
    /// <param name="utc">By the wall clock.</param>
    public void See(long timeMs, DateTimeOffset utc)
    {
        var epoch = utc - TimeSpan.FromMilliseconds(timeMs);
        if (_seen is null || epoch < _seen)
            _seen = epoch;
    }

    /// <summary>The date of a segment, once a frame of it was seen; asked once for each.</summary>
    public DateTimeOffset DateOf(long startMs)
    {
        if (fixedEpoch is null)
            FollowClock();
        _epoch ??= fixedEpoch;
        var start = TimeSpan.FromMilliseconds(startMs);
        if (_epoch!.Value + start < _end)
            _epoch = _end - start;
        return _epoch.Value + start;
    }

    /// <summary>No later segment begins before this.</summary>
    public void End(DateTimeOffset end) => _end = end;

    private void FollowClock()
    {
        var seen = _seen ?? _seenBefore;
        Invariant.Holds(seen is not null);
        var isAhead = seen - _epoch > DriftMax && _seenBefore - _epoch > DriftMax
            && seen >= _seenBefore - CatchUpMin;
        if (isAhead)
            _epoch = seen < _seenBefore ? seen : _seenBefore;
        _epoch ??= seen;
        (_seenBefore, _seen) = (seen, null);
    }
}
