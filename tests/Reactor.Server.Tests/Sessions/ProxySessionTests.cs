using System.Linq;
using System.Text;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Http;
using Reactor.Transport;

namespace Reactor.Server.Tests.Sessions;

/// <summary>Clients behind a load balancer that speaks the PROXY protocol (Q6, A19).</summary>
[TestFixture]
public sealed class ProxySessionTests
{
    private const string Header = "PROXY TCP4 192.0.2.7 127.0.0.1 4711 7001\r\n";
    private const string Request = "GET /live/a.flv HTTP/1.1\r\nHost: x\r\n\r\n";

    [Test]
    public void A_client_is_whom_a_trusted_proxy_names_and_its_request_goes_on()
    {
        using var server = Serve("127.0.0.1");
        using var peer = new HttpPeer(server);
        peer.Say(Header + Request);
        peer.Turn();
        peer.Turn();

        Assert.That(peer.Last.Status, Is.EqualTo(403), "that one may not play");
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_header_may_come_byte_by_byte()
    {
        using var server = Serve("127.0.0.1");
        using var peer = new HttpPeer(server);
        foreach (var letter in Header + Request)
        {
            peer.Socket.Arrive(new[] { (byte)letter });
            peer.Turn();
        }
        peer.Turn();

        Assert.That(peer.Last.Status, Is.EqualTo(403));
    }

    [Test]
    public void A_proxy_that_says_nothing_speaks_for_itself()
    {
        using var server = Serve("127.0.0.1");
        using var peer = new HttpPeer(server);

        peer.Get("/live/a.flv");
        peer.Turns(160, eachMs: 200);
        Assert.That(peer.Last.Status, Is.EqualTo(404), "it may play, if only somebody published");
    }

    [Test]
    public void Nobody_else_is_believed()
    {
        using var server = Serve("10.0.0.0/8");
        using var peer = new HttpPeer(server);
        peer.Say(Header + Request);
        peer.Turn();

        Assert.That(peer.Last.Status, Is.AnyOf(400, 501));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_reload_says_who_is_believed_from_now_on()
    {
        using var server = Serve("10.0.0.0/8");
        var options = server.Server.Options;
        server.Server.Reload(options with
        {
            Http = options.Http with { TrustedProxies = [AddressRange.Parse("127.0.0.1")] },
        });
        using var peer = new HttpPeer(server);
        peer.Say(Header + Request);
        peer.Turn();
        peer.Turn();

        Assert.That(peer.Last.Status, Is.EqualTo(403), "that one may not play");
    }

    [Test]
    public void An_address_behind_a_proxy_has_its_own_limits()
    {
        using var server = Serve("127.0.0.1", new LimitsOptions { MaxConnectionsPerIp = 1 });
        using var first = new HttpPeer(server);
        using var other = new HttpPeer(server);
        using var again = new HttpPeer(server);
        first.Say(Header);
        other.Say(Header.Replace("192.0.2.7", "192.0.2.8"));
        again.Say(Header);
        server.Turns(2);

        Assert.That(
            new[] { first, other, again }.Select(peer => peer.Socket.IsClosed),
            Is.EqualTo(new[] { false, false, true }));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [TestCase(2, 0)]
    [TestCase(3, 0)]
    [TestCase(4, 1)]
    public void A_proxy_too_many_is_refused_and_counted(int proxies, int struck)
    {
        using var server = Serve("127.0.0.1", new LimitsOptions { MaxConnections = 3 });
        var peers = Enumerable.Range(0, proxies).Select(_ => new HttpPeer(server)).ToArray();

        Assert.That(peers.Count(peer => peer.Socket.IsClosed), Is.EqualTo(struck));
        Assert.That(server.Server.Struck[Limit.MaxConnections], Is.EqualTo(struck));
        Assert.That(server.Server.Refused, Is.EqualTo(struck));
        foreach (var peer in peers)
            peer.Dispose();
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [TestCase("PROXY TCP4 nonsense\r\n", CloseReason.Protocol)]
    [TestCase("PROXY TCP4 192.0", CloseReason.Deadline)]
    public void A_header_that_is_none_or_never_ends_ends_the_connection(
        string text, CloseReason reason)
    {
        using var server = Serve("127.0.0.1");
        using var peer = new HttpPeer(server);
        peer.Socket.Arrive(Encoding.ASCII.GetBytes(text));
        server.Turns(60, eachMs: 200);

        Assert.That(peer.Socket.IsClosed);
        Assert.That(server.Server.Closed, Does.ContainKey(reason));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void An_encoder_may_come_through_a_proxy_too()
    {
        using var server = new ServerInMemory(options: new ServerOptions
        {
            Rtmp = new RtmpOptions
            {
                ProxyProtocol = true,
                TrustedProxies = [AddressRange.Parse("127.0.0.1")],
            },
        });
        var publisher = server.Publish();       // without a header: byte 3 is RTMP's own
        publisher.Headers();
        publisher.Key(0);
        server.Turn();

        Assert.That(server.Server.PublisherCount, Is.EqualTo(1));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    private static ServerInMemory Serve(string trusted, LimitsOptions? limits = null) => new(
        new PlayOptions { Deny = [AddressRange.Parse("192.0.2.7")] },
        options: new ServerOptions
        {
            Limits = limits ?? new LimitsOptions(),
            Http = new HttpOptions
            {
                ProxyProtocol = true,
                TrustedProxies = [AddressRange.Parse(trusted)],
            },
        });
}
