using System;
using System.Collections.Concurrent;
using System.Threading;

namespace Reactor.Transport;

/// <summary>Where work that may block is done: disk, DNS. Its end comes back as mail.</summary>
public interface IWorkQueue : IDisposable
{
    /// <summary>
    /// Work that was taken and whose end was not delivered yet; zero after shutdown.
    /// </summary>
    int Outstanding { get; }

    /// <summary>Hands work to another thread.</summary>
    /// <param name="work">Runs elsewhere; touches nothing of the loop's.</param>
    /// <param name="done">
    /// Runs on the loop with what <paramref name="work"/> threw, or null.
    /// </param>
    /// <returns>False when the queue is full; nothing was taken then.</returns>
    bool TryRun(Action work, Action<Exception?> done);
}

/// <summary>The real work queue: a bounded number of jobs and a few threads.</summary>
public sealed class WorkQueue : IWorkQueue
{
    /// <summary>Jobs that may wait, unless told otherwise.</summary>
    public const int DefaultJobsMax = 1024;

    private const int DrainPauseMs = 1;
    private const int DefaultStopPatienceMs = 2000;
    private readonly BlockingCollection<(Action Work, Action<Exception?> Done)> _jobs;
    private readonly Mailbox _mailbox;
    private readonly Thread[] _threads;
    private readonly int _stopPatienceMs;
    private int _outstanding;
    private bool _isStopped;

    /// <param name="mailbox">Where the ends of jobs are left.</param>
    /// <param name="threads">Threads, at least one.</param>
    /// <param name="jobsMax">Jobs that may wait.</param>
    /// <param name="stopPatienceMs">How long a stop waits for work that hangs.</param>
    public WorkQueue(
        Mailbox mailbox,
        int threads,
        int jobsMax = DefaultJobsMax,
        int stopPatienceMs = DefaultStopPatienceMs)
    {
        _mailbox = mailbox;
        _stopPatienceMs = stopPatienceMs;
        _jobs = new BlockingCollection<(Action, Action<Exception?>)>(jobsMax);
        _threads = new Thread[threads];
        for (var i = 0; i < threads; i++)
        {
            _threads[i] = new Thread(Work) { IsBackground = true, Name = $"work {i + 1}" };
            _threads[i].Start();
        }
    }

    public int Outstanding => Volatile.Read(ref _outstanding);

    public bool TryRun(Action work, Action<Exception?> done)
    {
        if (_isStopped)
            return false;
        Interlocked.Increment(ref _outstanding);
        if (_jobs.TryAdd((work, done)))
            return true;
        Interlocked.Decrement(ref _outstanding);
        return false;
    }

    /// <summary>Takes no more, waits for the jobs that it has, and delivers their ends.</summary>
    /// <remarks>
    /// Mail is taken meanwhile: a worker may be waiting for room in the mailbox. One that hangs
    /// in the system, on a disk that does not answer, is left behind after a while.
    /// </remarks>
    public void Dispose()
    {
        if (_isStopped)
            return;
        _isStopped = true;
        _jobs.CompleteAdding();
        var patienceMs = _stopPatienceMs;
        foreach (var thread in _threads)
        {
            while (!thread.Join(DrainPauseMs) && patienceMs-- > 0)
                _mailbox.Drain();
        }
        _mailbox.Drain();
        if (patienceMs > 0)
            _jobs.Dispose();
    }

    private void Work()
    {
        foreach (var (work, done) in _jobs.GetConsumingEnumerable())
        {
            Exception? fault = null;
            try
            {
                work();
            }
            catch (Exception thrown)        // its owner is told, on the loop
            {
                fault = thrown;
            }
            // The loop never waits for a worker; a worker may wait for the loop.
            _mailbox.Post(() =>
            {
                Interlocked.Decrement(ref _outstanding);
                done(fault);
            });
        }
    }
}
