using System;
using Reactor.Transport;

namespace Reactor.Server.Control;

/// <summary>How busy the loop was of late: over the last five to ten seconds.</summary>
internal sealed class LoopMeter(EventLoop loop)
{
    private const int WindowMs = 5000;

    private Mark _older = new(0, 0, new long[loop.TurnTimes.Counts.Length]);
    private Mark _newer = new(0, 0, new long[loop.TurnTimes.Counts.Length]);

    /// <summary>Called now and then.</summary>
    public void Check(long nowMs)
    {
        if (nowMs - _newer.AtMs < WindowMs)
            return;
        var counts = _older.Counts;             // used again: nothing is made for a look
        _older = _newer;
        loop.TurnTimes.Counts.CopyTo(counts);
        _newer = new Mark(nowMs, loop.TurnTimes.Sum, counts);
    }

    /// <summary>Between 0 and 1.</summary>
    public double BusyShare(long nowMs) => nowMs <= _older.AtMs
        ? 0
        : Math.Min(1, (loop.TurnTimes.Sum - _older.SumMs) / (nowMs - _older.AtMs));

    /// <summary>The time that one turn of a hundred took longer than.</summary>
    public double TurnMsP99 => loop.TurnTimes.Percentile(0.99, _older.Counts);

    private readonly record struct Mark(long AtMs, double SumMs, long[] Counts);
}
