using System;
using System.Collections.Generic;
using System.Net;
using Reactor.Primitives;
using Reactor.Transport.Network;
using Reactor.Transport.Polling;

namespace Reactor.Testing;

/// <summary>A network in memory that is never in the way of what is measured.</summary>
/// <remarks>
/// Nothing behind it is random, takes time, or allocates once its arrays have grown; a socket
/// hands on what it is given, or only counts it. Faults are the business of other networks.
/// </remarks>
public sealed class MemoryNetwork : INetwork
{
    private readonly List<MemoryListener> _listeners = [];

    public int SocketsMax { get; set; } = int.MaxValue;

    /// <summary>Sockets that the server watches.</summary>
    public int Watched => Poller.Watched;

    private MemoryPoller Poller { get; } = new();

    public IPoller CreatePoller(int eventsMax) => Poller;

    public IListenSocket Listen(IPEndPoint at, SocketSettings settings)
    {
        _listeners.Add(new MemoryListener(at));
        return _listeners[^1];
    }

    /// <summary>Whether the server finds somebody when it connects; else nobody listens.</summary>
    public bool TakesCalls { get; set; }

    /// <summary>What the server has connected, in order; the test is the other end.</summary>
    public List<MemorySocket> Called { get; } = [];

    public ISocket Connect(IPEndPoint to, SocketSettings settings)
    {
        if (!TakesCalls)
            throw new NetworkException("nobody listens here");
        var socket = new MemorySocket(to.Port);
        Called.Add(socket);
        return socket;
    }

    /// <summary>A visitor, whom the server accepts in its next turn.</summary>
    /// <param name="port">Of a listener; null for the one that was opened first.</param>
    public MemorySocket Visit(int? port = null)
    {
        var listener = port is null
            ? _listeners[0]
            : _listeners.Find(each => each.Local.Port == port)!;
        var socket = new MemorySocket(listener.Visits + 1);
        listener.Arrive(socket);
        return socket;
    }
}

/// <summary>The server's end of a connection; the test holds the other end.</summary>
public sealed class MemorySocket(int port) : MemorySource, ISocket
{
    private readonly Queue<ReadOnlyMemory<byte>> _arrivals = new();
    private int _taken;
    private int _waiting;
    private int _readableFrom = 1;
    private bool _hasEnded;

    public override IPEndPoint Local { get; } = new(IPAddress.Loopback, 1935);

    public IPEndPoint Remote { get; } = new(IPAddress.Loopback, port);

    /// <summary>How many bytes the peer still takes.</summary>
    public long Room { get; set; } = long.MaxValue;

    /// <summary>Whether what is sent is kept for the test, or only counted.</summary>
    public bool IsKept { get; set; } = true;

    /// <summary>What was sent; the test empties it.</summary>
    public List<byte> Sent { get; } = [];

    public long SentBytes { get; private set; }

    public bool IsClosed { get; private set; }

    /// <summary>What a receive throws: a bug of ours, as far as the server knows.</summary>
    public Exception? Trouble { get; set; }

    public bool HasEndedSending { get; private set; }

    public override Readiness Ready =>
        (_waiting >= _readableFrom || _hasEnded || Trouble is not null
            ? Readiness.Read
            : Readiness.None)
        | (Room > 0 ? Readiness.Write : Readiness.None);

    /// <summary>
    /// Bytes of the peer arrive; they must stay as they are until they were read.
    /// </summary>
    public void Arrive(ReadOnlyMemory<byte> bytes)
    {
        _arrivals.Enqueue(bytes);
        _waiting += bytes.Length;
    }

    /// <summary>The peer closes.</summary>
    public void Leave() => _hasEnded = true;

    public IoResult Receive(Span<byte> into)
    {
        if (Trouble is not null)
            throw Trouble;
        var filled = 0;
        while (filled < into.Length && _arrivals.TryPeek(out var arrival))
        {
            var piece = arrival.Span[_taken..];
            piece = piece[..Math.Min(piece.Length, into.Length - filled)];
            piece.CopyTo(into[filled..]);
            filled += piece.Length;
            _taken += piece.Length;
            if (_taken < arrival.Length)
                break;
            _arrivals.Dequeue();
            _taken = 0;
        }
        _waiting -= filled;
        if (filled > 0)
            return IoResult.Done(filled);
        return _hasEnded ? IoResult.Ended : IoResult.WouldBlock;
    }

    public IoResult Send(GatherList list)
    {
        if (Room == 0)
            return IoResult.WouldBlock;
        var taken = (int)Math.Min(Room, list.Bytes);
        for (int i = 0, left = taken; IsKept && left > 0; i++)
        {
            var piece = list[i][..Math.Min(left, list[i].Length)];
            Sent.AddRange(piece);
            left -= piece.Length;
        }
        Room -= taken;
        SentBytes += taken;
        return IoResult.Done(taken);
    }

    public void EndSending() => HasEndedSending = true;

    public void ReadableFrom(int bytes) => _readableFrom = bytes;

    public override void Dispose() => IsClosed = true;
}

/// <summary>Something that <see cref="MemoryPoller"/> watches.</summary>
public abstract class MemorySource : IPollSource
{
    public abstract IPEndPoint Local { get; }

    public abstract Readiness Ready { get; }

    internal IPollable? Target { get; set; }

    internal Readiness Interest { get; set; }

    public abstract void Dispose();
}

internal sealed class MemoryListener(IPEndPoint local) : MemorySource, IListenSocket
{
    private readonly Queue<MemorySocket> _visitors = new();

    public override IPEndPoint Local => local;

    public override Readiness Ready => _visitors.Count > 0 ? Readiness.Read : Readiness.None;

    public int Visits { get; private set; }

    public void Arrive(MemorySocket visitor)
    {
        Visits++;
        _visitors.Enqueue(visitor);
    }

    public IoResult Accept(out ISocket? socket)
    {
        var isThere = _visitors.TryDequeue(out var visitor);
        socket = visitor;
        return isThere ? IoResult.Done(0) : IoResult.WouldBlock;
    }

    public override void Dispose() => _visitors.Clear();
}

/// <summary>Looks at each source in turn; what does not fit comes first the next time.</summary>
internal sealed class MemoryPoller : IPoller
{
    private readonly List<MemorySource> _sources = [];
    private int _next;

    public int Watched => _sources.Count;

    public void Watch(IPollSource source, IPollable target, Readiness interest)
    {
        var memory = (MemorySource)source;
        if (memory.Target is null)
            _sources.Add(memory);
        memory.Target = target;
        memory.Interest = interest;
    }

    public void Forget(IPollSource source)
    {
        ((MemorySource)source).Target = null;
        _sources.Remove((MemorySource)source);
    }

    public int Wait(Span<ReadyEvent> events, int timeoutMs)
    {
        var filled = 0;
        for (var looked = 0; looked < _sources.Count && filled < events.Length; looked++)
        {
            _next = (_next + 1) % _sources.Count;
            var source = _sources[_next];
            var what = source.Ready & source.Interest;
            if (what != Readiness.None)
                events[filled++] = new ReadyEvent(source.Target!, what);
        }
        return filled;
    }

    public void Wake()
    {
    }

    public void Dispose()
    {
    }
}
