using System;
using System.Collections.Generic;

namespace Reactor.Testing.Simulation;

/// <summary>
/// A clock that moves only when the world has nothing left to do, and its calendar.
/// </summary>
/// <remarks>
/// Everything that will happen waits here, ordered by its moment and then by when it was
/// planned, so that one seed gives one history. The unit is the microsecond.
/// </remarks>
public sealed class SimulatedTime : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 3, 29, 0, 59, 0, TimeSpan.Zero);

    private readonly PriorityQueue<(IHappening Whom, int What), (long AtUs, long Order)> _calendar =
        new();
    private long _order;

    /// <summary>The real moment; what the server reads is coarser.</summary>
    public long NowUs { get; private set; } = 1_000_000_000;

    public double NowSeconds => NowUs / 1e6;

    /// <summary>
    /// What the server's clock ticks by, in microseconds; some systems have 16 ms.
    /// </summary>
    public long GrainUs { get; set; } = 1;

    /// <summary>Added to the wall clock, which may therefore go backwards.</summary>
    public TimeSpan WallOffset { get; set; }

    /// <summary>When something happens next; <see cref="long.MaxValue"/> for never.</summary>
    public long NextUs => _calendar.TryPeek(out _, out var when) ? when.AtUs : long.MaxValue;

    public override long TimestampFrequency => 1_000_000;

    public override long GetTimestamp() => NowUs / GrainUs * GrainUs;

    public override DateTimeOffset GetUtcNow() =>
        Start.AddMicroseconds(NowUs) + WallOffset;

    /// <summary>Plans a call; what is late already happens at the next opportunity.</summary>
    public void Plan(long atUs, IHappening whom, int what = 0) =>
        _calendar.Enqueue((whom, what), (Math.Max(atUs, NowUs), _order++));

    public void Plan(long atUs, Action what) => Plan(atUs, new Deed(what));

    /// <summary>
    /// Lets everything happen that is due, and what follows from it at this moment.
    /// </summary>
    public void Happen()
    {
        while (_calendar.TryPeek(out var next, out var when) && when.AtUs <= NowUs)
        {
            _calendar.Dequeue();
            next.Whom.Happen(next.What);
        }
    }

    /// <summary>Moves on; what is passed over happens late, as after a frozen machine.</summary>
    public void MoveTo(long atUs) => NowUs = Math.Max(NowUs, atUs);

    private sealed class Deed(Action what) : IHappening
    {
        public void Happen(int kind) => what();
    }
}

/// <summary>Whom the calendar calls.</summary>
public interface IHappening
{
    /// <param name="what">As planned; the callee knows its meaning.</param>
    void Happen(int what);
}
