using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Transport.Network;
using Reactor.Transport.Polling;

namespace Reactor.Transport.Tests.Network;

/// <summary>What every network and its poller promise; a fixture a network inherits it.</summary>
public abstract partial class NetworkContract
{
    internal static readonly IPEndPoint Loopback = new(IPAddress.Loopback, 0);
    internal static readonly SocketSettings Settings = new();

    private Bench _bench = null!;

    protected abstract INetwork CreateNetwork();

    private protected INetwork Network => _bench.Network;

    private protected IPoller Poller => _bench.Poller;

    [SetUp]
    public void Open() => _bench = new Bench(CreateNetwork());

    [TearDown]
    public void Close() => _bench.Dispose();

    [Test]
    public void A_visitor_is_accepted_and_both_ends_know_each_other()
    {
        using var listener = Network.Listen(Loopback, Settings);
        using var client = Network.Connect(listener.Local, Settings);

        using var server = _bench.Accept(listener);

        Assert.That(client.Remote, Is.EqualTo(listener.Local));
        Assert.That(server.Remote, Is.EqualTo(client.Local));
        Assert.That(server.Local, Is.EqualTo(listener.Local));
    }

    [Test]
    public void Bytes_go_both_ways()
    {
        using var pair = _bench.Connect();

        _bench.Send(pair.Client, "hello"u8);
        Assert.That(_bench.ReceiveText(pair.Server, 5), Is.EqualTo("hello"));

        _bench.Send(pair.Server, "welcome"u8);
        Assert.That(_bench.ReceiveText(pair.Client, 7), Is.EqualTo("welcome"));
    }

    [Test]
    public void A_gathered_write_arrives_in_order([Values(1, 2, 9, 100, 200)] int segments)
    {
        using var pair = _bench.Connect();
        var expected = new List<byte>();
        var pool = new PacketPool();
        var list = new GatherList(segments, scratchBytes: 16);
        var packets = new List<Packet>();
        list.Begin(skip: 0);
        for (var i = 0; i < segments; i++)
        {
            var bytes = new byte[1 + (i * 7)];
            Array.Fill(bytes, (byte)i);
            packets.Add(pool.Copy(bytes));
            list.Add(packets[i], 0, bytes.Length);
            expected.AddRange(bytes);
        }

        var sent = pair.Client.Send(list);

        Assert.That(sent, Is.EqualTo(IoResult.Done(expected.Count)));
        Assert.That(_bench.Receive(pair.Server, expected.Count), Is.EqualTo(expected));
        packets.ForEach(packet => packet.Release());
    }

    [Test]
    public void Receiving_where_nothing_came_would_block()
    {
        using var pair = _bench.Connect();

        Assert.That(pair.Server.Receive(new byte[10]), Is.EqualTo(IoResult.WouldBlock));
    }

    [Test]
    public void Accepting_where_nobody_waits_would_block()
    {
        using var listener = Network.Listen(Loopback, Settings);

        Assert.That(listener.Accept(out var socket), Is.EqualTo(IoResult.WouldBlock));
        Assert.That(socket, Is.Null);
    }

    [Test]
    public void A_full_socket_would_block_until_the_peer_reads()
    {
        using var pair = _bench.Connect();
        var sent = _bench.Fill(pair.Client);
        Assert.That(_bench.IsReady(pair.Client, Readiness.Write), Is.False);

        Assert.That(_bench.Receive(pair.Server, sent), Has.Length.EqualTo(sent));

        Assert.That(_bench.Awaits(pair.Client, Readiness.Write), Is.True);
        _bench.Send(pair.Client, "\0on"u8);      // what was not taken is offered again
        Assert.That(_bench.ReceiveText(pair.Server, 3), Is.EqualTo("\0on"));
    }

    [Test]
    public void A_half_close_is_seen_as_the_end_and_the_other_way_stays_open()
    {
        using var pair = _bench.Connect();
        _bench.Send(pair.Client, "last"u8);
        pair.Client.EndSending();

        Assert.That(_bench.ReceiveText(pair.Server, 4), Is.EqualTo("last"));
        Assert.That(_bench.Awaits(pair.Server, Readiness.Read), Is.True);
        Assert.That(pair.Server.Receive(new byte[10]), Is.EqualTo(IoResult.Ended));

        _bench.Send(pair.Server, "reply"u8);
        Assert.That(_bench.ReceiveText(pair.Client, 5), Is.EqualTo("reply"));
    }

    [Test]
    public void A_reset_is_seen_as_a_failure_with_its_reason()
    {
        using var pair = _bench.Connect();
        _bench.Reset(pair);

        Assert.That(_bench.Awaits(pair.Server, Readiness.Read), Is.True);
        var result = pair.Server.Receive(new byte[10]);

        Assert.That(result.Status, Is.EqualTo(IoStatus.Failed));
        Assert.That(result.Describe(), Does.Contain("reset").IgnoreCase);
    }

    [Test]
    public void Sending_to_a_peer_that_left_fails_and_kills_nobody()
    {
        using var pair = _bench.Connect();
        _bench.Reset(pair);
        Assert.That(_bench.Awaits(pair.Server, Readiness.Read), Is.True);

        // The first one may hear of the reset, the second then of the broken pipe.
        Assert.That(_bench.TrySend(pair.Server, "a"u8).Status, Is.EqualTo(IoStatus.Failed));
        Assert.That(_bench.TrySend(pair.Server, "b"u8).Status, Is.EqualTo(IoStatus.Failed));
        pair.Server.EndSending();
    }

    [Test]
    public void A_refused_connect_is_told_by_readiness()
    {
        IPEndPoint nobody;
        using (var listener = Network.Listen(Loopback, Settings))
            nobody = listener.Local;

        using var client = Network.Connect(nobody, Settings);

        Assert.That(_bench.Awaits(client, Readiness.Read | Readiness.Write), Is.True);
        var result = client.Receive(new byte[10]);
        Assert.That(result.Status, Is.EqualTo(IoStatus.Failed));
        Assert.That(result.Describe(), Does.Contain("refused").IgnoreCase);
    }

    [Test]
    public void Unread_bytes_are_reported_again()
    {
        using var pair = _bench.Connect();
        _bench.Send(pair.Client, "ab"u8);

        Assert.That(_bench.Awaits(pair.Server, Readiness.Read), Is.True);
        Assert.That(pair.Server.Receive(new byte[1]).Bytes, Is.EqualTo(1));
        Assert.That(_bench.IsReady(pair.Server, Readiness.Read), Is.True);
        Assert.That(pair.Server.Receive(new byte[1]).Bytes, Is.EqualTo(1));
        Assert.That(_bench.IsReady(pair.Server, Readiness.Read), Is.False);
    }

    [Test]
    public void Writability_is_reported_only_to_those_who_ask()
    {
        using var pair = _bench.Connect();

        Assert.That(_bench.IsReady(pair.Client, Readiness.Read), Is.False);
        Assert.That(_bench.IsReady(pair.Client, Readiness.Read | Readiness.Write), Is.True);
        Assert.That(_bench.IsReady(pair.Client, Readiness.Read), Is.False);
    }

    [Test]
    public void A_broken_source_without_interest_does_not_make_the_loop_spin()
    {
        using var pair = _bench.Connect();
        _bench.Send(pair.Server, "unread"u8);
        Assert.That(_bench.Awaits(pair.Client, Readiness.Read), Is.True);
        Poller.Watch(pair.Server, new Watcher(), Readiness.None);
        pair.Client.Dispose();                  // a reset, as something was unread
        var events = new ReadyEvent[4];
        Poller.Wait(events, timeoutMs: 0);      // once it may be told

        Assert.That(Poller.Wait(events, timeoutMs: 0), Is.Zero);
        Assert.That(Poller.Wait(events, timeoutMs: 0), Is.Zero);

        Assert.That(_bench.Awaits(pair.Server, Readiness.Read), Is.True);
        Assert.That(pair.Server.Receive(new byte[10]).Status, Is.EqualTo(IoStatus.Failed));
    }

    [Test]
    public void A_forgotten_source_is_heard_no_more()
    {
        using var pair = _bench.Connect();
        using var other = _bench.Connect();
        Poller.Watch(pair.Server, new Watcher(), Readiness.Read);
        Poller.Watch(other.Server, new Watcher(), Readiness.Read);
        Assert.That(Poller.Watched, Is.EqualTo(2));
        _bench.Send(pair.Client, "x"u8);
        Assert.That(_bench.Awaits(pair.Server, Readiness.Read), Is.True);

        Poller.Forget(pair.Server);
        Poller.Forget(pair.Server);

        Assert.That(Poller.Wait(new ReadyEvent[4], timeoutMs: 0), Is.Zero);
        Assert.That(Poller.Watched, Is.EqualTo(1));
        Poller.Forget(other.Server);
        Assert.That(Poller.Watched, Is.Zero);
    }

    [Test]
    public void Nobody_starves_when_more_are_ready_than_events_fit()
    {
        using var one = _bench.Connect();
        using var two = _bench.Connect();
        using var three = _bench.Connect();
        var watchers = new List<Watcher>();
        foreach (var pair in new[] { one, two, three })
        {
            watchers.Add(new Watcher());
            Poller.Watch(pair.Server, watchers[^1], Readiness.Read);
            _bench.Send(pair.Client, "unread"u8);
        }

        var heard = new HashSet<IPollable>();
        var events = new ReadyEvent[1];
        for (var turn = 0; turn < 6; turn++)
        {
            Assert.That(Poller.Wait(events, Bench.PatienceMs), Is.EqualTo(1));
            heard.Add(events[0].Target);
        }

        Assert.That(heard, Is.EquivalentTo(watchers));
    }

    [Test]
    public void A_wake_up_from_another_thread_ends_a_wait_for_ever()
    {
        var waker = new Thread(Poller.Wake);
        waker.Start();

        Assert.That(Poller.Wait(new ReadyEvent[4], timeoutMs: -1), Is.Zero);
        waker.Join();
    }

    [Test]
    public void Many_wake_ups_before_a_wait_end_it_and_are_used_up()
    {
        for (var i = 0; i < 10; i++)
            Poller.Wake();

        Assert.That(Poller.Wait(new ReadyEvent[4], timeoutMs: -1), Is.Zero);

        using var pair = _bench.Connect();
        Assert.That(_bench.IsReady(pair.Server, Readiness.Read), Is.False);
    }

    [Test]
    public void An_IPv4_visitor_of_a_dual_stack_listener_is_shown_as_IPv4()
    {
        using var listener = Network.Listen(new IPEndPoint(IPAddress.IPv6Any, 0), Settings);
        var address = new IPEndPoint(IPAddress.Loopback, listener.Local.Port);
        using var client = Network.Connect(address, Settings);

        using var server = _bench.Accept(listener);

        Assert.That(server.Remote, Is.EqualTo(client.Local));
        Assert.That(server.Remote.AddressFamily, Is.EqualTo(AddressFamily.InterNetwork));
    }

    [Test]
    public void An_IPv6_visitor_is_shown_as_IPv6()
    {
        using var listener = Network.Listen(new IPEndPoint(IPAddress.IPv6Any, 0), Settings);
        var address = new IPEndPoint(IPAddress.IPv6Loopback, listener.Local.Port);
        using var client = Network.Connect(address, Settings);

        using var server = _bench.Accept(listener);

        Assert.That(server.Remote, Is.EqualTo(client.Local));
        Assert.That(server.Remote.Address, Is.EqualTo(IPAddress.IPv6Loopback));
    }

    [Test]
    public void A_port_in_use_is_named_with_the_reason()
    {
        using var first = Network.Listen(Loopback, Settings);

        var refused = Assert.Throws<NetworkException>(() => Network.Listen(first.Local, Settings))!;

        Assert.That(refused.Message, Does.Contain(first.Local.ToString()));
        Assert.That(refused.Message, Does.Contain("in use").IgnoreCase);
    }

    [Test]
    public void An_address_that_is_not_ours_is_refused()
    {
        var elsewhere = new IPEndPoint(IPAddress.Parse("192.0.2.1"), 0);    // RFC 5737

        Assert.Throws<NetworkException>(() => Network.Listen(elsewhere, Settings));
    }

    [Test]
    public void A_port_is_free_again_at_once_after_a_connection_was_closed_from_our_side()
    {
        IPEndPoint at;
        using (var listener = Network.Listen(Loopback, Settings))
        {
            at = listener.Local;
            using var client = Network.Connect(at, Settings);
            _bench.Accept(listener).Dispose();  // our FIN first: TIME_WAIT is ours
            Assert.That(_bench.Awaits(client, Readiness.Read), Is.True);
        }

        Assert.DoesNotThrow(() => Network.Listen(at, Settings).Dispose());
    }

    [Test]
    public void Every_setting_is_taken()
    {
        var settings = new SocketSettings
        {
            SendBuffer = 64 << 10,
            ReceiveBuffer = 64 << 10,
            NotSentLowWater = 16 << 10,
        };
        using var listener = Network.Listen(Loopback, settings);
        using var client = Network.Connect(listener.Local, settings);
        using var server = _bench.Accept(listener);

        _bench.Send(server, Encoding.ASCII.GetBytes("works"));

        Assert.That(_bench.ReceiveText(client, 5), Is.EqualTo("works"));
        Assert.That(_bench.Fill(server), Is.LessThan(1 << 20));     // unbounded it is megabytes
    }

    [Test]
    public void Without_descriptors_a_visitor_is_turned_away_and_later_ones_are_served() =>
        LiveThroughDrought();

    /// <summary>A real drought takes every descriptor of a process, so it has its own.</summary>
    private protected virtual void LiveThroughDrought() => OwnProcess.Run(GetType().Name);

    /// <summary>The test itself, wherever it runs.</summary>
    internal void TurnAwayInDrought(Func<IDisposable> beginDrought)
    {
        using var listener = Network.Listen(Loopback, Settings);
        using (var warm = Network.Connect(listener.Local, Settings))
        {
            _bench.Accept(listener).Dispose();
            Assert.That(_bench.Awaits(warm, Readiness.Read), Is.True);
            warm.Receive(new byte[1]);
        }
        using var visitor = Network.Connect(listener.Local, Settings);
        Assert.That(_bench.Awaits(visitor, Readiness.Write), Is.True);
        using var later = Network.Connect(listener.Local, Settings);
        Assert.That(_bench.Awaits(later, Readiness.Write), Is.True);

        using (beginDrought())
        {
            var result = _bench.TryAccept(listener, out _);
            Assert.That(result.Status, Is.EqualTo(IoStatus.Exhausted));
            Assert.That(_bench.Awaits(visitor, Readiness.Read), Is.True);
            var end = visitor.Receive(new byte[1]);         // an end, no endless wait
            Assert.That(end, Is.EqualTo(IoResult.Ended));
        }

        using var served = _bench.Accept(listener);
        Assert.That(served.Remote, Is.EqualTo(later.Local));
    }
}
