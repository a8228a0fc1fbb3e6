using System;
using NUnit.Framework;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Http;

namespace Reactor.Server.Tests.Limits;

/// <summary>Each deadline, set to a second: below, at, and above it; and its count.</summary>
/// <remarks>The server looks every 200 ms, so what is over is over within that time.</remarks>
[TestFixture(800, true)]
[TestFixture(1000, true)]
[TestFixture(1200, false)]
public sealed class DeadlineTests(int waitedMs, bool isInTime)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Test]
    public void Of_the_handshake_which_no_byte_renews()
    {
        using var server = With(new RtmpOptions { HandshakeTimeout = Second });
        var client = new RawClient(server);
        client.Greet(isSecond: false);

        Wait(server, () => client.Socket.Arrive(new byte[1]));

        Expect(server, client, Limit.HandshakeTimeout);
    }

    [Test]
    public void Of_connect()
    {
        using var server = With(new RtmpOptions { ConnectTimeout = Second });
        var client = new RawClient(server);
        client.Greet(isSecond: false);
        client.Greet(isSecond: true);

        Wait(server);

        Expect(server, client, Limit.ConnectTimeout);
    }

    [Test]
    public void Of_publish_or_play()
    {
        using var server = With(new RtmpOptions { CommandTimeout = Second });
        var client = new RawClient(server).Connect();

        Wait(server);

        Expect(server, client, Limit.CommandTimeout);
    }

    [Test]
    public void Of_the_answer_to_a_ping()
    {
        using var server = With(new RtmpOptions { Ping = Second, PingTimeout = Second });
        var client = new RawClient(server).Connect();
        server.Turns(5, eachMs: 200);           // a second of silence, and the ping

        Wait(server);

        Expect(server, client, Limit.PingTimeout);
    }

    [Test]
    public void Of_the_silence_before_a_ping()
    {
        using var server = With(new RtmpOptions { Ping = Second });
        var client = new RawClient(server).Connect();
        var before = client.Socket.SentBytes;

        Wait(server);

        // At the second itself the ping is sent already.
        Assert.That(client.Socket.SentBytes > before, Is.EqualTo(waitedMs >= 1000));
    }

    [Test]
    public void Of_a_publishers_first_packet()
    {
        using var server = With(new PublishOptions { FirstpktTimeout = Second });
        var client = new RawClient(server).Publish();

        Wait(server);

        Expect(server, client, Limit.FirstpktTimeout);
    }

    [Test]
    public void Of_a_publishers_silence()
    {
        using var server = With(new PublishOptions { DropIdlePublisher = Second });
        var client = new RawClient(server).Publish();
        client.Say(4, MessageType.Audio, 1, [0xAF, 1, 2]);

        Wait(server);

        Expect(server, client, Limit.DropIdlePublisher);
    }

    [Test]
    public void Of_a_player_for_whom_nothing_comes()
    {
        using var server = With(new PlayOptions { WaitTimeout = Second });
        var client = new RawClient(server).Connect();
        client.Call("play", 0, 1, Named("a"));

        Wait(server);

        Expect(server, client, Limit.WaitTimeout);
    }

    [Test]
    public void Of_a_peer_that_takes_no_byte()
    {
        using var server = With(new PlayOptions { SendTimeout = Second });
        var publisher = server.Publish();
        var client = new RawClient(server).Connect();
        client.Call("play", 0, 1, Named("a"));
        client.Socket.Room = 0;
        publisher.Key(0);
        server.Turn();

        Wait(server, () => publisher.Inter(40));

        Expect(server, client, Limit.SendTimeout);
    }

    [Test]
    public void Of_a_player_by_HTTP_that_takes_no_byte_as_its_app_says()
    {
        var live = new StreamOptions { Play = new PlayOptions { SendTimeout = Second } };
        using var server = new ServerInMemory(options: new ServerOptions
        {
            Apps = new AppTable([new AppRule("live", live, [])]),
        });
        var publisher = server.Publish();
        publisher.Headers();
        publisher.Key(0);
        server.Turn();
        using var peer = new HttpPeer(server);
        peer.Get("/live/a.flv");
        peer.Socket.Room = 0;
        publisher.Inter(40);
        server.Turn();

        Wait(server, () => publisher.Inter(80));

        Expect(server, peer, Limit.SendTimeout);
    }

    [Test]
    public void Of_the_head_of_a_request_which_no_byte_renews()
    {
        using var server = With(new HttpOptions { HeaderTimeout = Second });
        using var peer = new HttpPeer(server);
        peer.Say("GET /");
        server.Turn();

        Wait(server, () => peer.Say("a"));

        Expect(server, peer, Limit.HeaderTimeout);
    }

    [Test]
    public void Of_the_body_of_a_request()
    {
        using var server = With(new HttpOptions { BodyTimeout = Second });
        using var peer = new HttpPeer(server);
        peer.Say("POST /x HTTP/1.1\nHost: x\nContent-Length: 5\n\nab");
        server.Turn();

        Wait(server);

        Expect(server, peer, Limit.BodyTimeout);
    }

    [Test]
    public void Of_an_HTTP_connection_that_asks_nothing_more()
    {
        using var server = With(new HttpOptions { Keepalive = Second });
        using var peer = new HttpPeer(server);
        peer.Get("/x");

        Wait(server);

        Expect(server, peer, Limit.Keepalive);
    }

    private static RawClient.Fill Named(string name) => (ref Amf0Writer body) =>
    {
        body.Null();
        body.String(name);
    };

    private static ServerInMemory With(RtmpOptions rtmp) =>
        new(options: new ServerOptions { Rtmp = rtmp });

    private static ServerInMemory With(HttpOptions http) =>
        new(options: new ServerOptions { Http = http });

    private static ServerInMemory With(PublishOptions publish) => new(publish: publish);

    private static ServerInMemory With(PlayOptions play) => new(play);

    private void Wait(ServerInMemory server, Action? meanwhile = null)
    {
        for (var ms = 0; ms < waitedMs; ms += 200)
        {
            meanwhile?.Invoke();
            server.Turn(afterMs: 200);
        }
    }

    private void Expect(ServerInMemory server, HttpPeer peer, Limit limit) =>
        Expect(server, !peer.IsEnded, limit);

    private void Expect(ServerInMemory server, RawClient client, Limit limit) =>
        Expect(server, client.IsOpen, limit);

    private void Expect(ServerInMemory server, bool isOpen, Limit limit)
    {
        Assert.That(isOpen, Is.EqualTo(isInTime));
        Assert.That(server.Server.Struck[limit], Is.EqualTo(isInTime ? 0 : 1));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }
}
