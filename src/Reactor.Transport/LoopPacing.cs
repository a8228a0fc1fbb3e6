using System;

namespace Reactor.Transport;

/// <summary>How long frames may wait for company, by the load of the loop.</summary>
/// <remarks>
/// A send costs microseconds whatever is in it, and so does a receive; sending and reading less
/// often is the one way to serve more. Nobody has to choose: while turns have slack nothing waits;
/// above <see cref="BusyShare"/> of the time the wait grows, below <see cref="EasyShare"/> it
/// shrinks, the more the farther off: so it comes to be about the shortest that fits, and stays.
/// Near them steps are small: what a step does shows a window late, for what waits already keeps
/// its time, and after a long one short and long waits would take turns.
/// </remarks>
/// <param name="fixedMs">A wait that was configured and does not change; null to adapt.</param>
/// <param name="waitMaxMs">The longest wait that adapting leads to.</param>
public sealed class LoopPacing(int? fixedMs, int waitMaxMs)
{
    /// <summary>The share of time at work from which frames wait longer.</summary>
    public const double BusyShare = 0.85;

    /// <summary>The share of time at work below which frames wait less.</summary>
    public const double EasyShare = 0.70;

    private const int WindowMs = 200;
    private const int FirstWaitMs = 10;
    private const double GrowthGain = 3;

    /// <summary>A shorter wait would read more often than audio and video come.</summary>
    private const int ReadWaitMinMs = 20;

    private int? _fixedMs = fixedMs;
    private int _waitMaxMs = waitMaxMs;
    private double _busyMs;
    private long _windowMs;

    /// <summary>How long a flush may wait now.</summary>
    public int WaitMs { get; private set; } = fixedMs ?? 0;

    /// <summary>
    /// How long publishers may wait to be read; what was read late does not wait for its flush.
    /// </summary>
    public int ReadWaitMs => _fixedMs is null && WaitMs >= ReadWaitMinMs ? WaitMs : 0;

    /// <summary>The share of time at work in the last window, 0 to 1.</summary>
    public double Load { get; private set; }

    /// <summary>Another wait is configured from now on.</summary>
    /// <param name="fixedMs">A wait that does not change; null to adapt.</param>
    /// <param name="waitMaxMs">The longest wait that adapting leads to.</param>
    public void Set(int? fixedMs, int waitMaxMs)
    {
        _fixedMs = fixedMs;
        _waitMaxMs = waitMaxMs;
        WaitMs = fixedMs ?? Math.Min(WaitMs, waitMaxMs);
    }

    /// <summary>Counts a turn's work.</summary>
    /// <param name="nowMs">The clock of the turn.</param>
    /// <param name="busyMs">How long the turn worked; waiting left out.</param>
    public void EndTurn(long nowMs, double busyMs)
    {
        _busyMs += busyMs;
        var elapsed = nowMs - _windowMs;
        if (elapsed < WindowMs)
            return;
        Load = _busyMs / elapsed;
        _busyMs = 0;
        _windowMs = nowMs;
        if (_fixedMs is not null)
            return;
        if (Load > BusyShare)
            Grow();
        else if (Load < EasyShare)
            Shrink();
    }

    /// <summary>A full loop does not tell how much does not fit: so by more than shows.</summary>
    private void Grow()
    {
        var factor = 1 + (GrowthGain * (Math.Min(1, Load) - BusyShare));
        WaitMs = Math.Min(_waitMaxMs, Math.Max(FirstWaitMs, (int)(WaitMs * factor)));
    }

    private void Shrink()
    {
        var shorter = (int)(WaitMs * (1 - (EasyShare - Load)));
        WaitMs = shorter >= FirstWaitMs ? shorter : 0;
    }
}
