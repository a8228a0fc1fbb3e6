using System;

namespace Reactor.Streaming;

/// <summary>The clock of a live stream: what publishers send, made continuous.</summary>
/// <remarks>
/// <para>Timestamps are unwrapped to 64 bits, at 2^32 and at ffmpeg's 2^31 (Q59): of the two
/// readings the nearer to the last one counts.</para>
/// <para>Each track has an offset to the publisher's clock. A leap of that clock, forward beyond
/// the time that has really passed or backward, moves the offset, so that the track goes on one
/// frame later; a track that leaps alike takes the very same correction, which keeps sound and
/// picture together (Q58).</para>
/// <para>A new publisher goes on where the last one ended (Q61).</para>
/// <para>When a publisher's clock was 0, its first moments tell: a frame may come late, having
/// waited somewhere, but not early (<see cref="EpochMs"/>).</para>
/// Invariant: the time of a track never goes back.
/// </remarks>
public sealed class TimeLine
{
    /// <summary>A leap forward beyond real time that is believed: a pause, a slow file.</summary>
    public const int ForwardMaxMs = 10_000;

    /// <summary>A step back that is evened out without moving the clock.</summary>
    public const int BackwardMaxMs = 100;

    /// <summary>Where the clock begins: before it is room for what is older than the first frame,
    /// such as pictures that come a little behind the sound.</summary>
    private const int OriginMs = ForwardMaxMs;

    /// <summary>What waited for a publisher's connection has come by then.</summary>
    public const int SettleMs = 500;

    private const int UsualStepMs = 20;
    private const int UsualStepMaxMs = 1000;
    private const int AlikeMs = 2000;

    private readonly Track[] _tracks = [new(), new(), new()];
    private long _source;
    private bool _hasSource;
    private long _shift;
    private int _shifts;
    private long _arrivedMs;
    private long _firstMs;

    /// <summary>The latest time that any track has reached.</summary>
    public long LatestMs { get; private set; }

    /// <summary>Leaps of a publisher's clock that were evened out.</summary>
    public long Repairs { get; private set; }

    /// <summary>The stream's time of the publisher's 0, as it was at its first frame.</summary>
    public long SourceOffsetMs { get; private set; }

    /// <summary>When that 0 was, on the loop's clock; as far as it is known.</summary>
    public long EpochMs { get; private set; }

    /// <summary>Whether no later frame of this publisher can tell more of it.</summary>
    public bool IsSettled(long nowMs) => _hasSource && nowMs - _firstMs >= SettleMs;

    /// <summary>A publisher begins: its clock has nothing to do with the last one's.</summary>
    public void Begin()
    {
        _hasSource = false;
        _shift = 0;
        _shifts = 0;
        foreach (var track in _tracks)
            track.Begin();
    }

    /// <summary>The time of what stands beside the clock: headers, ends, data (Q51, Q62).</summary>
    public long TimeOf(FrameKind kind) =>
        kind == FrameKind.Data ? LatestMs : _tracks[(int)kind].Last;

    /// <summary>The stream's time of a frame.</summary>
    /// <param name="kind">The track.</param>
    /// <param name="timestamp">The publisher's, modulo 2^32 or 2^31.</param>
    /// <param name="nowMs">When it arrived, on the loop's clock.</param>
    public long Advance(FrameKind kind, uint timestamp, long nowMs)
    {
        var isFirst = !_hasSource;
        var source = Unwrap(timestamp);
        var elapsed = isFirst ? 0 : nowMs - _arrivedMs;
        _arrivedMs = nowMs;

        var track = _tracks[(int)kind];
        if (isFirst)
        {
            var start = LatestMs == 0 ? OriginMs : LatestMs + UsualStepMs;
            foreach (var each in _tracks)
                each.Offset = start - source;
            SourceOffsetMs = start - source;
            _firstMs = nowMs;
            EpochMs = nowMs - source;
        }
        else if (IsLeap(track, source, elapsed))
        {
            Correct(track, source);
        }
        var time = Move(track, source + track.Offset);
        if (!IsSettled(nowMs))
            EpochMs = Math.Min(EpochMs, nowMs - (time - SourceOffsetMs));
        return time;
    }

    private long Unwrap(uint timestamp)
    {
        if (!_hasSource)
        {
            _hasSource = true;
            return _source = timestamp;
        }
        long step = (int)(timestamp - (uint)_source);
        if (Math.Abs(step) > 1 << 30)
        {
            // Twelve days at once: ffmpeg's clock has 31 bits (S1.41).
            step = (int)((timestamp - (uint)_source) << 1) >> 1;
        }
        return _source += step;
    }

    private bool IsLeap(Track track, long source, long elapsedMs)
    {
        var time = source + track.Offset;
        var forwardMax = LatestMs + elapsedMs + ForwardMaxMs;
        return time > forwardMax
            || (track.HasLast ? time < track.Last - BackwardMaxMs : time < LatestMs - ForwardMaxMs);
    }

    private void Correct(Track track, long source)
    {
        Repairs++;
        var wanted = track.HasLast ? track.Last + track.Step : LatestMs;
        foreach (var other in _tracks)
        {
            // The other track leapt before, or this one comes back from a leap of its own.
            if (!other.HasLast || !IsNear(source + other.Offset, wanted))
                continue;
            track.Offset = other.Offset;
            track.Shifts = _shifts;
            return;
        }
        if (track.Shifts == _shifts || !IsNear(source + track.Offset + _shift, wanted))
        {
            _shift = wanted - (source + track.Offset);
            _shifts++;
        }
        track.Offset += _shift;
        track.Shifts = _shifts;
    }

    private static bool IsNear(long time, long wanted) =>
        time >= wanted - BackwardMaxMs && time <= wanted + AlikeMs;

    private long Move(Track track, long time)
    {
        var step = time - track.Last;
        if (track.HasLast && step is > 0 and <= UsualStepMaxMs)
            track.Step = step;
        track.Last = Math.Max(track.Last, time);
        track.HasLast = true;
        LatestMs = Math.Max(LatestMs, track.Last);
        return track.Last;
    }

    private sealed class Track
    {
        public long Offset { get; set; }

        public long Last { get; set; }

        /// <summary>Whether this publisher has sent a frame of it.</summary>
        public bool HasLast { get; set; }

        public long Step { get; set; } = UsualStepMs;

        public int Shifts { get; set; }

        public void Begin()
        {
            HasLast = false;
            Shifts = 0;
        }
    }
}
