using System.Collections.Generic;
using System.Linq;
using System.Threading;
using NUnit.Framework;
using Reactor.Testing;
using Reactor.Transport.Network;

namespace Reactor.Transport.Tests;

[TestFixture]
public sealed class MailboxTests
{
    [Test]
    public void A_full_mailbox_says_no_and_keeps_what_it_has()
    {
        var poller = new ScriptedPoller();
        var mailbox = new Mailbox(poller, lettersMax: 2);
        var read = new List<int>();

        Assert.That(mailbox.TryPost(() => read.Add(1)), Is.True);
        Assert.That(mailbox.TryPost(() => read.Add(2)), Is.True);
        Assert.That(mailbox.Refused, Is.Zero);
        Assert.That(mailbox.TryPost(() => read.Add(3)), Is.False);
        Assert.That(mailbox.Refused, Is.EqualTo(1));
        mailbox.Drain();

        Assert.That(read, Is.EqualTo([1, 2]));
        Assert.That(mailbox.IsEmpty, Is.True);
        Assert.That(mailbox.TryPost(() => { }), Is.True);
    }

    [Test]
    public void A_letter_to_a_loop_that_has_ended_is_dropped_and_wakes_nobody()
    {
        var poller = new ScriptedPoller();
        var mailbox = new Mailbox(poller, lettersMax: 2);
        mailbox.Close();

        for (var i = 0; i < 5; i++)
            Assert.That(mailbox.TryPost(() => { }), Is.True, "its writer need not try again");
        Assert.That(mailbox.IsEmpty, Is.True);
        Assert.That(poller.Wakes, Is.Zero);
    }

    [Test]
    public void The_poller_is_woken_once_for_many_letters()
    {
        var poller = new ScriptedPoller();
        var mailbox = new Mailbox(poller, lettersMax: 10);

        for (var i = 0; i < 5; i++)
            mailbox.TryPost(() => { });
        Assert.That(poller.Wakes, Is.EqualTo(1));

        mailbox.Drain();
        mailbox.TryPost(() => { });
        Assert.That(poller.Wakes, Is.EqualTo(2));
    }

    [Test]
    public void A_letter_that_is_posted_by_a_letter_waits_for_the_next_turn()
    {
        using var world = new ScriptedLoop();
        var turns = new List<long>();
        var mailbox = world.Loop.Mailbox;
        mailbox.TryPost(() => mailbox.TryPost(() => turns.Add(world.Loop.Turns)));

        world.Turn();
        Assert.That(turns, Is.Empty);
        world.Turn();

        Assert.That(turns, Is.EqualTo([2L]));
        Assert.That(world.Network.Poller.LastTimeoutMs, Is.Zero);
    }

    [Test]
    public void Letters_of_many_threads_all_arrive_each_threads_in_order(
        [Values] NetworkBackend backend)
    {
        const int threads = 4;
        const int letters = 2_000;
        using var loop = RealLoop.Open(backend);
        var refused = 0;
        var received = new List<int>[threads];
        var producers = new Thread[threads];
        for (var i = 0; i < threads; i++)
        {
            var own = received[i] = [];
            producers[i] = new Thread(() =>
            {
                for (var letter = 0; letter < letters; letter++)
                {
                    var text = letter;
                    if (!loop.Mailbox.TryPost(() => own.Add(text)))
                        Interlocked.Increment(ref refused);
                }
            });
            producers[i].Start();
        }

        // A lost wake-up would let the loop sleep beside a full mailbox: the deadline tells.
        RealLoop.RunUntil(loop, () => received.All(own => own.Count == letters));

        Assert.That(refused, Is.Zero);
        foreach (var own in received)
            Assert.That(own, Is.EqualTo(Enumerable.Range(0, letters)));
        foreach (var producer in producers)
            producer.Join();
    }
}
