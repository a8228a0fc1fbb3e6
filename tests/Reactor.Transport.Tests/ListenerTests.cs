using System;
using System.Collections.Generic;
using System.Net;
using NUnit.Framework;
using Reactor.Testing;
using Reactor.Transport.Network;

namespace Reactor.Transport.Tests;

[TestFixture]
public sealed class ListenerTests
{
    private readonly List<ISocket> _accepted = [];
    private readonly List<string> _troubles = [];
    private ScriptedLoop _world = null!;
    private ScriptedListener _socket = null!;
    private Listener _listener = null!;

    [SetUp]
    public void Open()
    {
        _accepted.Clear();
        _troubles.Clear();
        _world = new ScriptedLoop(new LoopSettings { AcceptMax = 3 });
        _socket = new ScriptedListener(new IPEndPoint(IPAddress.Any, 1935));
        _listener = new Listener(_world.Loop, _socket, _accepted.Add, _troubles.Add);
    }

    [TearDown]
    public void Close()
    {
        _listener.Close();
        _socket.Dispose();
        _world.Dispose();
    }

    [Test]
    public void A_bounded_number_is_accepted_each_turn()
    {
        for (var i = 0; i < 8; i++)
            _socket.Arrive(_world.Network.CreateSocket());

        var counts = new List<int>();
        for (var turn = 0; turn < 4; turn++)
        {
            _world.Turn();
            counts.Add(_accepted.Count);
        }

        Assert.That(counts, Is.EqualTo([3, 6, 8, 8]));
        Assert.That(_world.Loop.Cuts.Accept, Is.EqualTo(2));
    }

    [Test]
    public void Out_of_descriptors_it_pauses_and_goes_on_by_itself()
    {
        _socket.Arrive(IoResult.Exhausted(24));
        _socket.Arrive(_world.Network.CreateSocket());

        _world.Turn();
        Assert.That(_troubles, Has.Count.EqualTo(1));
        Assert.That(_listener.Pauses, Is.EqualTo(1));
        Assert.That(_world.Network.Poller.Watched, Is.Zero);
        _world.Turn(afterMs: 99);
        Assert.That(_accepted, Is.Empty);           // no spinning meanwhile

        _world.Turn(afterMs: 1);
        _world.Turn();
        Assert.That(_accepted, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_visitor_that_left_already_does_not_hold_up_the_next()
    {
        _socket.Arrive(IoResult.Failed(103));
        _socket.Arrive(_world.Network.CreateSocket());

        _world.Turn();

        Assert.That(_accepted, Has.Count.EqualTo(1));
        Assert.That(_troubles, Is.Empty);
    }

    [Test]
    public void Trouble_with_one_visitor_is_not_the_listeners()
    {
        var calls = 0;
        using var other = new ScriptedLoop();
        var socket = new ScriptedListener(new IPEndPoint(IPAddress.Any, 1935));
        _ = new Listener(
            other.Loop,
            socket,
            _ => throw new InvalidOperationException($"visitor {++calls}"),
            _troubles.Add);
        socket.Arrive(other.Network.CreateSocket());
        socket.Arrive(other.Network.CreateSocket());

        other.Turn();
        other.Turn();

        Assert.That(_troubles, Is.EqualTo(["visitor 1", "visitor 2"]));
    }

    [Test]
    public void A_closed_listener_leaves_nothing_behind_even_while_it_pauses()
    {
        _socket.Arrive(IoResult.Exhausted(24));
        _world.Turn();

        _listener.Close();
        _listener.Close();
        _world.Turn(afterMs: 100);

        Assert.That(_socket.IsDisposed, Is.True);
        _world.AssertNothingIsLeft();
    }
}
