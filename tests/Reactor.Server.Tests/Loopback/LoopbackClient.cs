using System;
using System.Collections.Generic;
using System.Net;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;
using Reactor.Transport;
using Reactor.Transport.Network;

namespace Reactor.Server.Tests.Loopback;

/// <summary>A client over a real socket, on the same loop as the server.</summary>
internal sealed class LoopbackClient : IConnectionHandler, IRtmpClientHandler
{
    private readonly PacketRing _outbox = new(4096, 64 << 20);
    private readonly Connection _connection;

    public LoopbackClient(
        EventLoop loop, IPEndPoint server, string app, string name, bool publishes)
    {
        var request = new ClientRequest(app, $"rtmp://{server}/{app}", name, publishes);
        Conversation = new RtmpClientConversation(
            loop.Pool, new LinkSettings(), request, this, new Random(1));
        var socket = loop.Network.Connect(server, new SocketSettings());
        _connection = new Connection(loop, 0, socket, _ => { });
        _connection.Start(this, _outbox);
        Conversation.Begin();
    }

    public RtmpClientConversation Conversation { get; }

    public bool IsClosed { get; private set; }

    public List<string> Codes { get; } = [];

    /// <summary>What came: type, time and bytes.</summary>
    public List<(MessageType Type, uint Time, byte[] Payload)> Received { get; } = [];

    /// <summary>Data messages that came.</summary>
    public List<byte[]> Data { get; } = [];

    public void Send(Packet packet)
    {
        if (!_outbox.TryPush(packet))
            throw new InvalidOperationException("the test sends more than its ring holds");
        _connection.MarkDirty();
    }

    /// <summary>Takes no byte from now on.</summary>
    public void Freeze() => _connection.PauseReading();

    public void Close() => _connection.Close(CloseReason.PeerClosed, "the test is done");

    public void OnReceived(ref ReadOnlySpan<byte> input) => Conversation.Receive(ref input);

    public void OnDrained()
    {
    }

    public void OnClosed(CloseReason reason, string detail)
    {
        IsClosed = true;
        Conversation.Close();
    }

    public void OnFault(Exception fault) => throw new InvalidOperationException("client", fault);

    public void OnStarted()
    {
    }

    public void OnStatus(string level, string code, string description) => Codes.Add(code);

    public void OnMedia(RtmpMessage message)
    {
        if (message.Type is MessageType.Audio or MessageType.Video)
        {
            Received.Add((message.Type, message.Timestamp, message.Payload.Written.ToArray()));
        }
        else
        {
            Data.Add(message.Payload.Written.ToArray());
        }
    }
}
