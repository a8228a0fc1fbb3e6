using System;

namespace Reactor.Protocol.Rtmp;

/// <summary>A bucket that fills by the second and is emptied by the event.</summary>
public sealed class RateLimit(int perSecond, int burst)
{
    private double _left = burst;
    private long _filledMs;

    /// <summary>Takes one; false when too many came.</summary>
    public bool TryTake(long nowMs)
    {
        _left = Math.Min(burst, _left + (Math.Max(0, nowMs - _filledMs) * perSecond / 1000.0));
        _filledMs = nowMs;
        if (_left < 1)
            return false;
        _left--;
        return true;
    }
}
