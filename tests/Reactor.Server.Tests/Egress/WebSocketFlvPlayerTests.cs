using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Flv;
using Reactor.Protocol.WebSocket;
using Reactor.Server.Configuration;
using Reactor.Testing;

namespace Reactor.Server.Tests.Egress;

/// <summary>FLV over WebSocket (RFC 6455): the handshake, the messages, the end.</summary>
[TestFixture]
public sealed class WebSocketFlvPlayerTests
{
    private const string Upgrade = "Upgrade: websocket\nConnection: Upgrade\n"
        + "Sec-WebSocket-Version: 13\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n";

    [Test]
    public void A_joiner_has_header_metadata_and_GOP_a_tag_a_message()
    {
        using var server = new ServerInMemory();
        Begin(server);
        var (head, rest) = Ask(server, Upgrade, out _);

        Assert.That(head, Does.StartWith("HTTP/1.1 101 Switching Protocols\r\n"));
        Assert.That(head, Does.Contain("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
        var messages = Messages(rest);
        Assert.That(messages.Select(message => message.Opcode), Is.All.EqualTo(
            WebSocketOpcode.Binary));
        Assert.That(messages[0].Payload, Has.Length.EqualTo(FlvWriter.HeaderLength));
        Assert.That(messages[0].Payload[4], Is.EqualTo(5), "sound and pictures");
        // Two sequence headers, a keyframe and the frame behind it: each with its back pointer.
        Assert.That(messages.Skip(1).Select(message => message.Payload[0]),
            Is.EqualTo(new byte[] { 9, 8, 9, 9 }));
        Assert.That(messages.Skip(1).Select(message => message.Payload[^1]),
            Is.EqualTo(messages.Skip(1).Select(message => (byte)(message.Payload.Length - 4))));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [TestCase("Upgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Version: 12\n", 426)]
    [TestCase("Upgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Version: 13\n", 400)]
    public void A_handshake_that_is_wrong_is_refused(string headers, int status)
    {
        using var server = new ServerInMemory();
        Begin(server);

        Assert.That(Ask(server, headers, out _).Head, Does.StartWith($"HTTP/1.1 {status} "));
    }

    [TestCase("Origin: https://bad.example\n", 403)]
    [TestCase("Origin: https://good.example\n", 101)]
    [TestCase("Origin: http://reactor\n", 101)]
    [TestCase("", 101)]
    public void A_page_of_an_origin_that_is_not_listed_is_refused(string origin, int status)
    {
        using var server = new ServerInMemory(options: new ServerOptions
        {
            Http = new HttpOptions
            {
                Cors = new CorsOptions { Origins = ["https://good.example"] },
            },
        });
        Begin(server);

        Assert.That(
            Ask(server, Upgrade + origin, out _).Head, Does.StartWith($"HTTP/1.1 {status} "));
    }

    [Test]
    public void A_ping_is_answered_and_a_close_too()
    {
        using var server = new ServerInMemory();
        Begin(server);
        Ask(server, Upgrade, out var socket);
        socket.Arrive(Masked(WebSocketOpcode.Ping, "hi"u8));
        socket.Arrive(Masked(WebSocketOpcode.Close, [3, 232]));
        server.Turn();
        server.Turn();

        var messages = Messages([.. socket.Sent]);
        Assert.That(messages.Select(message => message.Opcode),
            Is.EqualTo([WebSocketOpcode.Pong, WebSocketOpcode.Close]));
        Assert.That(messages[0].Payload, Is.EqualTo("hi"u8.ToArray()));
        Assert.That(messages[1].Payload, Is.EqualTo(new byte[] { 3, 232 }));
        Assert.That(socket.HasEndedSending);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void Frames_without_a_mask_end_it_with_the_reason()
    {
        using var server = new ServerInMemory();
        Begin(server);
        Ask(server, Upgrade, out var socket);
        socket.Arrive(new byte[] { 0x82, 1, 0 });
        server.Turn();
        server.Turn();

        var close = Messages([.. socket.Sent]).Single();
        Assert.That(close.Payload[..2], Is.EqualTo(new byte[] { 3, 234 }));
        Assert.That(server.Server.PlayerCount, Is.Zero);
    }

    [Test]
    public void Whoever_pings_and_does_not_read_is_not_listened_to()
    {
        using var server = new ServerInMemory();
        Begin(server);
        Ask(server, Upgrade, out var socket);
        socket.Room = 1;
        for (var i = 0; i < 20_000; i++)
            socket.Arrive(Masked(WebSocketOpcode.Ping, new byte[100]));
        server.Turns(300, eachMs: 1);

        Assert.That(server.Pool.OutstandingBytes, Is.LessThan(500_000));
    }

    [Test]
    public void A_stop_says_that_the_server_goes_away()
    {
        using var server = new ServerInMemory();
        Begin(server);
        Ask(server, Upgrade, out var socket);
        server.Server.Stop();
        server.Turn();

        var close = Messages([.. socket.Sent]).Single();
        Assert.That(close.Opcode, Is.EqualTo(WebSocketOpcode.Close));
        Assert.That(close.Payload[..2], Is.EqualTo(new byte[] { 3, 233 }));
    }

    private static void Begin(ServerInMemory server)
    {
        var publisher = server.Publish();
        publisher.Headers();
        publisher.Key(0);
        publisher.Inter(40);
        server.Turn();
    }

    private static (string Head, byte[] Frames) Ask(
        ServerInMemory server, string headers, out MemorySocket socket)
    {
        socket = server.Network.Visit(7001);
        var text = $"GET /live/a.flv HTTP/1.1\nHost: reactor\n{headers}\n";
        socket.Arrive(Encoding.ASCII.GetBytes(text.ReplaceLineEndings("\r\n")));
        server.Turns(2);
        var sent = socket.Sent.ToArray();
        socket.Sent.Clear();
        var end = sent.AsSpan().IndexOf("\r\n\r\n"u8) + 4;
        return (Encoding.ASCII.GetString(sent, 0, end), sent[end..]);
    }

    private static List<(WebSocketOpcode Opcode, byte[] Payload)> Messages(byte[] bytes)
    {
        using var reader = new WebSocketReader(new PacketPool(), 1 << 20, isMasked: false);
        var messages = new List<(WebSocketOpcode, byte[])>();
        ReadOnlySpan<byte> input = bytes;
        while (reader.TryRead(ref input, out var message))
            messages.Add((message.Opcode, message.Payload.Written.ToArray()));
        Assert.That(input.IsEmpty);
        return messages;
    }

    private static byte[] Masked(WebSocketOpcode opcode, ReadOnlySpan<byte> payload)
    {
        var bytes = new byte[WebSocketFrameWriter.HeaderLengthMax + 4 + payload.Length];
        var writer = new ByteWriter(bytes);
        WebSocketFrameWriter.MaskedFrame(ref writer, opcode, payload, key: 0x12345678);
        return bytes[..writer.Length];
    }
}
