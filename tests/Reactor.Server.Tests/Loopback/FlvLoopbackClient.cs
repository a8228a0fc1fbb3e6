using System;
using System.Net;
using System.Text;
using Reactor.Primitives;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Http;
using Reactor.Protocol.Rtmp;
using Reactor.Transport;
using Reactor.Transport.Network;

namespace Reactor.Server.Tests.Loopback;

/// <summary>A player of FLV by HTTP over a real socket, which knows what should come.</summary>
internal sealed class FlvLoopbackClient : IConnectionHandler, IDisposable
{
    private readonly Func<int, ReadOnlyMemory<byte>> _expected;
    private readonly PacketRing _outbox = new(4, 64 << 10);
    private readonly HttpResponseReader _http;
    private readonly FlvReader _flv;
    private readonly Connection _connection;

    /// <param name="loop">The server's; both take turns on it.</param>
    /// <param name="server">A listener with the role flv.</param>
    /// <param name="path">As in a URL.</param>
    /// <param name="expected">The payload of each frame, by its number.</param>
    public FlvLoopbackClient(
        EventLoop loop, IPEndPoint server, string path, Func<int, ReadOnlyMemory<byte>> expected)
    {
        _expected = expected;
        _http = new HttpResponseReader(loop.Pool, new HttpLimits());
        _flv = new FlvReader(loop.Pool, 1 << 20);
        _connection = new Connection(
            loop, 0, loop.Network.Connect(server, new SocketSettings()), _ => { });
        _connection.Start(this, _outbox);
        var request = loop.Pool.Copy(
            Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {server}\r\n\r\n"));
        _outbox.TryPush(request);
        request.Release();
        _connection.MarkDirty();
    }

    public int Status { get; private set; }

    /// <summary>Frames that came, each as it was expected.</summary>
    public int Frames { get; private set; }

    public bool IsClosed { get; private set; }

    public void OnReceived(ref ReadOnlySpan<byte> input)
    {
        if (Status == 0 && _http.TryReadHead(ref input, out var head))
            Status = head.Status;
        while (Status != 0 && _http.Body.TryRead(ref input, out var piece))
        {
            while (_flv.TryRead(ref piece, out var tag))
                Take(tag);
        }
    }

    public void OnDrained()
    {
    }

    public void OnClosed(CloseReason reason, string detail) => IsClosed = true;

    public void OnFault(Exception fault) => throw new InvalidOperationException("client", fault);

    public void Dispose()
    {
        _connection.Close(CloseReason.PeerClosed, "the test is done");
        _http.Dispose();
        _flv.Dispose();
    }

    private void Take(FlvTag tag)
    {
        var isFrame = tag.Type != MessageType.Data;
        var isRight = !isFrame
            || tag.Payload.Written.SequenceEqual(_expected(Frames).Span);
        tag.Payload.Release();
        if (!isRight)
            throw new InvalidOperationException($"frame {Frames} is another one");
        Frames += isFrame ? 1 : 0;
    }
}
