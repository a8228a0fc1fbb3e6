using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using NUnit.Framework;
using Reactor.Transport.Polling;

namespace Reactor.Transport.Tests;

/// <summary>How a connection receives: budget, parked input, pauses and the end.</summary>
[TestFixture]
public sealed class ConnectionReceivingTests
{
    private ScriptedLoop _world = null!;

    [SetUp]
    public void Open() =>
        _world = new ScriptedLoop(new LoopSettings
        {
            ReceiveBytes = 10,
            ReadBudget = 20,
            UnhurriedBytes = 16,
        });

    [TearDown]
    public void Close() => _world.Dispose();

    [Test]
    public void A_firehose_does_not_starve_the_others()
    {
        var firehose = _world.Connect();
        var modest = _world.Connect();
        for (var i = 0; i < 100; i++)
            firehose.Arrive("0123456789");
        modest.Arrive("me too");

        _world.Turn();

        Assert.That(firehose.Received.Length, Is.EqualTo(20));      // its budget, and no more
        Assert.That(modest.TurnsHeard, Is.EqualTo([1L]));
        Assert.That(_world.Loop.Cuts.Read, Is.EqualTo(1), "the modest one was not cut short");
        for (var turn = 2; turn <= 50; turn++)
            _world.Turn();
        Assert.That(firehose.Received.Length, Is.EqualTo(1000));    // and nothing is forgotten
    }

    [Test]
    public void A_short_read_is_taken_as_all_there_was()
    {
        var peer = _world.Connect();
        peer.Arrive("one");
        peer.Arrive("two");

        _world.Turn();
        Assert.That(peer.Received.ToString(), Is.EqualTo("one"));
        _world.Turn();
        Assert.That(peer.Received.ToString(), Is.EqualTo("onetwo"));
    }

    [Test]
    public void Input_that_was_not_taken_is_offered_again_in_order_before_what_came_later()
    {
        var peer = _world.Connect();
        peer.Takes = _ => 1;
        peer.Arrive("abc");
        peer.Arrive("de");

        var received = new List<string>();
        for (var turn = 1; turn <= 4; turn++)
        {
            _world.Turn();
            received.Add(peer.Received.ToString());
        }

        // With the last parked byte gone, the third turn reads what came later.
        Assert.That(received, Is.EqualTo(["a", "ab", "abcd", "abcde"]));
        Assert.That(_world.Loop.Pool.Outstanding, Is.Zero);
    }

    [Test]
    public void The_loop_does_not_sleep_beside_parked_input()
    {
        var peer = _world.Connect();
        peer.Takes = _ => 1;
        peer.Arrive("ab");
        _world.Turn();
        _world.Turn();

        Assert.That(_world.Network.Poller.LastTimeoutMs, Is.Zero);
        _world.Turn();
        Assert.That(_world.Network.Poller.LastTimeoutMs, Is.EqualTo(-1));
    }

    [Test]
    public void A_pause_stops_reading_and_parked_input_waits_with_it()
    {
        var peer = _world.Connect();
        peer.Takes = _ =>
        {
            peer.Connection.PauseReading();
            return 1;
        };
        peer.Arrive("abc");
        peer.Arrive("later");
        for (var i = 0; i < 5; i++)
            _world.Turn();
        Assert.That(peer.Received.ToString(), Is.EqualTo("a"));
        Assert.That(_world.Network.Poller.InterestIn(peer.Socket), Is.EqualTo(Readiness.None));
        Assert.That(_world.Network.Poller.LastTimeoutMs, Is.EqualTo(-1));

        peer.Takes = input => input.Length;
        peer.Connection.ResumeReading();
        _world.Turn();
        _world.Turn();

        Assert.That(peer.Received.ToString(), Is.EqualTo("abclater"));
        Assert.That(_world.Loop.Pool.Outstanding, Is.Zero);
    }

    [Test]
    public void Whom_nobody_waits_for_is_read_together_when_the_time_is_over()
    {
        var peer = Unhurried();
        peer.Arrive("abc");
        _world.Turn(50);
        Assert.That(peer.Received.ToString(), Is.Empty);
        Assert.That(_world.Network.Poller.LastTimeoutMs, Is.EqualTo(50));

        peer.Arrive("de");
        _world.Turn(50);

        Assert.That(peer.Received.ToString(), Is.EqualTo("abcde"));
        Assert.That(peer.TurnsHeard, Is.EqualTo([2L, 2L]), "a receive gives one arrival");
    }

    [Test]
    public void Who_is_read_late_waits_no_second_time_for_what_a_turn_does_not_take()
    {
        var peer = Unhurried();
        for (var i = 0; i < 5; i++)
            peer.Arrive("abc");                 // 15 bytes, fewer than are told of
        peer.Takes = input => Math.Max(1, input.Length - 1);    // a byte is parked

        _world.Turn(100);
        for (var turn = 0; turn < 10; turn++)
            _world.Turn();

        Assert.That(peer.Received.ToString(), Is.EqualTo("abcabcabcabcabc"));
        Assert.That(_world.Loop.Pool.Outstanding, Is.Zero);
    }

    [Test]
    public void Who_is_read_late_and_sends_much_is_read_on_in_the_next_turn()
    {
        var peer = Unhurried();
        for (var i = 0; i < 5; i++)
            peer.Arrive("0123456789");

        _world.Turn(100);
        Assert.That(peer.Received.Length, Is.EqualTo(20), "a budget");
        _world.Turn();

        Assert.That(peer.Received.Length, Is.EqualTo(50));
        _world.Turn();
        _world.Turn();
        Assert.That(_world.Network.Poller.LastTimeoutMs, Is.EqualTo(100), "the loop sleeps again");
    }

    [Test]
    public void Who_was_paused_while_read_late_is_read_on_at_once()
    {
        var peer = Unhurried();
        peer.Arrive("abc");
        peer.Arrive("de");
        peer.Takes = input =>
        {
            peer.Connection.PauseReading();
            return input.Length;
        };
        _world.Turn(100);
        Assert.That(peer.Received.ToString(), Is.EqualTo("abc"));

        peer.Connection.ResumeReading();
        _world.Turn();

        Assert.That(peer.Received.ToString(), Is.EqualTo("abcde"));
    }

    [Test]
    public void A_short_wait_is_over_in_its_time_behind_a_longer_one()
    {
        var slow = _world.Connect();
        var quick = _world.Connect();
        slow.Connection.ReadWithin(1000);
        quick.Connection.ReadWithin(100);
        slow.Arrive("slow");
        quick.Arrive("quick");

        _world.Turn(100);

        Assert.That(quick.Received.ToString(), Is.EqualTo("quick"));
        Assert.That(slow.Received.ToString(), Is.Empty);
        _world.Turn(900);
        Assert.That(slow.Received.ToString(), Is.EqualTo("slow"));
    }

    [Test]
    public void What_is_much_and_an_end_are_heard_before_the_time_is_over()
    {
        var much = Unhurried();
        var ended = Unhurried();
        much.Arrive(new string('a', 10));
        much.Arrive(new string('b', 6));
        ended.Arrive("bye");
        ended.Socket.ArriveEnd();

        _world.Turn();
        _world.Turn();

        Assert.That(much.Received.Length, Is.EqualTo(16));
        Assert.That(ended.Received.ToString(), Is.EqualTo("bye"));
        Assert.That(ended.Closed, Is.EqualTo([CloseReason.PeerClosed]));
    }

    [Test]
    public void Whom_somebody_waits_for_again_is_read_at_once_and_the_loop_sleeps_again()
    {
        var peer = Unhurried();
        peer.Arrive("abc");
        peer.Connection.ReadWithin(0);
        _world.Turn();
        Assert.That(peer.Received.ToString(), Is.EqualTo("abc"));

        peer.Connection.ReadWithin(100);
        peer.Connection.ReadWithin(0);
        _world.Turn();
        Assert.That(_world.Network.Poller.LastTimeoutMs, Is.EqualTo(-1));
    }

    [Test]
    public void Whoever_comes_back_to_waiting_is_read_once_at_a_time()
    {
        var peer = Unhurried();
        for (var i = 0; i < 5; i++)
        {
            peer.Connection.ReadWithin(0);
            peer.Connection.ReadWithin(100);
        }
        peer.Arrive("a");
        var before = peer.Socket.Receives;

        _world.Turn(100);

        Assert.That(peer.Received.ToString(), Is.EqualTo("a"));
        Assert.That(peer.Socket.Receives - before, Is.EqualTo(2), "one more says that it was all");
    }

    [Test]
    public void A_farewell_hears_the_peer_out_though_nobody_waited_for_it()
    {
        var peer = Unhurried();
        peer.Arrive("abc");
        peer.Connection.CloseGently(CloseReason.Shutdown, "", farewellMs: 1000);

        _world.Turn();

        Assert.That(peer.Connection.BytesReceived, Is.EqualTo(3));
    }

    [Test]
    public void A_closed_connection_is_not_read_when_its_time_is_over()
    {
        var peer = Unhurried();
        peer.Arrive("abc");
        peer.Connection.Close(CloseReason.Shutdown, "");

        _world.Turn(100);

        Assert.That(peer.Received.ToString(), Is.Empty);
        _world.AssertNothingIsLeft();
    }

    [Test]
    public void Pauses_and_resumes_in_one_turn_offer_parked_input_once_a_turn()
    {
        var peer = _world.Connect();
        peer.Takes = _ => 0;
        peer.Arrive("abc");
        _world.Turn();
        for (var i = 0; i < 5; i++)
        {
            peer.Connection.PauseReading();
            peer.Connection.ResumeReading();
        }

        _world.Turn();
        _world.Turn();

        Assert.That(peer.TurnsHeard, Is.EqualTo([1L, 2L, 3L]));
    }

    [Test]
    public void Any_mix_of_pauses_and_partial_taking_loses_nothing([Range(0, 49)] int seed)
    {
        var random = new System.Random(seed);
        var peer = _world.Connect();
        var expected = new StringBuilder();
        peer.Takes = input =>
        {
            if (random.Next(3) == 0)
                peer.Connection.PauseReading();
            return random.Next(input.Length + 1);
        };
        for (var i = 0; i < 200; i++)
        {
            var text = new string((char)('a' + (i % 26)), random.Next(1, 11));
            expected.Append(text);
            peer.Arrive(text);
            if (random.Next(2) == 0)
                peer.Connection.ResumeReading();
            _world.Turn();
        }
        peer.Takes = input => input.Length;
        peer.Connection.ResumeReading();
        for (var i = 0; i < 400; i++)
            _world.Turn();

        Assert.That(peer.Received.ToString(), Is.EqualTo(expected.ToString()));
        Assert.That(peer.Connection.BytesReceived, Is.EqualTo(expected.Length));
        Assert.That(_world.Loop.Pool.Outstanding, Is.Zero);
    }

    [Test]
    public void A_handler_that_closes_may_finish_reading_its_parked_input()
    {
        var peer = _world.Connect();
        peer.Takes = _ => 0;
        peer.Arrive("goodbye");
        _world.Turn();
        peer.Takes = input =>
        {
            peer.Connection.CloseGently(CloseReason.Protocol, "bad", farewellMs: 10);
            var reply = _world.Loop.Pool.Copy("overwritten?"u8);
            reply.Release();
            return input.Length;
        };

        _world.Turn();

        Assert.That(peer.Received.ToString(), Is.EqualTo("goodbye"));
        Assert.That(_world.Loop.Pool.Outstanding, Is.Zero);
    }

    [Test]
    public void The_peers_end_and_a_reset_close_with_their_reasons()
    {
        var ended = _world.Connect();
        var lost = _world.Connect();
        ended.Arrive("last");
        ended.Socket.ArriveEnd();
        lost.Socket.ArriveReset();

        _world.Turn();
        _world.Turn();

        Assert.That(ended.Received.ToString(), Is.EqualTo("last"));
        Assert.That(ended.Closed, Is.EqualTo([CloseReason.PeerClosed]));
        Assert.That(lost.Closed, Is.EqualTo([CloseReason.PeerLost]));
        _world.AssertNothingIsLeft();
    }

    [Test]
    public void Closing_twice_tells_once()
    {
        var peers = new List<Peer> { _world.Connect(), _world.Connect() };
        peers[0].Connection.Close(CloseReason.Deadline, "slow");
        peers[0].Connection.Close(CloseReason.Shutdown, "again");
        peers[1].Connection.CloseGently(CloseReason.Deadline, "slow", farewellMs: 10);
        peers[1].Connection.CloseGently(CloseReason.Shutdown, "again", farewellMs: 10);
        peers[1].Connection.Close(CloseReason.Shutdown, "now");

        Assert.That(
            peers.Select(peer => peer.Closed),
            Is.All.EqualTo(new[] { CloseReason.Deadline }));
        _world.AssertNothingIsLeft();
    }

    private Peer Unhurried()
    {
        var peer = _world.Connect();
        peer.Connection.ReadWithin(100);
        return peer;
    }
}
