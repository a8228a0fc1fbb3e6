using System;

namespace Reactor.Streaming.Hls;

/// <summary>Where segments begin, and their numbers, so that two servers agree unasked.</summary>
/// <remarks>
/// <para>Both have the frames of one encoder, with its times, and clocks that tell the same. A
/// publisher's 0 is put at the nearest whole fragment since 1970, so from then on all follows of a
/// frame's time: its slot, which is the number of the segment that begins there, and what is
/// written of it. A server that begins later, or anew, comes to the same.</para>
/// <para>A segment is whole or not at all: the first one begins with the first keyframe of a slot,
/// which is one whose slot came while we were there, or that is at its very beginning. Keyframes
/// are expected at multiples of the publisher's clock, so slots begin a little earlier: a
/// millisecond more or less does not count.</para>
/// <para>Numbers rise by one. Where a slot had no keyframe they go on by one too, and lag; but
/// behind as many regular segments as a playlist lists, or a pause, the number of the slot is
/// taken again. Nothing goes back: a clock that did, or another publisher in the same slot, is met
/// by going on.</para>
/// </remarks>
public sealed class HlsGrid(HlsSettings settings)
{
    /// <summary>A keyframe that comes so much before its slot belongs to it.</summary>
    private const int EarlyMs = 200;

    /// <summary>So many slots are waited for before numbers just go on.</summary>
    private const int AheadMax = 2;

    private readonly int _fragmentMs = settings.FragmentMs;
    private long _shiftMs;
    private long _slot;
    private long? _joined;
    private int _regular;
    private bool _isWaiting;

    /// <summary>What is added to the times of a stream for those that two servers share.</summary>
    /// <param name="settings">Which slots there are.</param>
    /// <param name="time">The stream's clock.</param>
    /// <param name="nowMs">The loop's clock.</param>
    /// <param name="utc">The wall clock of the same moment.</param>
    public static long ShiftOf(
        HlsSettings settings, TimeLine time, long nowMs, DateTimeOffset utc)
    {
        var epochMs = utc.ToUnixTimeMilliseconds() - (nowMs - time.EpochMs);
        return Floor(epochMs + (settings.FragmentMs / 2), settings.FragmentMs)
            * settings.FragmentMs - time.SourceOffsetMs;
    }

    /// <summary>A publisher begins.</summary>
    /// <param name="shiftMs">See <see cref="ShiftOf"/>; more where time would go back.</param>
    public void Begin(long shiftMs)
    {
        var behindMs = Math.Max(0, _shiftMs - shiftMs);
        _shiftMs = shiftMs + (-Floor(-behindMs, _fragmentMs) * _fragmentMs);
        Wait();
    }

    /// <summary>Frames are missing: the next segment begins with a slot.</summary>
    public void Wait()
    {
        _isWaiting = true;
        _joined = null;
    }

    /// <summary>The frame at the time that two servers share.</summary>
    public MediaFrame Place(in MediaFrame frame) =>
        frame with { TimeMs = frame.TimeMs + _shiftMs };

    /// <summary>Takes note of a frame. Whether a segment may begin with it.</summary>
    /// <param name="frame">Placed.</param>
    /// <param name="next">The next number.</param>
    public bool CanBegin(in MediaFrame frame, long next)
    {
        if (!_isWaiting)
            return true;
        var slot = SlotOf(frame.TimeMs);
        _joined ??= slot;
        var isFirst = frame.IsKeyframe
            && frame.TimeMs + EarlyMs - (slot * _fragmentMs) < 2 * EarlyMs;
        return (slot > _joined || isFirst) && (slot >= next || slot < next - AheadMax);
    }

    /// <summary>Whether a frame is of another slot than the segment's first one.</summary>
    public bool IsOver(long timeMs) => SlotOf(timeMs) != _slot;

    /// <summary>A segment begins.</summary>
    /// <param name="timeMs">With a frame of this time.</param>
    /// <param name="next">One more than the last number.</param>
    /// <param name="isLike">Whether another server that begins here would say the same.</param>
    /// <returns>Its number, not below the next.</returns>
    public long Open(long timeMs, long next, out bool isLike)
    {
        var slot = SlotOf(timeMs);
        var mayLeap = _isWaiting || _regular >= settings.Window;
        _regular = slot == _slot + 1 ? _regular + 1 : 0;
        (_slot, _isWaiting) = (slot, false);
        var number = mayLeap ? Math.Max(slot, next) : next;
        isLike = number == slot;
        return number;
    }

    private long SlotOf(long timeMs) => Floor(timeMs + EarlyMs, _fragmentMs);

    private static long Floor(long value, long unit) =>
        (value / unit) - (value % unit < 0 ? 1 : 0);
}
