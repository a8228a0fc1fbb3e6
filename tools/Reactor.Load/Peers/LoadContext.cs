using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Net;
using Reactor.Load.Measures;
using Reactor.Primitives;
using Reactor.Transport;
using Reactor.Transport.Network;

namespace Reactor.Load.Peers;

/// <summary>What all peers of a load share: the loop, the server, and the tally.</summary>
internal sealed class LoadContext : IDisposable
{
    /// <summary>What may wait to be checked; some 16 MiB of a stream of 1 Mbit/s.</summary>
    private const int PutOffMax = 4096;

    private readonly IPEndPoint _server;
    private readonly WakefulNetwork _network;
    private readonly bool _putsOff;
    private readonly Queue<(LoadPlayer Player, long Ticks, Packet Bytes)> _putOff = new();
    private long _lastId;

    /// <param name="server">Where it listens.</param>
    /// <param name="app">The application of all streams.</param>
    /// <param name="mayRest">Whether the load sleeps while nothing comes.</param>
    /// <param name="hasCrowd">Whether several play the same stream.</param>
    /// <param name="bitsPerSecond">Of each stream.</param>
    public LoadContext(
        IPEndPoint server, string app, bool mayRest, bool hasCrowd, int bitsPerSecond)
    {
        _server = server;
        _putsOff = hasCrowd && !mayRest;
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

    /// <summary>Begins to connect.</summary>
    public ISocket Open(int receiveBuffer = 0) => Loop.Network.Connect(
        _server, new SocketSettings { ReceiveBuffer = receiveBuffer });

    /// <summary>A connection of that socket; whoever gets it starts it.</summary>
    public Connection ConnectionOf(ISocket socket) => new(Loop, ++_lastId, socket, _ => { });

    /// <summary>
    /// Puts off to check what came, so that a crowd is served as fast as it can be: who is read
    /// behind others would seem to have been sent to late. Where each has a stream of its own
    /// there is no crowd, and bytes are checked best while the processor's cache has them.
    /// </summary>
    /// <returns>Whether it will be checked, when nothing else is to be done.</returns>
    public bool TryPutOff(LoadPlayer player, ReadOnlySpan<byte> input)
    {
        if (!_putsOff)
            return false;
        _putOff.Enqueue((player, Stopwatch.GetTimestamp(), Loop.Pool.Copy(input)));
        return true;
    }

    /// <summary>One turn of the loop; what was put off is checked while nothing comes.</summary>
    public void Turn()
    {
        Loop.RunOnce();
        if (_network.IsIdle)
            CheckOne();
        while (_putOff.Count > PutOffMax)
            CheckOne();
    }

    public void Dispose()
    {
        while (_putOff.TryDequeue(out var left))
            left.Bytes.Release();
        Loop.Dispose();
    }

    private void CheckOne()
    {
        if (!_putOff.TryDequeue(out var next))
            return;
        ReadOnlySpan<byte> input = next.Bytes.Written;
        next.Player.Check(ref input, next.Ticks);
        next.Bytes.Release();
    }
}
