using System;
using System.Collections.Generic;
using Reactor.Transport;

namespace Reactor.Testing.Simulation;

/// <summary>Work that is done in the world's own thread, at a time drawn from a seed.</summary>
/// <remarks>Several threads are imitated: what begins later may end earlier.</remarks>
public sealed class SimulatedWork(
    SimulatedTime time, Random random, Trace trace, Mailbox mailbox, int threads)
    : IWorkQueue, IHappening
{
    private const int JobsMax = WorkQueue.DefaultJobsMax;
    private const int QuickUsMin = 20;
    private const int QuickUsMax = 500;
    private const int SlowUsMax = 300_000;
    private const int FullMailboxPauseUs = 1000;
    private readonly Queue<Job> _waiting = new();
    private readonly Dictionary<int, Job> _underWay = [];
    private bool _isStopped;
    private int _lastId;

    public DiskFaults Faults { get; set; } = DiskFaults.None;

    public int Outstanding { get; private set; }

    public bool TryRun(Action work, Action<Exception?> done)
    {
        if (_isStopped || _waiting.Count >= JobsMax || Draws(Faults.Crowded))
            return false;
        Outstanding++;
        _waiting.Enqueue(new Job(work, done));
        Begin();
        return true;
    }

    /// <summary>As the real one: all that was taken is done, and its ends are delivered.</summary>
    public void Dispose()
    {
        _isStopped = true;
        foreach (var id in new List<int>(_underWay.Keys))
            Happen(id);
        while (_waiting.TryDequeue(out var job))
            Deliver(job.Work, job.Done);
        mailbox.Drain();
    }

    public void Happen(int what)
    {
        if (!_underWay.Remove(what, out var job))
            return;
        trace.Note(TraceKind.Worked, 0, what);
        Deliver(job.Work, job.Done);
        Begin();
    }

    private void Begin()
    {
        while (_underWay.Count < threads && _waiting.TryDequeue(out var job))
        {
            var id = ++_lastId;
            _underWay.Add(id, job);
            var takesUs = random.Next(
                QuickUsMin, Draws(Faults.Slow) ? SlowUsMax : QuickUsMax);
            time.Plan(time.NowUs + takesUs, this, id);
        }
    }

    private void Deliver(Action work, Action<Exception?> done)
    {
        Exception? fault = null;
        try
        {
            work();
        }
        catch (Exception thrown) when (thrown is not CrashException)
        {
            fault = thrown;                     // its owner is told, as by the real queue
        }
        Post(() =>
        {
            Outstanding--;
            done(fault);
        });
    }

    private void Post(Action letter)
    {
        if (!mailbox.TryPost(letter))
            time.Plan(time.NowUs + FullMailboxPauseUs, () => Post(letter));
    }

    private bool Draws(int perMille) => perMille > 0 && random.Next(1000) < perMille;

    private sealed record Job(Action Work, Action<Exception?> Done);
}
