using System;
using System.Collections.Generic;

namespace Reactor.Streaming.Hls;

/// <summary>Says where a segment is cut into parts (RFC 8216bis §4.4.4.9).</summary>
/// <remarks>
/// <para>No part may be longer than the target that the playlist tells, or shorter than 85 % of it
/// but at the end of its segment. With pictures of 24 a second parts of 200 ms could not be: four
/// are too short and five too long. So the target is as many whole frames as make the wanted
/// length, and where frames come unevenly it is so long that one frame more or less is within the
/// 15 %. So frames are measured first: those that are held while a publisher begins, and where
/// another track takes the lead, those of a segment, which has no parts. The target stays unless
/// they do not fit it. A frame that comes later than they did, a dropped one, makes the part no
/// longer as far as is told; the segment's own duration has it.
/// </para>
/// </remarks>
/// <param name="wantedMs">How long parts should be, at least; 0 for none.</param>
/// <param name="longestMs">However the frames come, they are no longer.</param>
internal sealed class HlsPartClock(int wantedMs, int longestMs)
{
    /// <summary>With so many it need not be waited for more.</summary>
    public const int StepsWanted = 16;

    private const int StepsMin = 8;
    private const int StepsMax = 128;

    /// <summary>A part is so many percent of the target at least.</summary>
    private const int PercentMin = 85;

    private readonly List<int> _steps = [];
    private long _startMs;
    private int _stepMs;
    private bool _isMeasuring;

    /// <summary>No part is longer; 0 until it is known, or where there are none.</summary>
    public int TargetMs { get; private set; }

    /// <summary>Other frames come from now on.</summary>
    public void Restart()
    {
        _isMeasuring = wantedMs > 0;
        _steps.Clear();
    }

    /// <summary>A frame of the leading track came so long after the one before it.</summary>
    public void Measure(long stepMs)
    {
        if (_isMeasuring && stepMs > 0 && _steps.Count < StepsMax)
            _steps.Add((int)Math.Min(stepMs, longestMs));
    }

    /// <summary>Parts may begin, if enough is known.</summary>
    public void Settle()
    {
        if (!_isMeasuring || _steps.Count < StepsMin)
            return;
        _steps.Sort();
        // One in ten may be a frame that was dropped, or one that was late.
        var least = _steps[_steps.Count / 10];
        _stepMs = _steps[^(1 + (_steps.Count / 10))];
        _isMeasuring = false;
        if (!Fits(TargetMs, least))
            TargetMs = ChooseTarget(least);
    }

    private int ChooseTarget(int least)
    {
        var whole = (wantedMs + _stepMs - 1) / _stepMs * _stepMs;
        var loose = ((_stepMs * 100) + 99 - PercentMin) / (100 - PercentMin);
        return Math.Min(Fits(whole, least) ? whole : Math.Max(wantedMs, loose), longestMs);
    }

    /// <summary>Whether parts of so many of these frames as it has room for are long enough.
    /// </summary>
    private bool Fits(int target, int least) => target > 0
        && (target / _stepMs * least * 100 >= target * PercentMin
            || _stepMs * 100 <= target * (100 - PercentMin));

    /// <summary>A part begins.</summary>
    public void Begin(long timeMs) => _startMs = timeMs;

    /// <summary>Whether the part is as long as it may be without the next frame.</summary>
    public bool IsOver(long timeMs) =>
        !_isMeasuring && TargetMs > 0 && timeMs > _startMs
        && timeMs + _stepMs > _startMs + TargetMs;

    /// <summary>How long a part is that ends now.</summary>
    public long Duration(long endMs) => Math.Clamp(endMs - _startMs, 1, TargetMs);
}
