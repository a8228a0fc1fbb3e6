using System;
using System.Collections.Generic;
using Reactor.Transport;

namespace Reactor.Testing.Simulation;

/// <summary>Work that is done in the world's own thread, at a time drawn from a seed.</summary>
/// <remarks>
/// Several threads are imitated: what begins later may end earlier, and the letters that tell of
/// the ends arrive in any order. A thread that is quick has a job done before it was handed over.
/// </remarks>
public sealed class SimulatedWork(
    SimulatedTime time, Random random, Trace trace, Mailbox mailbox, int threads)
    : IWorkQueue, IHappening
{
    private const int JobsMax = WorkQueue.DefaultJobsMax;
    private const int QuickUsMin = 20;
    private const int QuickUsMax = 500;
    private const int SlowUsMax = 300_000;
    private const int FullMailboxPauseUs = 1000;
    private const int PromptPerMille = 100;
    private const int CrashAfterMax = 6;        // calls of the disk; a file put in place has five
    private readonly Queue<Job> _waiting = new();
    private readonly Dictionary<int, Job> _underWay = [];
    private readonly Dictionary<int, Action> _untold = [];
    private bool _isStopped;
    private bool _isKilled;
    private int _lastId;

    public DiskFaults Faults { get; set; } = DiskFaults.None;

    /// <summary>Who has it done.</summary>
    public SimulatedProcess Process { get; init; } = new();

    public int Outstanding { get; private set; }

    public bool TryRun(Action work, Action<Exception?> done)
    {
        if (_isStopped || _waiting.Count >= JobsMax || Draws(Faults.Crowded))
            return false;
        Outstanding++;
        if (!Process.TryCall())
            return true;
        _waiting.Enqueue(new Job(work, done));
        Begin();
        return true;
    }

    /// <summary>As the real one: all that was taken is done, and its ends are delivered.</summary>
    public void Dispose()
    {
        _isStopped = true;
        while (_underWay.Count > 0)             // each makes room for one that waits
        {
            foreach (var id in new List<int>(_underWay.Keys))
                Happen(id);
        }
        foreach (var id in new List<int>(_untold.Keys))
            Happen(id);
        mailbox.Drain();
    }

    /// <summary>
    /// The process is killed: what is under way is done, or half done, or not at all.
    /// </summary>
    public void Kill(SimulatedDisk disk)
    {
        _isStopped = _isKilled = true;
        _waiting.Clear();
        _untold.Clear();
        foreach (var job in _underWay.Values)
        {
            disk.CrashAfter = random.Next(CrashAfterMax);
            try
            {
                job.Work();
            }
            catch (Exception thrown) when (thrown is not OutOfMemoryException)
            {
                // Nobody is left to hear of it.
            }
        }
        _underWay.Clear();
    }

    public void Happen(int what)
    {
        if (_untold.Remove(what, out var letter))
        {
            Post(letter);
            return;
        }
        if (!_underWay.Remove(what, out var job))
            return;
        trace.Note(TraceKind.Worked, 0, what);
        Do(job, what);
        Begin();
    }

    private void Begin()
    {
        while (_underWay.Count < threads && _waiting.TryDequeue(out var job))
        {
            var id = ++_lastId;
            _underWay.Add(id, job);
            if (Draws(PromptPerMille))
                Happen(id);
            else
                time.Plan(time.NowUs + DrawUs(), this, id);
        }
    }

    /// <summary>Does it now; its end is told when luck will have it.</summary>
    private void Do(Job job, int id)
    {
        Exception? fault = null;
        try
        {
            job.Work();
        }
        catch (Exception thrown) when (thrown is not CrashException)
        {
            fault = thrown;                     // its owner is told, as by the real queue
        }
        _untold.Add(id, () =>
        {
            Outstanding--;
            job.Done(fault);
        });
        if (Draws(PromptPerMille))
            Happen(id);
        else
            time.Plan(time.NowUs + DrawUs(), this, id);
    }

    private int DrawUs() => random.Next(QuickUsMin, Draws(Faults.Slow) ? SlowUsMax : QuickUsMax);

    private void Post(Action letter)
    {
        if (!_isKilled && !mailbox.TryPost(letter))
            time.Plan(time.NowUs + FullMailboxPauseUs, () => Post(letter));
    }

    private bool Draws(int perMille) => perMille > 0 && random.Next(1000) < perMille;

    private sealed record Job(Action Work, Action<Exception?> Done);
}
