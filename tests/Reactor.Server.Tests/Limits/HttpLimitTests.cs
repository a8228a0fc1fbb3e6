using System;
using System.Linq;
using System.Text;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.WebSocket;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Http;

namespace Reactor.Server.Tests.Limits;

/// <summary>The bounds of HTTP and WebSocket: below, at, above; and their counts.</summary>
[TestFixture]
public sealed class HttpLimitTests
{
    private const string Upgrade = "Upgrade: websocket\nConnection: Upgrade\n"
        + "Sec-WebSocket-Version: 13\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n";

    [TestCase(1023, 404)]
    [TestCase(1024, 404)]
    [TestCase(1025, 431)]
    public void Max_header_bounds_the_head(int bytes, int status)
    {
        using var server = With(new HttpOptions { MaxHeader = 1024 });
        var around = "GET /x HTTP/1.1\r\nHost: x\r\nX: \r\n\r\n".Length;

        var answer = Ask(
            server, $"GET /x HTTP/1.1\nHost: x\nX: {new string('a', bytes - around)}\n\n");

        Assert.That(answer, Is.EqualTo(status));
        Expect(server, Limit.MaxHeader, status == 431 ? 1 : 0);
    }

    [TestCase(63, 404, 64)]
    [TestCase(64, 404, 64)]
    [TestCase(65, 431, 64)]
    [TestCase(9, 404, 9)]
    [TestCase(10, 431, 9)]
    public void Max_headers_bounds_their_number(int headers, int status, int most)
    {
        using var server = With(new HttpOptions { MaxHeaders = most });
        var others = string.Concat(Enumerable.Repeat("X: 1\n", headers - 1));

        Assert.That(Ask(server, $"GET /x HTTP/1.1\nHost: x\n{others}\n"), Is.EqualTo(status));
        Expect(server, Limit.MaxHeader, status == 431 ? 1 : 0);
    }

    [TestCase(4095, 404, 4096)]
    [TestCase(4096, 404, 4096)]
    [TestCase(4097, 414, 4096)]
    [TestCase(300, 404, 300)]
    [TestCase(301, 414, 300)]
    public void Max_url_bounds_path_and_query(int bytes, int status, int most)
    {
        using var server = With(new HttpOptions { MaxUrl = most });
        var target = "/" + new string('a', bytes - 1);

        Assert.That(Ask(server, $"GET {target} HTTP/1.1\nHost: x\n\n"), Is.EqualTo(status));
        Expect(server, Limit.MaxHeader, status == 414 ? 1 : 0);
    }

    [TestCase(9, 405)]
    [TestCase(10, 405)]
    [TestCase(11, 413)]
    public void Max_body_bounds_the_body(int bytes, int status)
    {
        using var server = With(new HttpOptions { MaxBody = 10 });

        var answer = Ask(
            server,
            $"POST /streams HTTP/1.1\nHost: x\nContent-Length: {bytes}\n\n"
                + new string('b', bytes));

        Assert.That(answer, Is.EqualTo(status));
        Expect(server, Limit.MaxBody, status == 413 ? 1 : 0);
    }

    [Test]
    public void The_largest_body_that_may_be_allowed_is_taken()
    {
        using var server = With(new HttpOptions { MaxBody = PacketPool.CapacityMax });
        using var peer = new HttpPeer(server);
        peer.Say($"POST /streams HTTP/1.1\nHost: x\nContent-Length: {PacketPool.CapacityMax}\n\n");
        peer.Socket.Arrive(new byte[PacketPool.CapacityMax]);
        peer.Turns(PacketPool.CapacityMax / (64 << 10) + 2, eachMs: 0);

        Assert.That(peer.Last.Status, Is.EqualTo(405));
        Expect(server, Limit.MaxBody, 0);
    }

    [TestCase(63, 404)]
    [TestCase(64, 404)]
    [TestCase(65, 400)]
    public void Max_name_bounds_a_path_too(int bytes, int status)
    {
        using var server = new ServerInMemory(
            new PlayOptions { IdleStreams = false },
            options: new ServerOptions { Limits = new LimitsOptions { MaxName = 64 } });
        var path = $"/live/{new string('n', bytes - "live/".Length)}.flv";

        Assert.That(Ask(server, $"GET {path} HTTP/1.1\nHost: x\n\n"), Is.EqualTo(status));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [TestCase(15, 0, 16)]
    [TestCase(16, 0, 16)]
    [TestCase(17, 1, 16)]
    [TestCase(4, 1, 3)]
    public void Max_pipelined_requests_are_answered_in_one_turn(
        int requests, int struck, int most)
    {
        using var server = With(new HttpOptions { MaxPipelined = most });
        using var peer = new HttpPeer(server);

        peer.Say(string.Concat(Enumerable.Repeat("GET /streams HTTP/1.1\nHost: x\n\n", requests)));
        peer.Turn();
        Assert.That(peer.Answers, Has.Count.EqualTo(Math.Min(most, requests)));
        peer.Turn();

        Assert.That(peer.Answers, Has.Count.EqualTo(requests), "and the rest in the next");
        Expect(server, Limit.PipelinedRequests, struck);
    }

    [TestCase(99, 0)]
    [TestCase(100, 0)]
    [TestCase(102, 1)]                      // another one is begun beyond it, and then no more
    public void Max_replies_bounds_answers_that_nobody_reads(int answers, int struck)
    {
        const string Request = "GET /streams HTTP/1.1\nHost: x\n\n";
        using var server = new ServerInMemory();
        using var peer = new HttpPeer(server);
        peer.Say(Request);
        server.Turn();
        server.Server.Reload(server.Server.Options with
        {
            Limits = new LimitsOptions { MaxReplies = 100 * (int)peer.Socket.SentBytes },
        });
        peer.Socket.Room = 0;

        peer.Say(string.Concat(Enumerable.Repeat(Request, answers)));
        server.Turns(100);

        Expect(server, Limit.Replies, struck);
    }

    [TestCase(65_535, 0, 65_536)]
    [TestCase(65_536, 0, 65_536)]
    [TestCase(65_537, 1, 65_536)]
    [TestCase(1000, 0, 1000)]
    [TestCase(1001, 1, 1000)]
    public void Max_message_bounds_what_a_WebSocket_says(int bytes, int struck, int most)
    {
        Assert.That(new WsFlvOptions().MaxMessage, Is.EqualTo(65_536));
        using var server = With(
            new HttpOptions { WsFlv = new WsFlvOptions { MaxMessage = most } });
        var publisher = server.Publish();
        publisher.Headers();
        publisher.Key(0);
        server.Turn();
        var socket = server.Network.Visit(7001);
        var request = $"GET /live/a.flv HTTP/1.1\nHost: x\n{Upgrade}\n";
        socket.Arrive(Encoding.ASCII.GetBytes(request.ReplaceLineEndings("\r\n")));
        server.Turns(2);
        Assert.That(server.Server.PlayerCount, Is.EqualTo(1));

        var frame = new byte[WebSocketFrameWriter.HeaderLengthMax + 4 + bytes];
        var writer = new ByteWriter(frame);
        WebSocketFrameWriter.MaskedFrame(
            ref writer, WebSocketOpcode.Binary, new byte[bytes], key: 0x12345678);
        socket.Arrive(frame.AsMemory(0, writer.Length));
        server.Turns(4);

        Assert.That(server.Server.PlayerCount, Is.EqualTo(1 - struck));
        Expect(server, Limit.WebSocketMessage, struck);
    }

    private static int Ask(ServerInMemory server, string text)
    {
        using var peer = new HttpPeer(server);
        peer.Say(text);
        peer.Turns(2, eachMs: 0);
        return peer.Last.Status;
    }

    private static ServerInMemory With(HttpOptions http) =>
        new(options: new ServerOptions { Http = http });

    private static void Expect(ServerInMemory server, Limit limit, int struck)
    {
        Assert.That(server.Server.Struck[limit], Is.EqualTo(struck));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }
}
