using System;

namespace Reactor.Transport;

/// <summary>How long frames may wait for company, by the load of the loop.</summary>
/// <remarks>
/// A send costs microseconds whatever is in it, and so does a receive; sending and reading less
/// often is the one way to serve more. Nobody has to choose: while turns have slack nothing waits;
/// above <see cref="BusyShare"/> of the time the wait grows, below <see cref="EasyShare"/> it
/// shrinks, the more the farther off. Between them it shrinks too, but slowly: the wait of a moment
/// that was full, such as when thousands join, may be more than what comes after it needs, and only
/// trying tells; what was tried in vain is tried less often. So it comes to be about the shortest
/// that fits. Steps are small there: what a step does shows a window late, for what waits already
/// keeps its time, and after a long one short and long waits would take turns.
/// </remarks>
/// <param name="fixedMs">A wait that was configured and does not change; null to adapt.</param>
/// <param name="waitMaxMs">The longest wait that adapting leads to.</param>
public sealed class LoopPacing(int? fixedMs, int waitMaxMs)
{
    /// <summary>The share of time at work from which frames wait longer.</summary>
    public const double BusyShare = 0.85;

    /// <summary>The share of time at work below which frames wait less.</summary>
    public const double EasyShare = 0.70;

    /// <summary>From here on there is no use in looking any longer: the loop is full.</summary>
    private const double FullShare = 0.97;

    private const int WindowMs = 200;

    /// <summary>
    /// A wait makes lumps of the work, and of few of them a window has one more or less by chance.
    /// </summary>
    private const int WindowWaits = 10;

    /// <summary>Who waits again so soon has tried in vain to do without.</summary>
    private const int RelapseMs = 2000;

    /// <summary>By so much at most it shrinks slower for having been tried in vain.</summary>
    private const int PatienceMax = 32;

    /// <summary>Before anything waits: a moment that is busy is no reason.</summary>
    private const int CalmWindowMs = 1000;


    /// <summary>
    /// A shorter wait takes no two pictures together, at 25 a second and more, and costs more than
    /// none: what is sent later is fetched into the processor's cache a second time.
    /// </summary>
    private const int FirstWaitMs = 40;

    /// <summary>
    /// So far the wait shrinks unseen before there is none: else the shortest and none would take
    /// turns.
    /// </summary>
    private const int LastWaitMs = 30;

    private const double GrowthGain = 3;

    /// <summary>
    /// By so much of itself a wait that fits is shorter a window later; by less, the fuller it is.
    /// </summary>
    private const double TrialShare = 0.05;

    private int? _fixedMs = fixedMs;
    private int _waitMaxMs = waitMaxMs;
    private double _waitMs;
    private long _endedMs = -RelapseMs;
    private int _patience = 1;
    private double _busyMs;
    private long _windowMs;

    /// <summary>How long a flush may wait now.</summary>
    public int WaitMs => _fixedMs ?? (int)(_waitMs > 0 ? Math.Max(_waitMs, ShortestMs) : 0);

    /// <summary>
    /// How long publishers may wait to be read; what was read late does not wait for its flush.
    /// </summary>
    public int ReadWaitMs => _fixedMs is null ? WaitMs : 0;

    /// <summary>The share of time at work in the last window, 0 to 1.</summary>
    public double Load { get; private set; }

    private double ShortestMs => Math.Min(FirstWaitMs, _waitMaxMs);

    /// <summary>Another wait is configured from now on.</summary>
    /// <param name="fixedMs">A wait that does not change; null to adapt.</param>
    /// <param name="waitMaxMs">The longest wait that adapting leads to.</param>
    public void Set(int? fixedMs, int waitMaxMs)
    {
        _fixedMs = fixedMs;
        _waitMaxMs = waitMaxMs;
        _waitMs = fixedMs is null ? Math.Min(_waitMs, waitMaxMs) : 0;
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
        var isEnough = elapsed >= (WaitMs > 0 ? WindowWaits * WaitMs : CalmWindowMs);
        if (!isEnough && Load < FullShare)
            return;
        _busyMs = 0;
        _windowMs = nowMs;
        if (_fixedMs is not null)
            return;
        if (Load > BusyShare)
            Grow(nowMs);
        else if (_waitMs > 0)
            Shrink(nowMs);
    }

    /// <summary>A full loop does not tell how much does not fit: so by more than shows.</summary>
    private void Grow(long nowMs)
    {
        if (_waitMs == 0)
            _patience = nowMs - _endedMs < RelapseMs ? Math.Min(2 * _patience, PatienceMax) : 1;
        var factor = 1 + (GrowthGain * (Math.Min(1, Load) - BusyShare));
        _waitMs = Math.Min(_waitMaxMs, Math.Max(ShortestMs, _waitMs * factor));
    }

    private void Shrink(long nowMs)
    {
        var trial = TrialShare * Math.Min(1, (BusyShare - Load) / (BusyShare - EasyShare));
        _waitMs *= 1 - ((trial + Math.Max(0, EasyShare - Load)) / _patience);
        if (_waitMs >= Math.Min(LastWaitMs, _waitMaxMs / 2))
            return;
        _waitMs = 0;
        _endedMs = nowMs;
    }
}
