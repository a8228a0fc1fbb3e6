using System;
using System.Collections.Generic;
using System.Net;
using Reactor.Primitives;
using Reactor.Transport.Network;
using Reactor.Transport.Polling;

namespace Reactor.Testing;

/// <summary>A network that does what the test wrote down, and remembers what was asked.</summary>
/// <remarks>
/// No time passes in it and nothing is random: a wait returns at once with what is ready, in
/// the order in which the sockets were first watched.
/// </remarks>
public sealed class ScriptedNetwork : INetwork
{
    private int _ports = 50_000;

    public ScriptedPoller Poller { get; } = new();

    public int SocketsMax => int.MaxValue;

    public IPoller CreatePoller(int eventsMax) => Poller;

    public IListenSocket Listen(IPEndPoint at, SocketSettings settings) => new ScriptedListener(at);

    public ISocket Connect(IPEndPoint to, SocketSettings settings) => CreateSocket();

    /// <summary>A connected socket, as an accept would have given it.</summary>
    public ScriptedSocket CreateSocket() => new(new IPEndPoint(IPAddress.Loopback, _ports++));
}

/// <summary>Level-triggered readiness of scripted sockets.</summary>
public sealed class ScriptedPoller : IPoller
{
    private readonly List<(IScripted Source, IPollable Target, Readiness Interest)> _watches = [];

    public int Watched => _watches.Count;

    /// <summary>How often writability was asked for that had not been asked for before.</summary>
    public int WriteInterests { get; private set; }

    /// <summary>What the latest wait was told; −1 for ever.</summary>
    public int LastTimeoutMs { get; private set; }

    public int Wakes { get; private set; }

    /// <summary>Called in each wait, before it looks: what happens while the loop sleeps.</summary>
    public Action? OnWait { get; set; }

    public Readiness InterestIn(IPollSource source) =>
        _watches.Find(watch => watch.Source == source).Interest;

    public void Watch(IPollSource source, IPollable target, Readiness interest)
    {
        var scripted = (IScripted)source;
        var at = _watches.FindIndex(watch => watch.Source == scripted);
        var before = at < 0 ? Readiness.None : _watches[at].Interest;
        if (((interest & ~before) & Readiness.Write) != 0)
            WriteInterests++;
        if (at < 0)
            _watches.Add((scripted, target, interest));
        else
            _watches[at] = (scripted, target, interest);
    }

    public void Forget(IPollSource source) =>
        _watches.RemoveAll(watch => watch.Source == source);

    public int Wait(Span<ReadyEvent> events, int timeoutMs)
    {
        LastTimeoutMs = timeoutMs;
        OnWait?.Invoke();
        var filled = 0;
        foreach (var (source, target, interest) in _watches)
        {
            var what = source.Ready & interest;
            if (what != Readiness.None && filled < events.Length)
                events[filled++] = new ReadyEvent(target, what);
        }
        return filled;
    }

    public void Wake() => Wakes++;

    public void Dispose()
    {
    }
}

/// <summary>A source whose readiness the script decides.</summary>
internal interface IScripted : IPollSource
{
    Readiness Ready { get; }
}

/// <summary>A socket whose receives and sends are scripted.</summary>
public sealed class ScriptedSocket(IPEndPoint remote) : ISocket, IScripted
{
    private readonly Queue<byte[]> _arrivals = new();
    private IoResult? _end;
    private int _readableFrom = 1;
    private int _waiting;

    public IPEndPoint Local { get; } = new(IPAddress.Loopback, 1935);

    public IPEndPoint Remote { get; } = remote;

    /// <summary>Everything that was sent.</summary>
    public List<byte> Sent { get; } = [];

    public int Sends { get; private set; }

    public int Receives { get; private set; }

    /// <summary>Of the offered bytes, how many the socket takes; a negative answer fails.</summary>
    public Func<int, int> Takes { get; set; } = offered => offered;

    /// <summary>Whether writability is reported; changes with <see cref="Takes"/>.</summary>
    public bool IsWritable { get; set; } = true;

    public bool HasEndedSending { get; private set; }

    public bool IsDisposed { get; private set; }

    Readiness IScripted.Ready =>
        (_waiting >= _readableFrom || _end is not null ? Readiness.Read : Readiness.None)
        | (IsWritable ? Readiness.Write : Readiness.None);

    /// <summary>Bytes arrive; one receive gives at most one arrival.</summary>
    public void Arrive(params byte[] bytes)
    {
        _arrivals.Enqueue(bytes);
        _waiting += bytes.Length;
    }

    /// <summary>After what has arrived, the peer sends no more.</summary>
    public void ArriveEnd() => _end = IoResult.Ended;

    /// <summary>After what has arrived, the connection is gone.</summary>
    public void ArriveReset() => _end = IoResult.Failed(104);

    public IoResult Receive(Span<byte> into)
    {
        Receives++;
        Invariant.Holds(!IsDisposed);
        if (!_arrivals.TryPeek(out var arrival))
            return _end ?? IoResult.WouldBlock;
        _arrivals.Dequeue();
        _waiting -= arrival.Length;
        if (arrival.Length > into.Length)
            throw new InvalidOperationException("an arrival has to fit the receive buffer");
        arrival.CopyTo(into);
        return IoResult.Done(arrival.Length);
    }

    public IoResult Send(GatherList list)
    {
        Invariant.Holds(!IsDisposed && !HasEndedSending);
        Sends++;
        var taken = Takes(list.Bytes);
        if (taken < 0)
            return IoResult.Failed(32);
        if (taken == 0)
            return IoResult.WouldBlock;
        var left = taken;
        for (var i = 0; i < list.Count && left > 0; i++)
        {
            var piece = list[i][..Math.Min(left, list[i].Length)];
            Sent.AddRange(piece);
            left -= piece.Length;
        }
        return IoResult.Done(taken);
    }

    public void EndSending() => HasEndedSending = true;

    public void ReadableFrom(int bytes) => _readableFrom = bytes;

    public void Dispose() => IsDisposed = true;
}

/// <summary>A listener whose visitors are scripted.</summary>
public sealed class ScriptedListener(IPEndPoint local) : IListenSocket, IScripted
{
    private readonly Queue<(IoResult Result, ISocket? Socket)> _visitors = new();

    public IPEndPoint Local { get; } = local;

    public bool IsDisposed { get; private set; }

    /// <summary>Visitors that were not accepted yet.</summary>
    public int Waiting => _visitors.Count;

    Readiness IScripted.Ready => _visitors.Count > 0 ? Readiness.Read : Readiness.None;

    public void Arrive(ISocket visitor) => _visitors.Enqueue((IoResult.Done(0), visitor));

    /// <summary>The next accept fails thus.</summary>
    public void Arrive(IoResult trouble) => _visitors.Enqueue((trouble, null));

    public IoResult Accept(out ISocket? socket)
    {
        if (!_visitors.TryDequeue(out var next))
        {
            socket = null;
            return IoResult.WouldBlock;
        }
        socket = next.Socket;
        return next.Result;
    }

    public void Dispose() => IsDisposed = true;
}
