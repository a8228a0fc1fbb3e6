using System;
using System.Collections.Generic;
using System.Threading;
using NUnit.Framework;
using Reactor.Testing;
using Reactor.Transport.Network;

namespace Reactor.Transport.Tests;

[TestFixture]
public sealed class WorkQueueTests
{
    [Test]
    public void Work_is_done_elsewhere_and_its_end_comes_back_to_the_loop()
    {
        using var loop = RealLoop.Open(NetworkBackend.Auto);
        using var queue = new WorkQueue(loop.Mailbox, threads: 1);
        var here = Environment.CurrentManagedThreadId;
        var (workedOn, endedOn) = (here, 0);
        var fault = new InvalidOperationException("not cleared");

        var taken = queue.TryRun(
            () => workedOn = Environment.CurrentManagedThreadId,
            thrown => (endedOn, fault) = (Environment.CurrentManagedThreadId, null!));
        Assert.That(taken, Is.True);
        RealLoop.RunUntil(loop, () => endedOn != 0);

        Assert.That(workedOn, Is.Not.EqualTo(here));
        Assert.That(endedOn, Is.EqualTo(here));
        Assert.That(queue.Outstanding, Is.Zero);
    }

    [Test]
    public void What_the_work_threw_is_told_on_the_loop_and_the_thread_lives_on()
    {
        using var loop = RealLoop.Open(NetworkBackend.Auto);
        using var queue = new WorkQueue(loop.Mailbox, threads: 1);
        var ends = new List<Exception?>();

        queue.TryRun(() => throw new InvalidOperationException("disk full"), ends.Add);
        queue.TryRun(() => { }, ends.Add);
        RealLoop.RunUntil(loop, () => ends.Count == 2);

        Assert.That(ends[0], Is.TypeOf<InvalidOperationException>());
        Assert.That(ends[1], Is.Null);
    }

    [Test]
    public void A_full_queue_says_no_and_takes_nothing()
    {
        using var loop = RealLoop.Open(NetworkBackend.Auto);
        using var queue = new WorkQueue(loop.Mailbox, threads: 1, jobsMax: 2);
        using var started = new ManualResetEventSlim();
        using var hold = new ManualResetEventSlim();
        var ends = 0;
        queue.TryRun(
            () =>
            {
                started.Set();
                hold.Wait();
            },
            _ => ends++);
        started.Wait();

        Assert.That(queue.TryRun(() => { }, _ => ends++), Is.True);
        Assert.That(queue.TryRun(() => { }, _ => ends++), Is.True);
        Assert.That(queue.TryRun(() => { }, _ => ends++), Is.False);
        Assert.That(queue.Outstanding, Is.EqualTo(3));

        hold.Set();
        RealLoop.RunUntil(loop, () => ends == 3);
        Assert.That(queue.Outstanding, Is.Zero);
    }

    [Test]
    public void Stopping_delivers_every_end_even_through_a_full_mailbox()
    {
        var mailbox = new Mailbox(new ScriptedPoller(), lettersMax: 1);
        var ends = 0;
        var queue = new WorkQueue(mailbox, threads: 2);
        for (var i = 0; i < 20; i++)
            Assert.That(queue.TryRun(() => { }, _ => ends++), Is.True);

        queue.Dispose();

        Assert.That(ends, Is.EqualTo(20));
        Assert.That(queue.Outstanding, Is.Zero);
        Assert.That(queue.TryRun(() => { }, _ => ends++), Is.False);
    }

    [Test]
    public void Stopping_leaves_work_behind_that_hangs_in_the_system()
    {
        using var hold = new ManualResetEventSlim();
        using var started = new ManualResetEventSlim();
        var mailbox = new Mailbox(new ScriptedPoller(), lettersMax: 1);
        var queue = new WorkQueue(mailbox, threads: 1);
        queue.TryRun(
            () =>
            {
                started.Set();
                hold.Wait();
            },
            _ => { });
        started.Wait();

        queue.Dispose();

        Assert.That(queue.Outstanding, Is.EqualTo(1), "its end was never delivered");
        hold.Set();
    }
}
