using System.Text;
using System.Threading;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Testing;
using Reactor.Transport;

namespace Reactor.Server.Tests.Tls;

/// <summary>Who begins no TLS, or never ends its handshake (limits: 10 s).</summary>
[TestFixture]
public sealed class TlsDeadlineTests
{
    private const int RtmpsPort = 4443;
    private const int HttpsPort = 8443;

    /// <summary>The head of a record of 512 bytes that is a handshake's.</summary>
    private static readonly byte[] RecordHead = [0x16, 0x03, 0x01, 0x02, 0x00];

    [SetUp]
    public void Leave() => SynchronizationContext.SetSynchronizationContext(null);  // see TlsLayer

    [TestCase(RtmpsPort)]
    [TestCase(HttpsPort)]
    public void A_peer_that_says_nothing_is_closed_after_ten_seconds(int port)
    {
        using var server = Serve();
        var peer = server.Network.Visit(port);
        server.Turns(49, eachMs: 200);
        Assert.That(peer.IsClosed || peer.HasEndedSending, Is.False, "within its time");

        server.Turns(20, eachMs: 200);
        Assert.That(peer.IsClosed);
        Assert.That(server.Server.Closed, Does.ContainKey(CloseReason.Deadline));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [TestCase(RtmpsPort)]
    [TestCase(HttpsPort)]
    public void A_handshake_that_drips_is_not_given_more_time_for_each_byte(int port)
    {
        using var server = Serve();
        var peer = server.Network.Visit(port);
        peer.Arrive(RecordHead);
        for (var i = 0; i < 69; i++)
        {
            if (!peer.IsClosed)
                peer.Arrive(new byte[1]);
            server.Turn(afterMs: 200);
        }

        Assert.That(peer.IsClosed);
        Assert.That(server.Server.Loop.Tls.Handshakes, Is.EqualTo(1));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [TestCase("PROXY TCP4 192.0.2.7 127.0.0.1 4711 8443\r\n")]
    [TestCase("PROXY TCP4 192.0")]
    [TestCase("")]
    public void A_proxy_or_a_client_behind_it_that_goes_on_with_nothing_is_closed(string said)
    {
        using var server = Serve();
        var peer = server.Network.Visit(HttpsPort);
        peer.Arrive(Encoding.ASCII.GetBytes(said));
        server.Turns(65, eachMs: 200);

        Assert.That(peer.IsClosed);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    private static ServerInMemory Serve() => new(
        options: new ServerOptions
        {
            Rtmps = new RtmpsOptions { Listen = [ListenAddress.Parse($"{RtmpsPort}")] },
            Http = new HttpOptions
            {
                ProxyProtocol = true,
                TrustedProxies = [AddressRange.Parse("127.0.0.1")],
            },
            Https = new HttpsOptions
            {
                Listen = [new HttpListen { Address = ListenAddress.Parse($"{HttpsPort}") }],
            },
        },
        disk: disk =>
        {
            disk.Put("server.crt", Encoding.ASCII.GetBytes(TestCertificate.Shared.Certificate));
            disk.Put("server.key", Encoding.ASCII.GetBytes(TestCertificate.Shared.Key));
        });
}
