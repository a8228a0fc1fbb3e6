using System;
using System.Collections.Generic;
using NUnit.Framework;
using Reactor.Testing;
using Reactor.Transport.Polling;

namespace Reactor.Transport.Tests;

/// <summary>How a connection sends: order, interest in writability, budget, last words.</summary>
[TestFixture]
public sealed class ConnectionSendingTests
{
    private ScriptedLoop _world = null!;

    [SetUp]
    public void Open() => _world = new ScriptedLoop(new LoopSettings { WriteBudget = 1000 });

    [TearDown]
    public void Close() => _world.Dispose();

    [Test]
    public void Bytes_leave_in_order_through_any_sequence_of_partial_writes([Range(0, 49)] int seed)
    {
        var random = new Random(seed);
        var peer = _world.Connect();
        peer.Socket.Takes = offered => random.Next(3) == 0 ? 0 : random.Next(offered + 1);
        var expected = new List<byte>();
        for (var i = 0; i < 100; i++)
        {
            var bytes = new byte[random.Next(300)];
            random.NextBytes(bytes);
            expected.AddRange(bytes);
            peer.Push(bytes);
            if (random.Next(4) == 0)
                _world.Turn();
        }
        for (var turn = 0; turn < 10_000 && !peer.Outbox.IsEmpty; turn++)
            _world.Turn();

        Assert.That(peer.Socket.Sent, Is.EqualTo(expected));
        Assert.That(peer.Connection.BytesSent, Is.EqualTo(expected.Count));
        peer.Connection.Close(CloseReason.Shutdown, "done");
        _world.AssertNothingIsLeft();
    }

    [Test]
    public void Writability_is_watched_only_while_the_socket_is_blocked()
    {
        var peer = _world.Connect();
        for (var i = 0; i < 10; i++)
        {
            peer.Push("takes all");
            _world.Turn();
        }
        Assert.That(Poller.WriteInterests, Is.Zero);

        peer.Socket.Takes = _ => 4;
        peer.Socket.IsWritable = false;
        peer.Push("takes some");
        _world.Turn();
        Assert.That(peer.Connection.IsBlocked, Is.True);
        Assert.That(
            Poller.InterestIn(peer.Socket), Is.EqualTo(Readiness.Read | Readiness.Write));

        peer.Socket.Takes = offered => offered;
        peer.Socket.IsWritable = true;
        _world.Turn();
        Assert.That(peer.Connection.IsBlocked, Is.False);
        Assert.That(Poller.InterestIn(peer.Socket), Is.EqualTo(Readiness.Read));
        Assert.That(Poller.WriteInterests, Is.EqualTo(1));
    }

    [Test]
    public void A_blocked_socket_is_not_tried_before_it_is_writable()
    {
        var peer = _world.Connect();
        peer.Socket.Takes = _ => 0;
        peer.Socket.IsWritable = false;
        peer.Push("a");
        _world.Turn();
        Assert.That(peer.Socket.Sends, Is.EqualTo(1));

        for (var i = 0; i < 5; i++)
        {
            peer.Push("b");
            _world.Turn();
        }

        Assert.That(peer.Socket.Sends, Is.EqualTo(1));
    }

    [Test]
    public void One_turn_writes_no_more_than_the_budget_and_the_next_goes_on()
    {
        var greedy = _world.Connect();
        for (var i = 0; i < 30; i++)
            greedy.Push(new byte[100]);

        _world.Turn();
        Assert.That(greedy.Socket.Sent, Has.Count.EqualTo(1000));
        _world.Turn();
        Assert.That(greedy.Socket.Sent, Has.Count.EqualTo(2000));
        _world.Turn();
        Assert.That(greedy.Socket.Sent, Has.Count.EqualTo(3000));
        Assert.That(_world.Loop.Cuts.Write, Is.EqualTo(2), "the last turn had just enough");
        Assert.That(Poller.InterestIn(greedy.Socket), Is.EqualTo(Readiness.Read));
    }

    [Test]
    public void A_spring_that_never_runs_dry_gets_one_filling_a_turn()
    {
        var spring = _world.Connect();
        var modest = _world.Connect();
        spring.OnDrain = () => spring.Push(new byte[100]);
        spring.Push(new byte[100]);
        modest.Push("me too");

        for (var turn = 1; turn <= 5; turn++)
        {
            _world.Turn();
            Assert.That(spring.Socket.Sent, Has.Count.EqualTo(turn * 100));
        }

        Assert.That(modest.Sent, Is.EqualTo("me too"));
    }

    [Test]
    public void Being_drained_is_told_each_time_that_the_last_byte_has_left()
    {
        var peer = _world.Connect();
        peer.Push("at once");
        _world.Turn();
        Assert.That(peer.Drained, Is.EqualTo(1));

        peer.Socket.Takes = offered => Math.Min(offered, 3);
        peer.Push("12345678");
        _world.Turn();
        _world.Turn();
        Assert.That(peer.Drained, Is.EqualTo(1));
        _world.Turn();
        Assert.That(peer.Drained, Is.EqualTo(2));
        _world.Turn();
        Assert.That(peer.Drained, Is.EqualTo(2));
    }

    [Test]
    public void A_peer_that_takes_nothing_shows_by_the_time_of_the_last_sent_byte()
    {
        var peer = _world.Connect();
        peer.Socket.Takes = _ => 0;
        _world.Turn(afterMs: 60_000);
        peer.Push("stuck");
        _world.Turn(afterMs: 10);
        _world.Turn(afterMs: 5000);
        Assert.That(
            peer.Connection.LastSentMs, Is.EqualTo(60_010), "before, there was nothing to take");

        peer.Socket.Takes = offered => offered;
        _world.Turn(afterMs: 90);
        Assert.That(peer.Connection.LastSentMs, Is.EqualTo(65_100));
    }

    [Test]
    public void A_send_that_fails_closes_the_connection()
    {
        var peer = _world.Connect();
        peer.Socket.Takes = _ => -1;
        peer.Push("a");

        _world.Turn();

        Assert.That(peer.Closed, Is.EqualTo([CloseReason.PeerLost]));
        _world.AssertNothingIsLeft();
    }

    [Test]
    public void A_gentle_close_sends_what_waits_then_FIN_and_ends_at_the_peers_FIN()
    {
        var peer = _world.Connect();
        peer.Socket.Takes = offered => Math.Min(offered, 4);
        peer.Push("last words");

        peer.Connection.CloseGently(CloseReason.Protocol, "bad", farewellMs: 1000);
        Assert.That(peer.Closed, Is.EqualTo([CloseReason.Protocol]));
        _world.Turn();
        Assert.That(peer.Socket.HasEndedSending, Is.False);
        _world.Turn();
        _world.Turn();
        Assert.That(peer.Sent, Is.EqualTo("last words"));
        Assert.That(peer.Socket.HasEndedSending, Is.True);
        Assert.That(peer.Connection.IsOpen, Is.True);

        peer.Arrive("not listened to any more");
        _world.Turn();
        peer.Socket.ArriveEnd();
        _world.Turn();

        Assert.That(peer.Received.Length, Is.Zero);
        Assert.That(peer.Closed, Has.Count.EqualTo(1));
        _world.AssertNothingIsLeft();
    }

    [Test]
    public void A_gentle_close_ends_at_its_deadline_when_the_peer_stays()
    {
        var peer = _world.Connect();
        peer.Socket.Takes = _ => 0;
        peer.Push("never taken");
        peer.Connection.CloseGently(CloseReason.Shutdown, "bye", farewellMs: 1000);

        _world.Turn(afterMs: 999);
        Assert.That(peer.Connection.IsOpen, Is.True);
        _world.Turn(afterMs: 1);

        _world.AssertNothingIsLeft();
    }

    [Test]
    public void A_peers_FIN_does_not_cut_short_the_last_words()
    {
        var peer = _world.Connect();
        peer.Socket.Takes = offered => Math.Min(offered, 4);
        peer.Push("last words");
        peer.Connection.CloseGently(CloseReason.Shutdown, "bye", farewellMs: 1000);
        peer.Socket.ArriveEnd();

        _world.Turn();
        Assert.That(Poller.InterestIn(peer.Socket), Is.EqualTo(Readiness.Write));
        _world.Turn();
        _world.Turn();

        Assert.That(peer.Sent, Is.EqualTo("last words"));
        Assert.That(peer.Socket.HasEndedSending, Is.True);
        _world.AssertNothingIsLeft();
    }

    [TestCase(100, 100)]
    [TestCase(5000, 1000)]
    public void A_farewell_said_again_may_end_sooner_and_not_later(int againMs, int endsMs)
    {
        var peer = _world.Connect();
        peer.Connection.CloseGently(CloseReason.Refused, "bye", farewellMs: 1000);
        _world.Turn();
        peer.Connection.CloseGently(CloseReason.Shutdown, "bye", farewellMs: againMs);

        _world.Turn(afterMs: endsMs - 1);
        Assert.That(peer.Connection.IsOpen, Is.True);
        _world.Turn(afterMs: 1);

        Assert.That(peer.Connection.IsOpen, Is.False);
        _world.AssertNothingIsLeft();
    }

    [Test]
    public void Last_words_said_when_drained_are_not_overtaken_by_FIN()
    {
        var peer = _world.Connect();
        peer.OnDrain = () =>
        {
            peer.Push(" bye");
            peer.Connection.CloseGently(CloseReason.Shutdown, "bye", farewellMs: 1000);
        };
        peer.Socket.Takes = offered => Math.Min(offered, 4);
        peer.Push("goodbye");
        _world.Turn();
        _world.Turn();
        _world.Turn();

        Assert.That(peer.Sent, Is.EqualTo("goodbye bye"));
        Assert.That(peer.Socket.HasEndedSending, Is.True);
        Assert.That(_world.Loop.Faults, Is.Zero);
    }

    [Test]
    public void A_reset_during_the_farewell_ends_it()
    {
        var peer = _world.Connect();
        peer.Connection.CloseGently(CloseReason.Shutdown, "bye", farewellMs: 1000);
        peer.Socket.ArriveReset();

        _world.Turn();
        _world.Turn();

        Assert.That(peer.Closed, Is.EqualTo([CloseReason.Shutdown]));
        _world.AssertNothingIsLeft();
    }

    private ScriptedPoller Poller => _world.Network.Poller;
}
