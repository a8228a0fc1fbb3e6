using System;
using System.Text;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Http;
using Reactor.Protocol.Tests.Http;
using Reactor.Protocol.WebSocket;

namespace Reactor.Protocol.Tests.WebSocket;

/// <summary>RFC 6455 §4, with the example of its §1.3.</summary>
[TestFixture]
public sealed class WebSocketUpgradeTests
{
    private const string Key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    private const string Version = "Sec-WebSocket-Version: 13\r\n";
    private const string Upgrade = "Upgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n";

    [Test]
    public void A_key_is_answered_as_the_specification_does()
    {
        var request = Requests.One(Requests.Get("/live/cam.flv", Upgrade + Version + Key));

        Assert.That(WebSocketUpgrade.TryAccept(request, out var accept, out _, out _), Is.True);
        Assert.That(accept, Is.EqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    }

    [Test]
    public void The_answer_switches_protocols([Values(null, "flv")] string? protocol)
    {
        var pool = new PacketPool();
        var packet = WebSocketUpgrade.Answer(
            pool, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", protocol, DateTimeOffset.UnixEpoch);
        var text = Encoding.ASCII.GetString(packet.Written);
        packet.Release();
        var chosen = protocol is null ? "" : $"Sec-WebSocket-Protocol: {protocol}\r\n";

        Assert.That(text, Is.EqualTo(
            "HTTP/1.1 101 Switching Protocols\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
            + "Upgrade: websocket\r\nConnection: Upgrade\r\n"
            + $"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n{chosen}\r\n"));
    }

    [TestCase(Upgrade + Key, 426)]
    [TestCase(Upgrade + Key + "Sec-WebSocket-Version: 8\r\n", 426)]
    [TestCase(Upgrade + Key + Version + Version, 426)]
    [TestCase("Upgrade: websocket\r\n" + Key + Version, 426)]
    [TestCase("Connection: Upgrade\r\n" + Key + Version, 426)]
    [TestCase("Upgrade: h2c\r\nConnection: Upgrade\r\n" + Key + Version, 426)]
    [TestCase(Upgrade + Version, 400)]
    [TestCase(Upgrade + Version + Key + Key, 400)]
    [TestCase(Upgrade + Version + "Sec-WebSocket-Key:\r\n", 400)]
    [TestCase(Upgrade + Version + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25j\r\n", 400)]
    [TestCase(Upgrade + Version + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=\r\n", 400)]
    [TestCase(Upgrade + Version + "Sec-WebSocket-Key: ????????????????????????\r\n", 400)]
    public void An_upgrade_that_is_not_complete_is_refused(string headers, int expected)
    {
        var request = Requests.One(Requests.Get("/", headers));

        Assert.That(
            WebSocketUpgrade.TryAccept(request, out _, out var status, out var why), Is.False);
        Assert.That(status, Is.EqualTo(expected));
        Assert.That(why, Is.Not.Empty);
    }

    [TestCase("POST", "1.1", 405)]
    [TestCase("GET", "1.0", 426)]
    public void Only_a_GET_of_HTTP_1_1_can_be_upgraded(string method, string http, int expected)
    {
        var request = Requests.One(
            $"{method} / HTTP/{http}\r\nHost: a\r\n{Upgrade}{Version}{Key}\r\n");

        Assert.That(WebSocketUpgrade.TryAccept(request, out _, out var status, out _), Is.False);
        Assert.That(status, Is.EqualTo(expected));
    }

    [Test]
    public void What_our_client_asks_for_is_granted()
    {
        var pool = new PacketPool();
        var packet = WebSocketUpgrade.Request(
            pool, "/live/cam.flv", "a:7001", Encoding.ASCII.GetBytes("the sample nonce"));
        var request = Requests.One(Encoding.ASCII.GetString(packet.Written));
        packet.Release();

        Assert.That(WebSocketUpgrade.IsAskedBy(request), Is.True);
        Assert.That(WebSocketUpgrade.TryAccept(request, out var accept, out _, out _), Is.True);
        Assert.That(accept, Is.EqualTo(WebSocketUpgrade.AcceptKey("dGhlIHNhbXBsZSBub25jZQ==")));
        Assert.That(request.Method, Is.EqualTo(HttpMethod.Get));
    }
}
