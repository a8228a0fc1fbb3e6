using System;
using System.Net;
using Reactor.Load.Measures;
using Reactor.Transport;
using Reactor.Transport.Network;

namespace Reactor.Load.Peers;

/// <summary>What all peers of a load share: the loop, the server, and the tally.</summary>
internal sealed class LoadContext : IDisposable
{
    private readonly IPEndPoint _server;
    private readonly WakefulNetwork _network;
    private long _lastId;

    /// <param name="server">Where it listens.</param>
    /// <param name="app">The application of all streams.</param>
    /// <param name="mayRest">Whether the load sleeps while nothing comes.</param>
    /// <param name="bitsPerSecond">Of each stream.</param>
    public LoadContext(IPEndPoint server, string app, bool mayRest, int bitsPerSecond)
    {
        _server = server;
        _network = new WakefulNetwork(Networks.Open(NetworkBackend.Auto), mayRest);
        Loop = new EventLoop(_network, TimeProvider.System, new LoopSettings());
        App = app;
        Payload = new byte[Math.Max(4096, bitsPerSecond)];
        Random.NextBytes(Payload);
    }

    public EventLoop Loop { get; }

    public string App { get; }

    public string Url => $"rtmp://{_server}/{App}";

    public Tally Tally { get; } = new();

    /// <summary>For handshakes and payloads; a load is the same every time.</summary>
    public Random Random { get; } = new(1);

    /// <summary>Where publishers put a frame together, one at a time.</summary>
    public byte[] Payload { get; }

    /// <summary>Bytes that all players took, churning and slow ones included.</summary>
    public long PlayerBytes { get; set; }

    /// <summary>Time without work so far, in ticks of the stopwatch.</summary>
    public long IdleTicks => _network.IdleTicks;

    /// <summary>Begins to connect; whoever gets the connection starts it.</summary>
    public Connection Connect(int receiveBuffer = 0)
    {
        var settings = new SocketSettings { ReceiveBuffer = receiveBuffer };
        var socket = Loop.Network.Connect(_server, settings);
        return new Connection(Loop, ++_lastId, socket, _ => { });
    }

    public void Dispose() => Loop.Dispose();
}
