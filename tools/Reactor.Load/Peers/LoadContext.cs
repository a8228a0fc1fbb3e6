using System;
using System.Net;
using Reactor.Load.Measures;
using Reactor.Transport;
using Reactor.Transport.Network;

namespace Reactor.Load.Peers;

/// <summary>What all peers of a load share: the loop, the server, and the tally.</summary>
/// <param name="server">Where it listens.</param>
/// <param name="app">The application of all streams.</param>
/// <param name="mayRest">Whether the load sleeps while nothing comes.</param>
internal sealed class LoadContext(IPEndPoint server, string app, bool mayRest) : IDisposable
{
    private long _lastId;

    public EventLoop Loop { get; } =
        new(OpenNetwork(mayRest), TimeProvider.System, new LoopSettings());

    public string App => app;

    public string Url => $"rtmp://{server}/{app}";

    public Tally Tally { get; } = new();

    /// <summary>For handshakes; a load is the same every time.</summary>
    public Random Random { get; } = new(1);

    /// <summary>Bytes that all players took, churning and slow ones included.</summary>
    public long PlayerBytes { get; set; }

    /// <summary>Begins to connect; whoever gets the connection starts it.</summary>
    public Connection Connect(int receiveBuffer = 0)
    {
        var settings = new SocketSettings { ReceiveBuffer = receiveBuffer };
        var socket = Loop.Network.Connect(server, settings);
        return new Connection(Loop, ++_lastId, socket, _ => { });
    }

    public void Dispose() => Loop.Dispose();

    private static INetwork OpenNetwork(bool mayRest)
    {
        var network = Networks.Open(NetworkBackend.Auto);
        return mayRest ? network : new WakefulNetwork(network);
    }
}
