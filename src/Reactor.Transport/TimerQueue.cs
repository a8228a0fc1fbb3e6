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
/// <remarks>
/// What is compared lies in the heap itself: thousands of timers, each looked at where it lies,
/// would be as many cache lines. Invariant: _heap[i].Timer.Index == i, and no entry is due before
/// its parent.
/// </remarks>
public sealed class TimerQueue
{
    private Entry[] _heap = new Entry[16];
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
        due = _heap[0].Timer;
        Cancel(due);
        return true;
    }

    /// <summary>The clock of the turn, from which delays count.</summary>
    internal void BeginTurn(long nowMs) => _nowMs = nowMs;

    internal void Set(LoopTimer timer, long delayMs)
    {
        if (timer.Index < 0)
        {
            if (Count == _heap.Length)
                Array.Resize(ref _heap, Count * 2);
            timer.Index = Count++;
        }
        Sift(new Entry(_nowMs + Math.Max(1, delayMs), ++_order, timer), timer.Index);
    }

    internal void Cancel(LoopTimer timer)
    {
        if (timer.Index < 0)
            return;
        var last = _heap[--Count];
        _heap[Count] = default;
        if (last.Timer != timer)
            Sift(last, timer.Index);
        timer.Index = -1;
    }

    /// <summary>Puts an entry where it belongs, beginning at a place that is free.</summary>
    private void Sift(in Entry entry, int free)
    {
        for (var parent = (free - 1) / 2; free > 0 && entry.IsBefore(_heap[parent]);)
        {
            Place(_heap[parent], free);
            free = parent;
            parent = (free - 1) / 2;
        }
        while (true)
        {
            var child = (free * 2) + 1;
            if (child + 1 < Count && _heap[child + 1].IsBefore(_heap[child]))
                child++;
            if (child >= Count || !_heap[child].IsBefore(entry))
                break;
            Place(_heap[child], free);
            free = child;
        }
        Place(entry, free);
    }

    private void Place(in Entry entry, int index)
    {
        Invariant.Vital(index < Count);
        _heap[index] = entry;
        entry.Timer.Index = index;
    }

    private readonly record struct Entry(long DeadlineMs, long Order, LoopTimer Timer)
    {
        public bool IsBefore(in Entry other) =>
            DeadlineMs < other.DeadlineMs
            || (DeadlineMs == other.DeadlineMs && Order < other.Order);
    }
}
