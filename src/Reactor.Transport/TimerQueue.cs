using System;
using System.Diagnostics.CodeAnalysis;
using Reactor.Primitives;
using Reactor.Transport.Polling;

namespace Reactor.Transport;

/// <summary>One deadline that can be set, moved and taken back; made once by its owner.</summary>
/// <param name="queue">The loop's queue.</param>
/// <param name="due">What happens at the deadline, on the loop.</param>
/// <param name="owner">Whose fault an exception is; null where it is everybody's.</param>
public sealed class LoopTimer(TimerQueue queue, Action due, IFaultTarget? owner) : IDeadline
{
    internal int Index { get; set; } = -1;

    internal long DeadlineMs { get; set; }

    internal long Order { get; set; }

    internal Action Due => due;

    internal IFaultTarget? Owner => owner;

    public bool IsSet => Index >= 0;

    /// <summary>
    /// Sets or moves the deadline: once, so many milliseconds from now, at least one.
    /// </summary>
    public void Set(long delayMs) => queue.Set(this, delayMs);

    public void Cancel() => queue.Cancel(this);
}

/// <summary>A heap of deadlines; equal ones fire in the order in which they were set.</summary>
/// <remarks>Invariant: _heap[i].Index == i, and no timer is due before its parent.</remarks>
public sealed class TimerQueue
{
    private LoopTimer[] _heap = new LoopTimer[16];
    private long _nowMs;
    private long _order;

    /// <summary>Timers that are set; zero after shutdown.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// Milliseconds until the next deadline: 0 when one is due, −1 when none is set.
    /// </summary>
    public int UntilNextMs(long nowMs) => Count == 0
        ? -1
        : (int)Math.Clamp(_heap[0].DeadlineMs - nowMs, 0, int.MaxValue);

    /// <summary>The moment of the latest setting: what is set while firing waits a turn.</summary>
    internal long LatestOrder => _order;

    /// <summary>Takes the first timer that is due and was set no later than this.</summary>
    internal bool TryTakeDue(long orderMax, [NotNullWhen(true)] out LoopTimer? due)
    {
        due = null;
        if (Count == 0 || _heap[0].DeadlineMs > _nowMs || _heap[0].Order > orderMax)
            return false;
        due = _heap[0];
        Cancel(due);
        return true;
    }

    /// <summary>The clock of the turn, from which delays count.</summary>
    internal void BeginTurn(long nowMs) => _nowMs = nowMs;

    internal void Set(LoopTimer timer, long delayMs)
    {
        timer.DeadlineMs = _nowMs + Math.Max(1, delayMs);
        timer.Order = ++_order;
        if (timer.Index < 0)
        {
            if (Count == _heap.Length)
                Array.Resize(ref _heap, Count * 2);
            Place(timer, Count++);
        }
        Sift(timer);
    }

    internal void Cancel(LoopTimer timer)
    {
        if (timer.Index < 0)
            return;
        var last = _heap[--Count];
        _heap[Count] = null!;
        if (last != timer)
        {
            Place(last, timer.Index);
            Sift(last);
        }
        timer.Index = -1;
    }

    private void Sift(LoopTimer timer)
    {
        while (timer.Index > 0 && IsBefore(timer, _heap[(timer.Index - 1) / 2]))
            Swap(timer, _heap[(timer.Index - 1) / 2]);
        while (true)
        {
            var child = (timer.Index * 2) + 1;
            if (child >= Count)
                return;
            if (child + 1 < Count && IsBefore(_heap[child + 1], _heap[child]))
                child++;
            if (!IsBefore(_heap[child], timer))
                return;
            Swap(timer, _heap[child]);
        }
    }

    private void Swap(LoopTimer one, LoopTimer other)
    {
        var index = one.Index;
        Place(one, other.Index);
        Place(other, index);
    }

    private void Place(LoopTimer timer, int index)
    {
        Invariant.Vital(index < _heap.Length);
        _heap[index] = timer;
        timer.Index = index;
    }

    private static bool IsBefore(LoopTimer one, LoopTimer other) =>
        one.DeadlineMs < other.DeadlineMs
        || (one.DeadlineMs == other.DeadlineMs && one.Order < other.Order);
}
