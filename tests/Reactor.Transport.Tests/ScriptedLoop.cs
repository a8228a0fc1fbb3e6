using System;
using System.Collections.Generic;
using System.Text;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Testing;

namespace Reactor.Transport.Tests;

/// <summary>A loop over a scripted network and a clock that only tests move.</summary>
internal sealed class ScriptedLoop : IDisposable
{
    private long _connections;

    public ScriptedLoop(LoopSettings? settings = null) =>
        Loop = new EventLoop(Network, Time, settings ?? new LoopSettings());

    public ManualTime Time { get; } = new();

    public ScriptedNetwork Network { get; } = new();

    public EventLoop Loop { get; }

    /// <summary>How many connections said that they are gone.</summary>
    public int Gone { get; private set; }

    public Peer Connect()
    {
        var socket = Network.CreateSocket();
        var connection = new Connection(Loop, ++_connections, socket, _ => Gone++);
        return new Peer(socket, connection);
    }

    /// <summary>A turn after so many milliseconds.</summary>
    public void Turn(long afterMs = 0)
    {
        Time.Advance(afterMs);
        Loop.RunOnce();
    }

    public void AssertNothingIsLeft()
    {
        Assert.That(Loop.Poller.Watched, Is.Zero);
        Assert.That(Loop.Timers.Count, Is.Zero);
        Assert.That(Loop.Pool.Outstanding, Is.Zero);
        Assert.That(Gone, Is.EqualTo(_connections));
    }

    public void Dispose() => Loop.Dispose();
}

/// <summary>One connection seen from both sides: what it heard, and the socket behind it.</summary>
internal sealed class Peer : IConnectionHandler
{
    public Peer(ScriptedSocket socket, Connection connection)
    {
        Socket = socket;
        Connection = connection;
        connection.Start(this, Outbox);
    }

    /// <summary>How many of the offered bytes are taken.</summary>
    public delegate int Taking(ReadOnlySpan<byte> input);

    public ScriptedSocket Socket { get; }

    public Connection Connection { get; }

    public PacketRing Outbox { get; } = new(packetsMax: 1024, ringBytesMax: 64 << 20);

    public StringBuilder Received { get; } = new();

    /// <summary>Turns in which bytes were taken.</summary>
    public List<long> TurnsHeard { get; } = [];

    public int Drained { get; private set; }

    public List<CloseReason> Closed { get; } = [];

    public List<Exception> Faults { get; } = [];

    public string Sent => Encoding.ASCII.GetString([.. Socket.Sent]);

    public Taking Takes { get; set; } = input => input.Length;

    public Action OnDrain { get; set; } = () => { };

    public Action OnClose { get; set; } = () => { };

    public void Arrive(string text) => Socket.Arrive(Encoding.ASCII.GetBytes(text));

    public void Push(string text, int withinMs = 0) =>
        Push(Encoding.ASCII.GetBytes(text), withinMs);

    public void Push(ReadOnlySpan<byte> bytes, int withinMs = 0)
    {
        var packet = Connection.Loop.Pool.Copy(bytes);
        Assert.That(Outbox.TryPush(packet), Is.True);
        packet.Release();
        Connection.MarkDirty(withinMs);
    }

    public void OnReceived(ref ReadOnlySpan<byte> input)
    {
        var taken = Takes(input);
        Received.Append(Encoding.ASCII.GetString(input[..taken]));
        TurnsHeard.Add(Connection.Loop.Turns);
        input = input[taken..];
    }

    public void OnDrained()
    {
        Drained++;
        OnDrain();
    }

    public void OnClosed(CloseReason reason, string detail)
    {
        Closed.Add(reason);
        OnClose();
    }

    public void OnFault(Exception fault) => Faults.Add(fault);
}
