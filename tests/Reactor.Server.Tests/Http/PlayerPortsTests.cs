using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Control;
using Reactor.Testing;

namespace Reactor.Server.Tests.Http;

/// <summary>Where the page is told that it finds what.</summary>
[TestFixture]
public sealed class PlayerPortsTests
{
    [Test]
    public void Ports_with_TLS_are_told_beside_those_without()
    {
        using var server = new ServerInMemory(
            options: new ServerOptions
            {
                Rtmps = new RtmpsOptions { Listen = [ListenAddress.Parse("1936")] },
                Https = new HttpsOptions { Listen = [On("8443", HttpRole.Flv, HttpRole.Player)] },
            },
            disk: disk =>
            {
                disk.Put("server.crt", Encoding.ASCII.GetBytes(TestCertificate.Shared.Certificate));
                disk.Put("server.key", Encoding.ASCII.GetBytes(TestCertificate.Shared.Key));
            });
        using var peer = new HttpPeer(server);

        var told = JsonNode.Parse(peer.Get("/api/v1/player")!.Text)!;
        Assert.That((int)told["rtmp_port"]!, Is.EqualTo(1935));
        Assert.That((int)told["rtmps_port"]!, Is.EqualTo(1936));
        Assert.That(told["flv"]!.ToJsonString(), Is.EqualTo("""{"port":7001,"tls_port":8443}"""));
        Assert.That(told["hls"]!.ToJsonString(), Is.EqualTo("""{"port":7002}"""));
    }

    [Test]
    public void What_is_served_with_TLS_alone_has_no_other_port()
    {
        using var server = new ServerInMemory(
            options: new ServerOptions
            {
                Http = new HttpOptions { Listen = [On("7001", HttpRole.Player)] },
                Https = new HttpsOptions { Listen = [On("8443", HttpRole.All)] },
            },
            disk: disk =>
            {
                disk.Put("server.crt", Encoding.ASCII.GetBytes(TestCertificate.Shared.Certificate));
                disk.Put("server.key", Encoding.ASCII.GetBytes(TestCertificate.Shared.Key));
            });
        using var peer = new HttpPeer(server);

        var told = JsonNode.Parse(peer.Get("/api/v1/player")!.Text)!;
        Assert.That(told["flv"]!.ToJsonString(), Is.EqualTo("""{"tls_port":8443}"""));
        Assert.That(told["hls"]!.ToJsonString(), Is.EqualTo("""{"tls_port":8443}"""));
    }

    [Test]
    public void An_operator_is_told_all_listeners()
    {
        using var server = new ServerInMemory();

        var listeners = new ControlPeer(server).Json("/api/v1/server").GetProperty("listeners");

        Assert.That(
            listeners.EnumerateArray().Select(listener => listener.ToString()),
            Is.EqualTo(new[]
            {
                """{"scheme":"rtmp","address":"::","port":1935,"serve":[]}""",
                """{"scheme":"http","address":"::","port":7001,"serve":["flv","player"]}""",
                """{"scheme":"http","address":"::","port":7002,"serve":["hls"]}""",
                """{"scheme":"http","address":"127.0.0.1","port":8090,"""
                    + "\"serve\":[\"control\",\"console\",\"metrics\"]}",
            }));
    }

    private static HttpListen On(string address, params HttpRole[] serve) =>
        new() { Address = ListenAddress.Parse(address), Serve = serve };
}
