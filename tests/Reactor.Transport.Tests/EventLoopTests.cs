using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Primitives;

namespace Reactor.Transport.Tests;

[TestFixture]
public sealed class EventLoopTests
{
    private ScriptedLoop _world = null!;

    [SetUp]
    public void Open() => _world = new ScriptedLoop();

    [TearDown]
    public void Close() => _world.Dispose();

    [Test]
    public void A_turn_resumes_reads_fires_timers_takes_mail_and_sends_last()
    {
        var order = new List<string>();
        var peer = _world.Connect();
        peer.Takes = _ => 1;
        peer.Arrive("ab");
        _world.Turn();                          // takes a, parks b
        peer.Takes = input =>
        {
            order.Add($"received {(char)input[0]}");
            return 1;
        };
        peer.Socket.Takes = offered =>
        {
            order.Add("sent");
            return offered;
        };
        peer.Arrive("c");
        peer.Push("x");
        _world.Loop.CreateTimer(() => order.Add("timer"), owner: null).Set(5);
        Assert.That(_world.Loop.Mailbox.TryPost(() => order.Add("mail")), Is.True);

        _world.Turn(afterMs: 5);

        Assert.That(
            order, Is.EqualTo(["received b", "received c", "timer", "mail", "sent"]));
    }

    [Test]
    public void All_that_a_turn_produced_for_a_socket_leaves_in_one_write()
    {
        var peer = _world.Connect();
        peer.Takes = input =>
        {
            peer.Push("read ");
            return input.Length;
        };
        peer.Arrive("?");
        _world.Loop.CreateTimer(() => peer.Push("timer "), owner: null).Set(1);
        _world.Loop.Mailbox.TryPost(() => peer.Push("mail"));

        _world.Turn(afterMs: 1);

        Assert.That(peer.Sent, Is.EqualTo("read timer mail"));
        Assert.That(peer.Socket.Sends, Is.EqualTo(1));
    }

    [Test]
    public void Whoever_was_closed_earlier_in_the_turn_hears_no_more_of_it()
    {
        var closer = _world.Connect();
        var closed = _world.Connect();
        closer.Takes = input =>
        {
            closed.Connection.Close(CloseReason.Shutdown, "enough");
            return input.Length;
        };
        closer.Arrive("now");
        closed.Arrive("too late");

        _world.Turn();

        Assert.That(closed.Received.Length, Is.Zero);
        Assert.That(closed.Closed, Is.EqualTo([CloseReason.Shutdown]));
    }

    [Test]
    public void The_clock_is_read_once_a_turn()
    {
        var readings = new List<long>();
        var peer = _world.Connect();
        peer.Takes = input =>
        {
            readings.Add(_world.Loop.NowMs);
            _world.Time.Advance(1000);
            return input.Length;
        };
        peer.Arrive("a");
        _world.Loop.Mailbox.TryPost(() => readings.Add(_world.Loop.NowMs));

        _world.Turn(afterMs: 7);

        Assert.That(readings, Is.EqualTo([7L, 7L]));
    }

    [Test]
    public void The_loop_sleeps_until_the_next_deadline_and_not_at_all_with_work_at_hand()
    {
        _world.Turn();
        Assert.That(_world.Network.Poller.LastTimeoutMs, Is.EqualTo(-1));

        var timer = _world.Loop.CreateTimer(() => { }, owner: null);
        timer.Set(250);
        _world.Turn(afterMs: 100);
        Assert.That(_world.Network.Poller.LastTimeoutMs, Is.EqualTo(150));

        _world.Loop.Mailbox.TryPost(() => { });
        _world.Turn();
        Assert.That(_world.Network.Poller.LastTimeoutMs, Is.Zero);

        _world.Turn(afterMs: 1000);             // overslept: due at once, not in the past
        Assert.That(_world.Network.Poller.LastTimeoutMs, Is.Zero);
        Assert.That(timer.IsSet, Is.False);
    }

    [Test]
    public void A_handler_that_throws_ends_only_its_own_connection()
    {
        var bad = _world.Connect();
        var good = _world.Connect();
        bad.Takes = _ => throw new InvalidOperationException("bug");
        bad.Push("never sent");
        bad.Arrive("a");
        good.Arrive("b");
        good.Push("sent");

        _world.Turn();

        Assert.That(bad.Faults, Has.One.TypeOf<InvalidOperationException>());
        Assert.That(bad.Closed, Is.EqualTo([CloseReason.Fault]));
        Assert.That(bad.Socket.IsDisposed, Is.True);
        Assert.That(good.Received.ToString(), Is.EqualTo("b"));
        Assert.That(good.Sent, Is.EqualTo("sent"));
        Assert.That(_world.Loop.Faults, Is.EqualTo(1));
    }

    [Test]
    public void A_handler_that_throws_at_parked_input_leaves_no_packet_behind()
    {
        var peer = _world.Connect();
        peer.Takes = _ => 0;
        peer.Arrive("parked");
        _world.Turn();
        peer.Takes = _ => throw new InvalidOperationException("bug");

        _world.Turn();

        Assert.That(peer.Closed, Is.EqualTo([CloseReason.Fault]));
        _world.AssertNothingIsLeft();
    }

    [Test]
    public void A_handler_that_throws_at_the_end_leaves_nothing_behind()
    {
        var peer = _world.Connect();
        peer.OnClose = () => throw new InvalidOperationException("bug");
        peer.Push("never sent");
        peer.Socket.ArriveReset();

        _world.Turn();

        Assert.That(_world.Loop.Faults, Is.EqualTo(1));
        _world.AssertNothingIsLeft();
    }

    [Test]
    public void A_fault_while_a_fault_is_handled_is_contained_and_told_of()
    {
        var bad = _world.Connect();
        var good = _world.Connect();
        var told = new List<AggregateException>();
        _world.Loop.EndFailed = told.Add;
        bad.Takes = _ => throw new InvalidOperationException("bug");
        bad.OnClose = () => throw new InvalidOperationException("another bug");
        bad.Arrive("a");
        good.Arrive("b");

        _world.Turn();

        Assert.That(bad.Socket.IsDisposed, Is.True);
        Assert.That(good.Received.ToString(), Is.EqualTo("b"));
        Assert.That(_world.Loop.Faults, Is.EqualTo(2));
        Assert.That(
            told.Single().InnerExceptions.Select(each => each.Message),
            Is.EqualTo(["bug", "another bug"]));
    }

    [Test]
    public void A_vital_invariant_gets_through_while_a_fault_is_handled()
    {
        var peer = _world.Connect();
        peer.Takes = _ => throw new InvalidOperationException("bug");
        peer.OnClose = () => throw new InvariantException("_owners > 0") { IsVital = true };
        peer.Arrive("a");

        Assert.That(() => _world.Turn(), Throws.TypeOf<InvariantException>());
    }

    [Test]
    public void A_timer_that_throws_ends_its_owner()
    {
        var peer = _world.Connect();
        _world.Loop.CreateTimer(() => Invariant.Broken("bug"), peer.Connection).Set(1);

        _world.Turn(afterMs: 1);

        Assert.That(peer.Closed, Is.EqualTo([CloseReason.Fault]));
    }

    [Test]
    public void A_fault_while_sending_ends_the_connection()
    {
        var peer = _world.Connect();
        peer.Socket.Takes = _ => throw new InvalidOperationException("bug");
        peer.Push("a");

        _world.Turn();

        Assert.That(peer.Closed, Is.EqualTo([CloseReason.Fault]));
        _world.AssertNothingIsLeft();
    }

    [Test]
    public void A_vital_invariant_gets_through_to_the_process()
    {
        var peer = _world.Connect();
        peer.Takes = _ =>
        {
            Invariant.Vital(false);
            return 0;
        };
        peer.Arrive("a");

        var vital = Assert.Throws<InvariantException>(() => _world.Turn())!;

        Assert.That(vital.IsVital, Is.True);
        Assert.That(peer.Closed, Is.Empty);
    }

    [Test]
    public void A_fault_that_nobody_owns_gets_through_to_the_process()
    {
        _world.Loop.CreateTimer(() => throw new InvalidOperationException(), owner: null).Set(1);

        Assert.Throws<InvalidOperationException>(() => _world.Turn(afterMs: 1));
    }

    [Test]
    public void A_flush_may_ask_for_another_in_the_same_turn()
    {
        var first = _world.Connect();
        var second = _world.Connect();
        first.Socket.Takes = offered =>
        {
            second.Push("follows");
            return offered;
        };
        first.Push("leads");

        _world.Turn();

        Assert.That(second.Sent, Is.EqualTo("follows"));
    }

    [Test]
    public void Sending_to_many_takes_several_turns_between_which_others_are_read()
    {
        using var world = new ScriptedLoop(new LoopSettings { FlushMax = 2 });
        var peers = new List<Peer>();
        for (var i = 0; i < 5; i++)
        {
            peers.Add(world.Connect());
            peers[i].Push("first ");
        }

        world.Turn();
        Assert.That(peers.ConvertAll(peer => peer.Socket.Sends), Is.EqualTo([1, 1, 0, 0, 0]));
        peers[4].Arrive("asks");
        peers[4].Push("second");
        world.Turn();
        Assert.That(world.Network.Poller.LastTimeoutMs, Is.Zero);
        Assert.That(peers[4].Received.ToString(), Is.EqualTo("asks"));
        Assert.That(peers.ConvertAll(peer => peer.Socket.Sends), Is.EqualTo([1, 1, 1, 1, 0]));
        world.Turn();
        Assert.That(peers[4].Sent, Is.EqualTo("first second"));
        Assert.That(peers[4].Socket.Sends, Is.EqualTo(1));
        world.Turn();
        Assert.That(world.Network.Poller.LastTimeoutMs, Is.EqualTo(-1));
    }

    [Test]
    public void However_many_have_something_to_send_they_are_sent_to_in_their_order()
    {
        using var world = new ScriptedLoop(new LoopSettings { FlushMax = 50 });
        var peers = Enumerable.Range(0, 300).Select(_ => world.Connect()).ToList();
        foreach (var peer in peers.Take(100))
            peer.Push("a");
        world.Turn();                           // fifty are left, in the middle of the ring
        foreach (var peer in peers.Skip(100))
            peer.Push("b");

        for (var sent = 100; sent <= 300; sent += 50)
        {
            world.Turn();
            Assert.That(peers.FindLastIndex(peer => peer.Socket.Sends > 0), Is.EqualTo(sent - 1));
        }
        Assert.That(peers.ConvertAll(peer => peer.Socket.Sends), Is.All.EqualTo(1));
    }

    [Test]
    public void What_may_wait_leaves_at_its_time_or_with_what_may_not()
    {
        var peer = _world.Connect();
        peer.Push("may wait ", withinMs: 40);
        _world.Turn();
        Assert.That(peer.Socket.Sends, Is.Zero);
        _world.Turn();
        Assert.That(_world.Network.Poller.LastTimeoutMs, Is.EqualTo(40));
        _world.Turn(afterMs: 40);
        Assert.That(peer.Socket.Sends, Is.EqualTo(1));

        peer.Push("may wait ", withinMs: 40);
        peer.Push("may not");
        _world.Turn();
        Assert.That(peer.Sent, Is.EqualTo("may wait may wait may not"));
        Assert.That(peer.Socket.Sends, Is.EqualTo(2));
    }

    [Test]
    public void The_loop_is_not_woken_for_a_wait_that_is_over()
    {
        var left = _world.Connect();
        var closed = _world.Connect();
        left.Push("may wait ", withinMs: 40);
        closed.Push("may wait ", withinMs: 40);
        left.Push("may not");
        closed.Connection.Close(CloseReason.Shutdown, "enough");
        _world.Turn();

        _world.Turn();

        Assert.That(_world.Network.Poller.LastTimeoutMs, Is.EqualTo(-1));
    }

    [Test]
    public void After_everything_was_closed_nothing_is_left()
    {
        for (var i = 0; i < 20; i++)
        {
            var (taken, sent) = (i % 3, i % 4);
            var peer = _world.Connect();
            peer.Takes = input => Math.Min(taken, input.Length);
            peer.Socket.IsWritable = i % 2 == 0;
            peer.Socket.Takes = offered => Math.Min(sent, offered);
            peer.Arrive("abc");
            peer.Push("waits");
            _world.Turn();
            if (i % 5 == 0)
                peer.Connection.CloseGently(CloseReason.Shutdown, "bye", farewellMs: 100);
            else
                peer.Connection.Close(CloseReason.Shutdown, "bye");
            _world.Turn();
        }

        _world.Turn(afterMs: 100);

        _world.AssertNothingIsLeft();
        Assert.That(_world.Loop.Faults, Is.Zero);
    }
}
