using System.Linq;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Authorisation;

namespace Reactor.Server.Tests.Control;

/// <summary>Who may operate the server (threat 5, S4.20).</summary>
public class ControlGateTests
{
    private static readonly string[] Paths =
        ["/api/v1/clients", "/metrics", "/stat", "/control/get?room=a"];

    private const string Secret = "a secret of more than thirty-two characters";

    [TestCase("Host: localhost:8090\n", 200)]
    [TestCase("Host: 127.0.0.1:8090\n", 200)]
    [TestCase("Host: [::1]\n", 200)]
    [TestCase("Host: LOCALHOST\n", 200)]
    [TestCase("Host: media.example.com\n", 200)]
    [TestCase("Host: evil.test\n", 403, TestName = "A name that was rebound to us")]
    [TestCase("Host: localhost.evil.test\n", 403)]
    [TestCase("Host: localhost\nOrigin: http://localhost\n", 200)]
    [TestCase("Host: localhost\nOrigin: http://evil.test\n", 403)]
    [TestCase("Host: localhost\nOrigin: null\n", 403)]
    [TestCase("Host: localhost\nSec-Fetch-Site: cross-site\n", 403, TestName = "An image tag")]
    [TestCase("Host: localhost\nSec-Fetch-Site: same-origin\n", 200)]
    [TestCase("Host: localhost\nSec-Fetch-Site: none\n", 200)]
    public void Without_a_token_no_other_page_operates_the_server(string headers, int status)
    {
        using var server = Open(new ApiOptions { Hosts = ["media.example.com"] });
        var answer = new ControlPeer(server).Ask("/api/v1/server", headers: headers);

        Assert.That(answer.Status, Is.EqualTo(status), answer.Text);
        Assert.That(answer.Headers["Access-Control-Allow-Origin"], Is.Null);
        Assert.That(answer.Headers["Access-Control-Allow-Credentials"], Is.Null);
        Assert.That(answer.Headers["Cache-Control"], Is.EqualTo("no-store"));
    }

    [TestCase("Authorization: Bearer TOKEN\n", "", 200)]
    [TestCase("", "?jwt=TOKEN", 200)]
    [TestCase("Host: any.example\nOrigin: http://a.test\nAuthorization: Bearer TOKEN\n", "", 200)]
    [TestCase("", "", 403)]
    [TestCase("", "?jwt=a.b.c", 403)]
    [TestCase("Authorization: Basic TOKEN\n", "", 403)]
    public void With_a_token_it_alone_decides(string headers, string query, int status)
    {
        using var server = Open(new ApiOptions { Jwt = new JwtOptions { Secret = Secret } });
        var token = Tokens.Hs256("""{"exp":1000}""", Secret);
        var host = headers.Contains("Host") ? "" : "Host: localhost\n";
        var answer = new ControlPeer(server).Ask(
            $"/stat/livestat{query.Replace("TOKEN", token)}",
            headers: host + headers.Replace("TOKEN", token));

        Assert.That(answer.Status, Is.EqualTo(status), answer.Text);
        if (status == 403)
            Assert.That(answer.Text, Does.StartWith("""{"status":403,"data":"""), "S4.20");
    }

    [Test]
    public void Ten_wrong_tokens_a_minute_and_no_more_are_heard()
    {
        using var server = Open(new ApiOptions { Jwt = new JwtOptions { Secret = Secret } });
        var peer = new ControlPeer(server);
        var statuses = Enumerable.Range(0, 12)
            .Select(i => peer.Ask($"/metrics?jwt=a.b.{i}").Status);

        Assert.That(
            statuses, Is.EqualTo(Enumerable.Repeat(403, 10).Concat(Enumerable.Repeat(429, 2))));
    }

    [Test]
    public void An_address_that_is_not_allowed_gets_nothing()
    {
        using var server = Open(new ApiOptions { Allow = [AddressRange.Parse("10.0.0.0/8")] });
        var peer = new ControlPeer(server);

        foreach (var path in Paths)
            Assert.That(peer.Ask(path).Status, Is.EqualTo(403), path);
    }

    [Test]
    public void What_is_switched_off_is_not_there()
    {
        using var server = Open(new ApiOptions { Livego = false, Nginx = false });
        var peer = new ControlPeer(server);

        Assert.That(peer.Ask("/stat").Status, Is.EqualTo(404));
        Assert.That(peer.Ask("/control/get?room=a").Status, Is.EqualTo(404));
        Assert.That(peer.Ask("/api/v1/server").Status, Is.EqualTo(200));
    }

    [Test]
    public void The_public_listeners_have_nothing_of_it()
    {
        using var server = Open(new ApiOptions());
        foreach (var path in Paths)
        {
            using var http = new Http.HttpPeer(server, 7001);
            Assert.That(http.Get(path)!.Status, Is.EqualTo(404), path);
        }
    }

    [TestCase("POST", "/control/get?room=a")]
    [TestCase("DELETE", "/api/v1/server")]
    [TestCase("GET", "/api/v1/clients/1")]
    public void A_method_that_is_not_meant_is_405(string method, string path)
    {
        using var server = Open(new ApiOptions());

        Assert.That(
            new ControlPeer(server).Ask(
                path, method, "Host: localhost\nContent-Length: 0\n").Status,
            Is.EqualTo(405));
    }

    private static ServerInMemory Open(ApiOptions api) =>
        new(options: new ServerOptions { Api = api });
}
