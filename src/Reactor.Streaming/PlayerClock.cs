using System;

namespace Reactor.Streaming;

/// <summary>How the time that a player sees begins, and whether it is the repaired one.</summary>
public enum TimeMode
{
    /// <summary>Repaired, and beginning at 0 (SRS's <c>time_jitter full</c>).</summary>
    Full,

    /// <summary>Repaired, as the live stream counts it: the same for whoever joins when.
    /// </summary>
    Shared,

    /// <summary>As the publisher sends it, but beginning at 0.</summary>
    Zero,

    /// <summary>As the publisher sends it.</summary>
    Off,
}

/// <summary>Turns the stream's time into one player's (Q57).</summary>
/// <remarks>The first frame begins the clock; what is older, such as audio that came a little
/// behind the keyframe, stands at 0.</remarks>
public struct PlayerClock(TimeMode mode)
{
    private const int ResumeStepMs = 20;
    private long _start;
    private long _floorMs;
    private long _lastMs;
    private uint _last;
    private bool _hasStarted;
    private bool _resumes;

    /// <summary>The player's timestamp of a frame, modulo 2^32.</summary>
    public uint Of(in MediaFrame frame)
    {
        if (mode == TimeMode.Off)
            return frame.SourceTime;
        if (mode == TimeMode.Shared)
            return (uint)frame.TimeMs;
        var isBeside = frame.IsConfig || frame.Kind == FrameKind.Data;
        if (!_hasStarted)
        {
            if (isBeside)
                return (uint)_floorMs;          // headers come first, and have no time of their own
            _hasStarted = true;
            _start = (mode == TimeMode.Full ? frame.TimeMs : frame.SourceTime) - _floorMs;
        }
        if (mode != TimeMode.Full)
            return isBeside ? _last : OfSource(frame);
        var timeMs = Math.Max(_floorMs, frame.TimeMs - _start);
        _lastMs = Math.Max(_lastMs, timeMs);
        return (uint)timeMs;
    }

    /// <summary>The player goes on with another stream, behind all that it has had.</summary>
    public void Move()
    {
        if (!_hasStarted)
            return;
        _floorMs = (mode == TimeMode.Full ? _lastMs : _last) + ResumeStepMs;
        _hasStarted = _resumes = false;
    }

    /// <summary>
    /// Another publisher begins: its clock is tied to where the last one ended (Q61).
    /// </summary>
    public void Resume() => _resumes = _hasStarted;

    private uint OfSource(in MediaFrame frame)
    {
        if (_resumes)
        {
            _resumes = false;
            _start = frame.SourceTime - (_last + ResumeStepMs);
        }
        var sinceStart = (int)(frame.SourceTime - (uint)_start);
        var isOlder = sinceStart < _floorMs && sinceStart > _floorMs - TimeLine.ForwardMaxMs;
        return _last = isOlder ? (uint)_floorMs : (uint)sinceStart;
    }
}
