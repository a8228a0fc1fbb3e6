using System;
using System.Linq;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Authorisation;
using Reactor.Server.Tests.Configuration;
using Reactor.Server.Tests.Http;
using Reactor.Testing;

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

    [TestCase("a", "plain", 200)]
    [TestCase("b", "hashed", 200)]
    [TestCase("ü", "colon:ü", 200)]
    [TestCase("d", "derived", 200)]
    [TestCase("d", "plain", 401)]
    [TestCase("d", "pbkdf2-sha256$1000", 401)]
    [TestCase("a", "hashed", 401, TestName = "Another's password")]
    [TestCase("c", "derived", 401)]
    [TestCase("a", "wrong", 401)]
    [TestCase("a", "", 401)]
    [TestCase("", "plain", 401)]
    [TestCase("c", "plain", 401)]
    [TestCase("b", "sha256:b0a64e9e1c8a4e3e", 401)]
    public void With_users_a_name_and_its_password_are_needed(
        string name, string password, int status)
    {
        using var server = Open(new ApiOptions { Users = Users });
        foreach (var path in Paths)
        {
            var answer = new ControlPeer(server).Ask(path, headers: Basic(name, password));
            var isRoom = path.StartsWith("/control", StringComparison.Ordinal);
            Assert.That(answer.Status, Is.EqualTo(isRoom && status == 200 ? 501 : status));
            Assert.That(
                answer.Headers["WWW-Authenticate"],
                status == 401 ? Does.StartWith("Basic realm=") : Is.Null);
        }
    }

    [TestCase("Host: localhost\n", 401)]
    [TestCase("Host: localhost\nAuthorization: Basic\n", 401)]
    [TestCase("Host: localhost\nAuthorization: Basic ====\n", 401)]
    [TestCase("Host: localhost\nAuthorization: Basic YQ==\n", 401, TestName = "No colon")]
    [TestCase("Host: localhost\nAuthorization: Bearer a.b.c\n", 401)]
    [TestCase("Host: any.example\nAuthorization: Basic YTpwbGFpbg==\n", 200)]
    [TestCase("Host: a.test\nOrigin: http://b.test\nAuthorization: Basic YTpwbGFpbg==\n", 403)]
    [TestCase(
        "Host: a.test\nSec-Fetch-Site: cross-site\nAuthorization: basic YTpwbGFpbg==\n", 403,
        TestName = "A browser that knows the password shows it for an image of another page")]
    public void A_password_opens_for_whom_it_is_and_for_no_page_of_another(
        string headers, int status)
    {
        using var server = Open(new ApiOptions { Users = Users });

        Assert.That(
            new ControlPeer(server).Ask("/api/v1/server", headers: headers).Status,
            Is.EqualTo(status));
    }

    [Test]
    public void Beside_a_token_either_is_enough()
    {
        using var server = Open(
            new ApiOptions { Users = Users, Jwt = new JwtOptions { Secret = Secret } });
        var peer = new ControlPeer(server);
        var token = Tokens.Hs256("""{"exp":1000}""", Secret);

        Assert.That(peer.Ask("/stat", headers: Basic("a", "plain")).Status, Is.EqualTo(200));
        Assert.That(peer.Ask($"/stat?jwt={token}").Status, Is.EqualTo(200));
        Assert.That(peer.Ask("/stat?jwt=a.b.c").Status, Is.EqualTo(403));
        Assert.That(peer.Ask("/stat").Status, Is.EqualTo(401), "what a browser understands");
    }

    [Test]
    public void Ten_wrong_passwords_a_minute_and_no_more_are_heard()
    {
        using var server = Open(new ApiOptions { Users = Users });
        var peer = new ControlPeer(server);
        var statuses = Enumerable.Range(0, 12)
            .Select(i => peer.Ask("/stat", headers: Basic("a", $"{i}")).Status).ToList();

        Assert.That(
            statuses, Is.EqualTo(Enumerable.Repeat(401, 10).Concat(Enumerable.Repeat(429, 2))));
        Assert.That(peer.Ask("/stat", headers: Basic("a", "plain")).Status, Is.EqualTo(429));
        server.Turn(61_000);
        Assert.That(peer.Ask("/stat", headers: Basic("a", "plain")).Status, Is.EqualTo(200));
    }

    [Test]
    public void A_password_is_derived_elsewhere_and_once_a_few_at_a_time()
    {
        var work = default(HeldWork)!;
        using var server = new ServerInMemory(
            options: new ServerOptions { Api = new ApiOptions { Users = [Derived("d", "right")] } },
            work: mailbox => work = new HeldWork(mailbox) { IsHeld = true });
        var peers = Enumerable.Range(0, 10).Select(_ => new HttpPeer(server, 8090)).ToList();
        foreach (var peer in peers)
            peer.Get("/stat", Shown("d", "right"));
        peers[0].Socket.Leave();
        peers[0].Turn();
        Assert.That(work.Outstanding, Is.EqualTo(8));
        Assert.That(peers.Skip(8).Select(peer => peer.Last.Status), Is.All.EqualTo(503));
        work.Release();
        peers.ForEach(peer => peer.Turn());
        Assert.That(peers.Skip(1).Take(7).Select(peer => peer.Last.Status), Is.All.EqualTo(200));
        Assert.That(peers[0].Answers, Is.Empty, "it has left");

        Assert.That(peers[9].Get("/stat", Shown("d", "right"))!.Status, Is.EqualTo(200));
        Assert.That(work.Outstanding, Is.Zero, "it is known");
        work.IsHeld = true;
        peers[9].Get("/stat", Shown("d", "wrong"));
        Assert.That(work.Outstanding, Is.EqualTo(1));
        work.Release();
        peers[9].Turn();
        Assert.That(peers[9].Last.Status, Is.EqualTo(401));
        work.IsHeld = true;
        server.Server.Reload(server.Server.Options);
        peers[9].Get("/stat", Shown("d", "right"));
        Assert.That(work.Outstanding, Is.EqualTo(1), "a reload forgets it");
        work.Release();
        Assert.That(server.LeftAfterStop(), Is.Empty);
        peers.ForEach(peer => peer.Dispose());
    }

    [Test]
    public void Whoever_may_not_ask_has_no_password_derived()
    {
        var work = default(HeldWork)!;
        using var server = new ServerInMemory(
            options: new ServerOptions
            {
                Api = new ApiOptions
                {
                    Users = [Derived("d", "right")],
                    Allow = [AddressRange.Parse("10.0.0.0/8")],
                },
            },
            work: mailbox => work = new HeldWork(mailbox) { IsHeld = true });

        var answer = new ControlPeer(server).Ask("/stat", headers: Basic("d", "right"));
        Assert.That(answer.Status, Is.EqualTo(403));
        Assert.That(work.Outstanding, Is.Zero);
    }

    [Test]
    public void The_page_to_operate_with_asks_for_the_password_when_it_is_opened()
    {
        using var server = Open(new ApiOptions { Users = Users });
        var peer = new ControlPeer(server);

        Assert.That(peer.Ask("/console").Status, Is.EqualTo(401));
        Assert.That(
            peer.Ask("/console", headers: Basic("a", "plain")).Status, Is.Not.EqualTo(401));
    }

    [TestCase("\"a\"")]
    [TestCase("\":b\"")]
    [TestCase("\"a:\"")]
    [TestCase("""{ "user": "a" }""")]
    [TestCase("""{ "user": "a:b", "password": "c" }""")]
    [TestCase("""{ "user": "a", "password": "" }""")]
    [TestCase("""{ "user": "a", "password": "sha256:12" }""")]
    [TestCase("\"a:pbkdf2-sha256$\"")]
    [TestCase("\"a:pbkdf2-sha256$999$AQ==$S2VlcCBpdCBzZWNyZXQ=\"")]
    [TestCase("""{ "user": "a", "password": "b", "role": "c" }""")]
    [TestCase("5")]
    public void A_user_without_a_usable_password_is_an_error(string user) =>
        Assert.That(
            Config.Errors($$"""{ "api": { "users": [{{user}}] } }"""),
            Has.Exactly(1).Contains("api.users: expected an object with user and password"));

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
    public void By_default_it_is_on_loopback_alone()
    {
        var listeners = new HttpOptions().Listen
            .Where(listen => listen.Serve.Any(role =>
                role is HttpRole.All or HttpRole.Control or HttpRole.Console or HttpRole.Metrics));

        Assert.That(
            listeners.Select(listen => IPAddress.IsLoopback(listen.Address.EndPoint.Address)),
            Is.Not.Empty.And.All.True);
    }

    [Test]
    public void The_public_listeners_have_nothing_of_it()
    {
        using var server = Open(new ApiOptions());
        foreach (var path in Paths)
        {
            using var http = new HttpPeer(server, 7001);
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

    private static ApiUser[] Users =>
    [
        new("a", "plain"),
        new("b", "sha256:" + Convert.ToHexString(SHA256.HashData("hashed"u8))),
        new("ü", "colon:ü"),
        Derived("d", "derived"),
    ];

    private static ApiUser Derived(string name, string password)
    {
        byte[] salt = [1, 2, 3];
        var hash = Rfc2898DeriveBytes.Pbkdf2(password, salt, 1000, HashAlgorithmName.SHA256, 32);
        return new ApiUser(
            name,
            $"pbkdf2-sha256$1000${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}");
    }

    private static string Basic(string name, string password) =>
        "Host: localhost\n" + Shown(name, password);

    private static string Shown(string name, string password)
    {
        var coded = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}"));
        return $"Authorization: Basic {coded}\n";
    }

    private static ServerInMemory Open(ApiOptions api) =>
        new(options: new ServerOptions { Api = api });
}
