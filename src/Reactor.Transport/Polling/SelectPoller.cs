using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using Reactor.Transport.Network;

namespace Reactor.Transport.Polling;

/// <summary>Readiness by Socket.Select, which .NET has everywhere.</summary>
/// <remarks>
/// Every wait hands all sockets to the system, so a turn costs as much as there are
/// connections: right for a desk, while a Linux server has <see cref="EpollPoller"/>.
/// Select leaves in its lists what is ready, in the order in which it was put there; walking
/// the watches in that same order finds the owners without a lookup.
/// Invariant: _watches[i].Source.WatchIndex == i.
/// </remarks>
public sealed class SelectPoller : IPoller
{
    // Select counts in microseconds; a longer wait ends early, which a loop does not mind.
    private const int TimeoutMsMax = 1_000_000;
    private const int WakesDrainedMax = 64;

    private static readonly byte[] WakeByte = [1];

    private readonly Socket _wake;
    private readonly byte[] _drained = new byte[1];
    private readonly int _eventsMax;
    private readonly List<Socket> _read = [];
    private readonly List<Socket> _write = [];
    private readonly List<Socket> _broken = [];
    private Entry[] _watches = new Entry[64];
    private int _first;

    public SelectPoller(int eventsMax)
    {
        _eventsMax = eventsMax;
        // A datagram socket connected to itself: what other threads send wakes the wait.
        _wake = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            _wake.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _wake.Connect(_wake.LocalEndPoint!);
            _wake.Blocking = false;
        }
        catch (SocketException refused)
        {
            _wake.Dispose();
            throw new NetworkException($"no socket for wake-ups: {refused.Message}", refused);
        }
    }

    public int Watched { get; private set; }

    public void Watch(IPollSource source, IPollable target, Readiness interest)
    {
        var watched = (PortableSource)source;
        if (watched.WatchIndex < 0)
        {
            if (Watched == _watches.Length)
                Array.Resize(ref _watches, Watched * 2);
            watched.WatchIndex = Watched++;
        }
        _watches[watched.WatchIndex] = new Entry(watched, target, interest);
    }

    public void Forget(IPollSource source)
    {
        var gone = (PortableSource)source;
        if (gone.WatchIndex < 0)
            return;
        var last = _watches[--Watched];
        _watches[Watched] = default;
        if (last.Source != gone)
        {
            _watches[gone.WatchIndex] = last;
            last.Source.WatchIndex = gone.WatchIndex;
        }
        gone.WatchIndex = -1;
    }

    public int Wait(Span<ReadyEvent> events, int timeoutMs)
    {
        Fill();
        var timeout = timeoutMs < 0 ? -1 : Math.Min(timeoutMs, TimeoutMsMax) * 1000;
        Socket.Select(_read, _write, _broken, timeout);
        return Collect(events[..Math.Min(events.Length, _eventsMax)]);
    }

    public void Wake()
    {
        // A full socket, the only way in which this fails, is awake already.
        _wake.Send(WakeByte, SocketFlags.None, out _);
    }

    public void Dispose() => _wake.Dispose();

    private void Fill()
    {
        _read.Clear();
        _write.Clear();
        _broken.Clear();
        _read.Add(_wake);
        for (var i = 0; i < Watched; i++)
        {
            var (source, _, interest) = At(i);
            if ((interest & Readiness.Read) != 0)
                _read.Add(source.Socket);
            if ((interest & Readiness.Write) == 0)
                continue;
            _write.Add(source.Socket);
            _broken.Add(source.Socket);         // where Windows tells of a failed connect
        }
    }

    private int Collect(Span<ReadyEvent> events)
    {
        var (read, write, broken) = (0, 0, 0);
        if (IsNext(_read, ref read, _wake))
            DrainWake();

        var filled = 0;
        var walked = 0;
        for (; walked < Watched && filled < events.Length; walked++)
        {
            var (source, target, _) = At(walked);
            var what = (IsNext(_read, ref read, source.Socket) ? Readiness.Read : Readiness.None)
                | (IsNext(_write, ref write, source.Socket) ? Readiness.Write : Readiness.None);
            if (IsNext(_broken, ref broken, source.Socket))
                what = Readiness.Read | Readiness.Write;
            if (what != Readiness.None)
                events[filled++] = new ReadyEvent(target, what);
        }
        // Whoever did not fit comes first the next time.
        _first = Watched == 0 ? 0 : (_first + walked) % Watched;
        return filled;
    }

    private Entry At(int step) => _watches[(_first + step) % Watched];

    private static bool IsNext(List<Socket> ready, ref int at, Socket socket)
    {
        if (at == ready.Count || ready[at] != socket)
            return false;
        at++;
        return true;
    }

    private void DrainWake()
    {
        for (var i = 0; i < WakesDrainedMax; i++)
        {
            _wake.Receive(_drained, SocketFlags.None, out var error);
            if (error != SocketError.Success)
                return;
        }
    }

    private readonly record struct Entry(
        PortableSource Source, IPollable Target, Readiness Interest);
}
