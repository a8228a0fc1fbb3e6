using System;
using System.Collections.Generic;
using System.Net.Sockets;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;

namespace Reactor.Tests.Harness;

/// <summary>Publishes messages by RTMP as they are, by our own client, and all at once.</summary>
internal sealed class TagPublisher : IRtmpClientHandler
{
    private static readonly TimeSpan Soon = Patience.Long;

    private readonly NetworkStream _stream;
    private readonly RtmpClientConversation _conversation;

    private TagPublisher(NetworkStream stream, ClientRequest request)
    {
        _stream = stream;
        _conversation = new RtmpClientConversation(
            new PacketPool(), new LinkSettings(), request, this, new Random(1));
    }

    /// <summary>Publishes all, takes its leave, and waits for the server's end.</summary>
    /// <param name="port">Of a server on this machine.</param>
    /// <param name="name">The stream of application live.</param>
    /// <param name="messages">Headers and frames, in order.</param>
    public static void Publish(
        int port, string name, IEnumerable<(MessageType Type, uint TimeMs, byte[] Body)> messages)
    {
        using var client = new TcpClient("127.0.0.1", port);
        client.ReceiveTimeout = client.SendTimeout = (int)Soon.TotalMilliseconds;
        var request = new ClientRequest("live", $"rtmp://127.0.0.1:{port}/live", name, true);
        var publisher = new TagPublisher(client.GetStream(), request);
        publisher._conversation.Begin();
        while (!publisher._conversation.IsStarted)
            Assert.That(publisher.Hear(), Is.True, "the server closed");
        foreach (var (type, timeMs, body) in messages)
            publisher._conversation.SendMedia(type, timeMs, body);
        publisher._conversation.End();
        client.Client.Shutdown(SocketShutdown.Send);
        while (publisher.Hear())
        {
        }
        publisher._conversation.Close();
    }

    public void Send(Packet packet) => _stream.Write(packet.Written);

    public void OnStarted()
    {
    }

    public void OnStatus(string level, string code, string description) =>
        Assert.That(level, Is.Not.EqualTo("error"), $"{code} {description}");

    public void OnMedia(RtmpMessage message) => Assert.Fail("a publisher is sent no media");

    private bool Hear()
    {
        var buffer = new byte[4096];
        ReadOnlySpan<byte> heard = buffer.AsSpan(0, _stream.Read(buffer));
        var isOpen = heard.Length > 0;
        _conversation.Receive(ref heard);
        return isOpen;
    }
}
