using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Testing.Simulation;

namespace Reactor.Transport.Tests.Simulation;

/// <summary>The simulated work queue keeps the promises of the real one, and no others.</summary>
[TestFixture]
public sealed class SimulatedWorkTests
{
    private readonly SimulatedTime _time = new();
    private EventLoop _loop = null!;

    [SetUp]
    public void Open()
    {
        var network = new SimulatedNetwork(_time, new Random(1), new Trace(_time, 16));
        _loop = new EventLoop(network, _time, new LoopSettings());
    }

    [TearDown]
    public void Close() => _loop.Dispose();

    [Test]
    public void Every_end_is_told_once_on_the_loop_and_in_any_order()
    {
        var work = NewWork(new DiskFaults { Slow = 100 });
        var done = new List<int>();
        var ended = new List<int>();
        for (var i = 0; i < 50; i++)
        {
            var job = i;
            Assert.That(work.TryRun(() => done.Add(job), _ => ended.Add(job)), Is.True);
        }
        Assert.That(ended, Is.Empty);

        while (work.Outstanding > 0)
            _loop.RunOnce();

        Assert.That(done, Is.EquivalentTo(Enumerable.Range(0, 50)).And.Not.Ordered);
        Assert.That(ended, Is.EquivalentTo(done).And.Not.EqualTo(done));
    }

    [Test]
    public void A_quick_job_may_be_done_at_once_and_is_told_of_by_mail()
    {
        var work = NewWork(DiskFaults.None);
        var (handed, doneAtOnce, told) = (0, 0, 0);
        for (; handed < 200; handed++)
        {
            var before = told;
            var isDone = false;
            work.TryRun(() => isDone = true, _ => told++);
            doneAtOnce += isDone ? 1 : 0;
            Assert.That(told, Is.EqualTo(before), "mail is taken in its turn");
            while (work.Outstanding > 0)
                _loop.RunOnce();
        }

        Assert.That(told, Is.EqualTo(200));
        Assert.That(doneAtOnce, Is.InRange(5, 50));
    }

    [Test]
    public void What_a_job_threw_is_told()
    {
        var work = NewWork(DiskFaults.None);
        var faults = new List<Exception?>();

        work.TryRun(() => throw new InvalidOperationException("no"), faults.Add);
        while (work.Outstanding > 0)
            _loop.RunOnce();

        Assert.That(faults, Has.One.TypeOf<InvalidOperationException>());
    }

    [Test]
    public void A_full_queue_says_no_and_takes_nothing()
    {
        var work = NewWork(new DiskFaults { Slow = 1000 });
        var taken = 0;
        while (work.TryRun(() => { }, _ => { }))
            taken++;

        Assert.That(taken, Is.InRange(WorkQueue.DefaultJobsMax, WorkQueue.DefaultJobsMax * 2));
        Assert.That(work.Outstanding, Is.EqualTo(taken));
        work.Faults = new DiskFaults { Crowded = 1000 };
        while (work.Outstanding > 0)
            _loop.RunOnce();
        Assert.That(work.TryRun(() => { }, _ => { }), Is.False);
    }

    [Test]
    public void The_end_of_the_queue_is_the_end_of_every_job()
    {
        var work = NewWork(new DiskFaults { Slow = 1000 });
        var (done, told) = (0, 0);
        for (var i = 0; i < 20; i++)
            work.TryRun(() => done++, _ => told++);
        _loop.RunOnce();

        work.Dispose();

        Assert.That((done, told, work.Outstanding), Is.EqualTo((20, 20, 0)));
        Assert.That(work.TryRun(() => { }, _ => { }), Is.False);
        _time.MoveTo(_time.NowUs + 60_000_000);
        _time.Happen();
        Assert.That((done, told), Is.EqualTo((20, 20)), "what was planned is over");
    }

    [Test]
    public void The_wall_clock_goes_back_and_the_loops_own_does_not()
    {
        _loop.Poller.Wake();
        _loop.RunOnce();
        var (loopMs, wall) = (_loop.NowMs, _time.GetUtcNow());

        _time.MoveTo(_time.NowUs + 5_000_000);
        _time.WallOffset -= TimeSpan.FromHours(1);
        _loop.Poller.Wake();
        _loop.RunOnce();

        Assert.That(_loop.NowMs - loopMs, Is.EqualTo(5000));
        Assert.That(_time.GetUtcNow(), Is.LessThan(wall));
    }

    private SimulatedWork NewWork(DiskFaults faults) =>
        new(_time, new Random(3), new Trace(_time, 16), _loop.Mailbox, threads: 2)
        {
            Faults = faults,
        };
}
