using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using Reactor.Transport.Network;
using Reactor.Transport.Polling;

namespace Reactor.Testing.Simulation;

/// <summary>
/// A network in memory: latency, bandwidth, bounded windows, and faults from a seed.
/// </summary>
/// <remarks>
/// One poller waits for the server's ends; peers are called by their sockets. All that passes
/// and all luck comes from here in one order, so one seed gives one history.
/// </remarks>
public sealed class SimulatedNetwork(SimulatedTime time, Random random, Trace trace) : INetwork
{
    internal const int ConnectionReset = 104;
    private const int ConnectionRefused = 111;
    private const int FirstPort = 32_768;
    private const int FirstOwnId = 1_000_000;   // beyond those of peers
    private static readonly int[] Exhaustions = [24, 23, 12];       // EMFILE, ENFILE, ENOMEM

    private readonly List<SimulatedListener> _listeners = [];
    private readonly List<SimulatedSocket> _serverSockets = [];
    private readonly HashSet<int> _turnedAway = [];
    private readonly Dictionary<IPEndPoint, Func<SimulatedSocket, bool>> _hosts = [];
    private int _port = FirstPort;
    private int _lastId = FirstOwnId;

    public SimulatedTime Time => time;

    public Trace Trace => trace;

    public NetworkFaults Faults { get; set; } = NetworkFaults.None;

    /// <summary>Bugs that are planted here; none by default.</summary>
    public Plants Plants { get; init; } = new(Plant.None, 0);

    /// <summary>Whose ends the server's are.</summary>
    public SimulatedProcess Process { get; } = new();

    /// <summary>Where faults of ours show in calls of the server's sockets.</summary>
    public Mishaps? Mishaps { get; set; }

    /// <summary>What a connect gets when it says nothing else.</summary>
    public LinkQuality Quality { get; set; } = new();

    /// <summary>No descriptor is to be had for new connections.</summary>
    public bool IsDry { get; set; }

    /// <summary>What a wait costs that follows a turn, in microseconds; see World.</summary>
    public Action? BeforeWait { get; set; }

    /// <summary>Called when nothing would ever end a wait.</summary>
    public Action WhenNothingIsLeft { get; set; } = () =>
        throw new FindingException("the loop does not sleep for ever", "nothing is planned");

    public int SocketsMax { get; init; } = 1 << 20;

    /// <summary>Sockets and listeners of the server's that are open.</summary>
    public int Open => _serverSockets.Count + _listeners.Count;

    /// <summary>Whether this connection ended before the server saw it.</summary>
    public bool WasTurnedAway(int id) => _turnedAway.Contains(id);

    internal SimulatedPoller? Poller { get; private set; }

    public IPoller CreatePoller(int eventsMax) => Poller = new SimulatedPoller(this);

    public IListenSocket Listen(IPEndPoint at, SocketSettings settings)
    {
        if (!IPAddress.IsLoopback(at.Address) && !at.Address.Equals(IPAddress.Any)
            && !at.Address.Equals(IPAddress.IPv6Any))
        {
            throw new NetworkException($"cannot use {at}: not an address of ours");
        }
        if (at.Port != 0 && _listeners.Exists(listener => listener.Local.Port == at.Port))
            throw new NetworkException($"cannot use {at}: address already in use");
        var local = new IPEndPoint(at.Address, at.Port == 0 ? _port++ : at.Port);
        var listener = new SimulatedListener(this, local, settings.Backlog);
        _listeners.Add(listener);
        return listener;
    }

    public ISocket Connect(IPEndPoint to, SocketSettings settings)
    {
        var own = to.AddressFamily == AddressFamily.InterNetworkV6
            ? IPAddress.IPv6Loopback
            : IPAddress.Loopback;
        var socket = Connect(
            new IPEndPoint(own, _port++), to, Quality, ++_lastId, isServers: true);
        Opened(socket);
        return socket;
    }

    /// <summary>Somebody else listens there: the server may connect to it.</summary>
    /// <param name="at">Its address.</param>
    /// <param name="visited">
    /// Takes the other end of each connection; says false to refuse it.
    /// </param>
    public void Host(IPEndPoint at, Func<SimulatedSocket, bool> visited) => _hosts[at] = visited;

    /// <summary>A fault of ours shows: planted, it reaches somebody's connection too.</summary>
    public void Spread()
    {
        if (Plants.Is(Plant.SpreadsFault))
            _serverSockets.FindLast(socket => socket.Id < FirstOwnId)?.Fail();
    }

    /// <summary>The server's process is gone: what it had open is closed for it.</summary>
    public void EndProcess()
    {
        Process.Begin();
        foreach (var socket in new List<SimulatedSocket>(_serverSockets))
            socket.Dispose();
        foreach (var listener in new List<SimulatedListener>(_listeners))
            listener.Dispose();
        Poller = null;
    }

    /// <summary>Connects from an address, and by a number, of the caller's choice.</summary>
    public SimulatedSocket Connect(
        IPEndPoint from, IPEndPoint to, LinkQuality quality, int id) =>
        Connect(from, to, quality, id, isServers: false);

    /// <summary>The next unused local port.</summary>
    internal int NextPort() => _port++;

    internal void BeginWait() => BeforeWait?.Invoke();

    internal void SleepForEver() => WhenNothingIsLeft();

    internal NetworkFaults FaultsFor(SimulatedSocket socket) =>
        socket.IsServers ? Faults : NetworkFaults.None;

    /// <summary>Whether a chance of so many per mille comes true.</summary>
    internal bool Draws(int perMille) => perMille > 0 && random.Next(1000) < perMille;

    internal int Draw(int below) => random.Next(below);

    internal int DrawExhaustion() => Exhaustions[Draw(Exhaustions.Length)];

    internal void Shuffle(List<ISimulatedSource> sources)
    {
        for (var i = sources.Count - 1; i > 0; i--)
        {
            var other = Draw(i + 1);
            (sources[i], sources[other]) = (sources[other], sources[i]);
        }
    }

    internal void Note(TraceKind kind, SimulatedSocket socket, int count)
    {
        if (socket.IsServers)
            trace.Note(kind, socket.Id, count);
    }

    /// <summary>The server has accepted it or connected by it, and must close it.</summary>
    internal void Opened(SimulatedSocket socket) => _serverSockets.Add(socket);

    internal void Closed(SimulatedSocket socket)
    {
        Note(TraceKind.Closed, socket, 0);
        _serverSockets.Remove(socket);
    }

    /// <summary>Nobody has accepted it.</summary>
    internal void TurnAway(SimulatedSocket visitor)
    {
        _turnedAway.Add(visitor.Id);
        visitor.Dispose();
    }

    internal void Closed(SimulatedListener listener) => _listeners.Remove(listener);

    private SimulatedSocket Connect(
        IPEndPoint from, IPEndPoint to, LinkQuality quality, int id, bool isServers)
    {
        var up = new Pipe(time, quality, random);
        var down = new Pipe(time, quality, random);
        var client = new SimulatedSocket(
            this, isServers, isConnecting: true, id, down, up, from, to);
        if (isServers && !Process.TryCall())
            return client;
        time.Plan(time.NowUs + quality.LatencyUs, () =>
        {
            var host = _hosts.GetValueOrDefault(to);
            var other = new SimulatedSocket(
                this, isServers: host is null, isConnecting: false, id, up, down, to, from);
            Note(TraceKind.Visited, other, 0);
            var isWelcome = host is not null
                ? host(other)
                : ListenerAt(to) is { } listener && listener.TryArrive(other);
            if (!isWelcome)
                TurnAway(other);
            client.EndConnecting(isWelcome ? 0 : ConnectionRefused);
        });
        return client;
    }

    private SimulatedListener? ListenerAt(IPEndPoint address) => _listeners.Find(
        listener => listener.Local.Port == address.Port
            && (listener.Local.Address.Equals(address.Address)
                || listener.Local.Address.Equals(IPAddress.IPv6Any)
                || (listener.Local.Address.Equals(IPAddress.Any)
                    && address.AddressFamily == AddressFamily.InterNetwork)));
}
