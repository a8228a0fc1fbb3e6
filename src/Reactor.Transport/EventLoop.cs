using System;
using System.Collections.Generic;
using Reactor.Primitives;
using Reactor.Transport.Network;
using Reactor.Transport.Polling;

namespace Reactor.Transport;

/// <summary>The bounds of one turn.</summary>
public sealed record LoopSettings
{
    /// <summary>Events taken in one wait.</summary>
    public int EventsMax { get; init; } = 512;

    /// <summary>Connections accepted per listener and turn.</summary>
    public int AcceptMax { get; init; } = 64;

    /// <summary>TLS handshakes begun per turn.</summary>
    public int HandshakesMax { get; init; } = 8;

    /// <summary>The one receive buffer, in bytes.</summary>
    public int ReceiveBytes { get; init; } = 64 << 10;

    /// <summary>Bytes read from one connection per turn.</summary>
    public int ReadBudget { get; init; } = 64 << 10;

    /// <summary>
    /// Bytes that are read at once though nobody waits for them; see
    /// <see cref="Connection.ReadWithin(int)"/>.
    /// </summary>
    public int UnhurriedBytes { get; init; } = 16 << 10;

    /// <summary>Bytes written to one connection per turn.</summary>
    public int WriteBudget { get; init; } = 512 << 10;

    /// <summary>
    /// Connections that are sent to in one turn; the others go first in the next one.
    /// </summary>
    public int FlushMax { get; init; } = 512;

    /// <summary>Letters of other threads that may wait.</summary>
    public int LettersMax { get; init; } = 65_536;

    /// <summary>Segments in one write.</summary>
    public int SegmentsMax { get; init; } = 256;

    /// <summary>How long every flush may wait for company; null to adapt to the load.</summary>
    public int? FlushWaitMs { get; init; } = 0;

    /// <summary>The longest wait that adapting leads to.</summary>
    public int FlushWaitMaxMs { get; init; } = 100;
}

/// <summary>What somebody does with what is lent to it, as <see cref="EventLoop"/> contains it.
/// </summary>
public delegate void LentCall<in TTarget, TLent>(TTarget target, in TLent lent);

/// <summary>
/// The reactor: one thread that waits for all sockets and runs everything there is.
/// </summary>
/// <remarks>
/// Invariant: all but leaving a letter in <see cref="Mailbox"/> is called on the loop's thread.
/// </remarks>
public sealed class EventLoop : IDisposable
{
    private const int HeaderScratchBytes = 64 << 10;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly ReadyEvent[] _events;
    private readonly FlushQueue _dirty = new();
    private readonly WaitQueue _later = new((target, byMs) => target.AwaitsFlush(byMs));
    private readonly WaitQueue _unhurried = new((target, byMs) => target.AwaitsRead(byMs));
    private List<Connection> _resumed = [];
    private List<Connection> _resuming = [];

    public EventLoop(INetwork network, TimeProvider time, LoopSettings settings)
    {
        Network = network;
        Settings = settings;
        Tls = new TlsLayer(
            network.CreatePoller(settings.EventsMax), Pool, settings.HandshakesMax);
        Poller = Tls;
        Mailbox = new Mailbox(Poller, settings.LettersMax);
        ReceiveBuffer = new byte[settings.ReceiveBytes];
        Gather = new GatherList(settings.SegmentsMax, HeaderScratchBytes);
        Pacing = new LoopPacing(settings.FlushWaitMs, settings.FlushWaitMaxMs);
        _events = new ReadyEvent[settings.EventsMax];
        _time = time;
        _started = time.GetTimestamp();
    }

    public INetwork Network { get; }

    public LoopSettings Settings { get; }

    public IPoller Poller { get; }

    /// <summary>Makes sockets speak TLS; it is the poller, too.</summary>
    public TlsLayer Tls { get; }

    public Mailbox Mailbox { get; }

    public TimerQueue Timers { get; } = new();

    public PacketPool Pool { get; } = new();

    /// <summary>How long frames may wait for company.</summary>
    public LoopPacing Pacing { get; }

    /// <summary>
    /// The clock of this turn: milliseconds since the loop began, never going back.
    /// </summary>
    public long NowMs { get; private set; }

    /// <summary>Turns so far.</summary>
    public long Turns { get; private set; }

    /// <summary>Readiness that was handled so far.</summary>
    public long Events { get; private set; }

    /// <summary>How much readiness turns handled.</summary>
    public TurnHistogram TurnEvents { get; } = new(0, 1, 2, 5, 10, 20, 50, 100, 200, 500);

    /// <summary>How many milliseconds turns took, their waits left out.</summary>
    public TurnHistogram TurnTimes { get; } =
        new(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 1000);

    /// <summary>What had to wait for another turn.</summary>
    public TurnCuts Cuts { get; } = new();

    /// <summary>How long the last turn took, its wait left out.</summary>
    public long BusyMs { get; private set; }

    /// <summary>
    /// Faults that were contained in one connection or timer: bugs of ours, or bad peers.
    /// </summary>
    public long Faults { get; private set; }

    /// <summary>
    /// Told when ending an owner fails as well: of both faults, for nobody else reports them.
    /// </summary>
    public Action<AggregateException>? EndFailed { get; set; }

    /// <summary>
    /// Where every connection reads into: what is not taken is parked, so one is enough.
    /// </summary>
    internal byte[] ReceiveBuffer { get; }

    /// <summary>Where every connection gathers its write.</summary>
    internal GatherList Gather { get; }

    /// <summary>A timer of this loop.</summary>
    public LoopTimer CreateTimer(Action due, IFaultTarget? owner) => new(Timers, due, owner);

    /// <summary>One turn: wait, read, fire timers, take mail, and send last.</summary>
    /// <remarks>
    /// The order is a promise. All that a turn produces for a socket leaves in one write,
    /// because sending comes last; a target that closed early in a turn hears no more of it,
    /// because <see cref="IPollable.IsOpen"/> is asked before every call; and after a freeze
    /// of the machine readiness is looked at before anything expires. Sending to thousands takes
    /// several turns (<see cref="LoopSettings.FlushMax"/>), so that nobody waits to be read, and
    /// what comes meanwhile leaves along with what still waits.
    /// </remarks>
    public void RunOnce()
    {
        var idle = _resumed.Count == 0 && _dirty.Count == 0 && Mailbox.IsEmpty;
        var count = Poller.Wait(_events, idle ? UntilNextMs(ReadClock()) : 0);
        var turnBegan = _time.GetTimestamp();   // one reading a turn: every handler agrees
        NowMs = (long)_time.GetElapsedTime(_started, turnBegan).TotalMilliseconds;
        Timers.BeginTurn(NowMs);
        Turns++;

        (_resumed, _resuming) = (_resuming, _resumed);
        foreach (var connection in _resuming)
            Run(Step.Resume, connection, connection);
        _resuming.Clear();

        for (var i = 0; i < count; i++)
        {
            FetchAhead(i, count);
            var ready = _events[i];
            if (ready.Target.IsOpen)
                Run(Step.Ready, ready.Target, ready.Target, ready.What);
        }

        for (var i = 0; i < Settings.EventsMax && _unhurried.TryTakeDue(NowMs, out var read); i++)
            Run(Step.Read, read, read);

        var orderMax = Timers.LatestOrder;
        while (Timers.TryTakeDue(orderMax, out var timer))
            Run(Step.Timer, timer, timer.Owner);

        Mailbox.Drain();

        while (_later.TryTakeDue(NowMs, out var later))
            later.MarkDirty();
        for (var i = 0; i < Settings.FlushMax && _dirty.TryTake(out var dirty); i++)
            Run(Step.Flush, dirty, dirty);      // a flush may dirty another
        Cuts.Flush += _dirty.Count > 0 ? 1 : 0;
        var busy = _time.GetElapsedTime(turnBegan).TotalMilliseconds;
        BusyMs = (long)busy;
        Events += count;
        TurnEvents.Add(count);
        TurnTimes.Add(busy);
        Pacing.EndTurn(NowMs, busy);
    }

    /// <summary>Runs what an owner has to do; what it throws ends the owner alone.</summary>
    /// <param name="owner">Whose fault an exception is; null where it is everybody's.</param>
    /// <param name="what">For answers that came as mail.</param>
    public void Contain(IFaultTarget? owner, Action what) => Run(Step.Letter, what, owner);

    /// <summary>The same for what is done often, without garbage.</summary>
    /// <param name="owner">Whose fault an exception is.</param>
    /// <param name="target">What <paramref name="what"/> is told.</param>
    /// <param name="what">Made once, for it holds nothing.</param>
    public void Contain(IFaultTarget owner, object target, Action<object> what) =>
        Run(Step.Call, target, owner, call: what);

    /// <summary>The same for what is shown something that is not its own.</summary>
    /// <param name="owner">Whose fault an exception is.</param>
    /// <param name="target">Who is shown it.</param>
    /// <param name="lent">Only for the time of the call.</param>
    /// <param name="what">Made once, for it holds nothing.</param>
    public void Contain<TTarget, TLent>(
        IFaultTarget owner, TTarget target, in TLent lent, LentCall<TTarget, TLent> what)
    {
        try
        {
            what(target, lent);
        }
        catch (Exception fault) when (!IsVital(fault))
        {
            Blame(owner, fault);
        }
    }

    /// <summary>Asks for <see cref="Connection.Flush"/> at the end of the turn.</summary>
    internal void MarkDirty(Connection target) => _dirty.Add(target);

    /// <summary>Asks for <see cref="Connection.Flush"/> at a time.</summary>
    internal void FlushLater(Connection target, int waitMs, long byMs) =>
        _later.Add(target, waitMs, byMs);

    /// <summary>Asks for <see cref="Connection.ReadDue"/> at a time.</summary>
    internal void ReadLater(Connection target, int waitMs, long byMs) =>
        _unhurried.Add(target, waitMs, byMs);

    /// <summary>Asks for <see cref="Connection.Resume"/> at the start of the next turn.</summary>
    internal void ResumeNextTurn(Connection target) => _resumed.Add(target);

    public void Dispose()
    {
        Mailbox.Close();
        Poller.Dispose();
    }

    /// <summary>Those who are ready and come soon: first they, then what they use.</summary>
    private void FetchAhead(int current, int count)
    {
        const int soon = 4;
        if (current + soon < count)
            Prefetch.Object(_events[current + soon].Target, Connection.CacheLinesToRead);
        for (var others = soon - 1; others > 0; others--)
        {
            if (current + others < count)
                _events[current + others].Target.FetchAhead(others);
        }
    }

    /// <summary>Until a timer, a flush or a read that waits is due; −1 when there is none.
    /// </summary>
    private int UntilNextMs(long nowMs) => Sooner(
        Timers.UntilNextMs(nowMs),
        Sooner(_later.UntilNextMs(nowMs), _unhurried.UntilNextMs(nowMs)));

    /// <summary>Of two waits; a negative one is none.</summary>
    private static int Sooner(int one, int other) =>
        one < 0 ? other : other < 0 ? one : Math.Min(one, other);

    private long ReadClock() => (long)_time.GetElapsedTime(_started).TotalMilliseconds;

    /// <summary>
    /// Where faults are contained: one ends its owner, and nobody else.
    /// </summary>
    private void Run(
        Step step,
        object target,
        IFaultTarget? owner,
        Readiness what = default,
        Action<object>? call = null)
    {
        try
        {
            switch (step)
            {
                case Step.Resume:
                    ((Connection)target).Resume();
                    break;
                case Step.Ready:
                    ((IPollable)target).OnReady(what);
                    break;
                case Step.Read:
                    ((Connection)target).ReadDue();
                    break;
                case Step.Timer:
                    ((LoopTimer)target).Due();
                    break;
                case Step.Letter:
                    ((Action)target)();
                    break;
                case Step.Call:
                    call!(target);
                    break;
                case Step.Flush:
                    ((Connection)target).Flush();
                    break;
            }
        }
        catch (Exception fault) when (owner is not null && !IsVital(fault))
        {
            Blame(owner, fault);
        }
    }

    private void Blame(IFaultTarget owner, Exception fault)
    {
        Faults++;
        try
        {
            owner.OnFault(fault);
        }
        catch (Exception second) when (!IsVital(second))
        {
            Faults++;                           // it has ended as far as it could
            EndFailed?.Invoke(new AggregateException(fault, second));
        }
    }

    private static bool IsVital(Exception fault) => fault is InvariantException { IsVital: true };

    private enum Step
    {
        Resume,
        Ready,
        Read,
        Timer,
        Letter,
        Call,
        Flush,
    }
}
