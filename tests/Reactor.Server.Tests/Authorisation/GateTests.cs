using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Authorisation;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Http;

namespace Reactor.Server.Tests.Authorisation;

/// <summary>Who may publish and play, by RTMP and by HTTP, through the whole server.</summary>
public class GateTests
{
    private const string Secret = "a secret of more than thirty-two characters";

    [TestCase("a?key=right", true)]
    [TestCase("a?key=other", true, TestName = "One key of several")]
    [TestCase("a?key=wrong", false)]
    [TestCase("a?key=", false)]
    [TestCase("a?key=rightright", false)]
    [TestCase("a", false)]
    public void A_publisher_with_a_right_key_publishes(string name, bool isGood)
    {
        using var server = new ServerInMemory(
            publish: new PublishOptions { Key = ["right", "other"] });

        AssertPublishes(server, name, isGood);
    }

    [Test]
    public void An_empty_key_in_the_list_opens_nothing()
    {
        using var server = new ServerInMemory(publish: new PublishOptions { Key = ["", "right"] });

        AssertPublishes(server, "a?key=", isGood: false);
    }

    [Test]
    public void None_opens_also_where_there_are_keys()
    {
        using var server = new ServerInMemory(options: With(
            new AuthOptions { Publish = [AuthMethod.None] }, new PublishOptions { Key = ["k"] }));

        AssertPublishes(server, "a", isGood: true);
    }

    [Test]
    public void A_refused_publisher_hears_why_and_is_closed()
    {
        using var server = new ServerInMemory(publish: new PublishOptions { Key = ["right"] });
        var peer = server.Visit("a?key=wrong", publishes: true);
        server.Turns(10);
        Assert.That(peer.Last, Is.EqualTo(StatusCode.PublishDenied));

        server.Turns(3, eachMs: 1000);
        Assert.That(peer.Socket.IsClosed);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void Any_method_of_the_list_is_enough()
    {
        var auth = new AuthOptions
        {
            Publish = [AuthMethod.Key, AuthMethod.Sign, AuthMethod.Jwt],
            Sign = new SignOptions { Secret = "s" },
            Jwt = new JwtOptions { Secret = Secret },
        };
        var options = With(auth, new PublishOptions { Key = ["right"] });
        var sign = SignedUrl.Sign("live/a", expires: 1000, auth.Sign, "");
        var token = Tokens.Hs256("""{"exp":1000,"path":"live/a"}""", Secret);

        foreach (var query in new[] { "key=right", $"sign={sign}", $"jwt={token}" })
        {
            using var server = new ServerInMemory(options: options);
            AssertPublishes(server, $"a?{query}", isGood: true);
        }
        foreach (var query in new[] { "", "key=x", "key=x&sign=1-2&jwt=a.b.c" })
        {
            using var server = new ServerInMemory(options: options);
            AssertPublishes(server, $"a?{query}", isGood: false);
        }
    }

    [Test]
    public void A_signature_or_token_for_one_stream_opens_no_other()
    {
        var auth = new AuthOptions
        {
            Publish = [AuthMethod.Sign, AuthMethod.Jwt],
            Sign = new SignOptions { Secret = "s" },
            Jwt = new JwtOptions { Secret = Secret },
        };
        using var server = new ServerInMemory(options: With(auth));
        var sign = SignedUrl.Sign("live/a", expires: 1000, auth.Sign, "");
        var token = Tokens.Hs256("""{"exp":1000,"path":"live/a"}""", Secret);

        AssertPublishes(server, $"b?sign={sign}", isGood: false);
        AssertPublishes(server, $"b?jwt={token}", isGood: false);
        AssertPublishes(server, $"a?sign={sign}", isGood: true);
    }

    [TestCase("""{"exp":1000,"path":"live/a","action":"play"}""", false)]
    [TestCase("""{"exp":1000,"path":"live/a","action":"publish"}""", true)]
    [TestCase("""{"exp":1000}""", false, TestName = "A token for nothing in particular")]
    [TestCase("""{"exp":1000,"path":"live/*"}""", true)]
    public void A_token_says_what_it_is_for(string payload, bool isGood)
    {
        using var server = new ServerInMemory(options: With(new AuthOptions
        {
            Publish = [AuthMethod.Jwt],
            Jwt = new JwtOptions { Secret = Secret },
        }));

        AssertPublishes(server, $"a?jwt={Tokens.Hs256(payload, Secret)}", isGood);
    }

    [TestCase("127.0.0.1", true)]
    [TestCase("192.0.2.1", false)]
    public void A_signature_may_be_bound_to_an_address(string address, bool isGood)
    {
        var auth = new AuthOptions
        {
            Publish = [AuthMethod.Sign],
            Sign = new SignOptions { Secret = "s" },
            BindIp = true,
        };
        using var server = new ServerInMemory(options: With(auth));
        var sign = SignedUrl.Sign("live/a", expires: 1000, auth.Sign, address);

        AssertPublishes(server, $"a?sign={sign}", isGood);
    }

    [Test]
    public void An_address_that_is_denied_neither_publishes_nor_plays()
    {
        var denied = new[] { AddressRange.Parse("127.0.0.0/8") };
        using var server = new ServerInMemory(
            publish: new PublishOptions { Deny = denied }, play: new PlayOptions { Deny = denied });
        using var http = new HttpPeer(server);

        AssertPublishes(server, "a", isGood: false);
        var player = server.Visit("a", publishes: false);
        server.Turns(10);
        Assert.That(player.Last, Is.EqualTo(StatusCode.PlayFailed));
        Assert.That(http.Get("/live/a.flv")!.Status, Is.EqualTo(403));
    }

    [TestCase("/live/a.flv?key=right", "", 200)]
    [TestCase("/live/a.flv?key=wrong", "", 403)]
    [TestCase("/live/a.flv", "", 401)]
    public void By_HTTP_what_is_missing_is_401_and_what_is_wrong_403(
        string path, string headers, int status)
    {
        using var server = new ServerInMemory(play: new PlayOptions { Key = ["right"] });
        var publisher = server.Publish();
        publisher.Headers();
        publisher.Key(0);
        using var http = new HttpPeer(server);

        var answer = http.Get(path, headers)!;

        Assert.That(answer.Status, Is.EqualTo(status));
        var challenge = answer.Headers["WWW-Authenticate"];
        Assert.That(challenge, Is.EqualTo(status == 401 ? "Bearer" : null));
        if (status != 200)
            Assert.That(answer.Text, Does.Contain("key").And.Not.Contain("right"));
    }

    [TestCase("Authorization: Bearer TOKEN\n", "", 200)]
    [TestCase("Authorization: bearer TOKEN\n", "", 200)]
    [TestCase("", "?jwt=TOKEN", 200)]
    [TestCase("Authorization: Bearer x\n", "?jwt=TOKEN", 403)]
    [TestCase("Authorization: Basic TOKEN\n", "", 401)]
    public void By_HTTP_a_token_may_stand_in_the_header(string headers, string query, int status)
    {
        using var server = new ServerInMemory(options: With(new AuthOptions
        {
            Play = [AuthMethod.Jwt],
            Jwt = new JwtOptions { Secret = Secret },
        }));
        var publisher = server.Publish();
        publisher.Headers();
        publisher.Key(0);
        using var http = new HttpPeer(server);
        var token = Tokens.Hs256("""{"exp":1000,"path":"live/a"}""", Secret);

        var answer = http.Get(
            $"/live/a.flv{query.Replace("TOKEN", token)}", headers.Replace("TOKEN", token))!;

        Assert.That(answer.Status, Is.EqualTo(status));
    }

    [TestCase("Referer: https://www.example.com/x\n", 404)]
    [TestCase("Referer: https://evil.test/\n", 403)]
    [TestCase("", 403)]
    public void By_HTTP_a_page_that_is_not_listed_does_not_play(string headers, int status)
    {
        using var server = new ServerInMemory(
            play: new PlayOptions { Refer = ["example.com"], IdleStreams = false });
        using var http = new HttpPeer(server);

        Assert.That(http.Get("/live/a.flv", headers)!.Status, Is.EqualTo(status));
    }

    [Test]
    public void After_ten_wrong_keys_in_a_minute_an_address_is_not_heard()
    {
        using var server = new ServerInMemory(play: new PlayOptions { Key = ["right"] });
        var statuses = new List<int>();
        for (var i = 0; i < 12; i++)
        {
            using var http = new HttpPeer(server);
            statuses.Add(http.Get($"/live/a.flv?key=guess{i}")!.Status);
        }
        using var late = new HttpPeer(server);
        var blocked = late.Get("/live/a.flv?key=right")!.Status;
        server.Turn(FailedAttempts.WindowMs);
        using var later = new HttpPeer(server);

        Assert.That(statuses.Take(10), Is.All.EqualTo(403));
        Assert.That(statuses.Skip(10), Is.All.EqualTo(429));
        Assert.That(blocked, Is.EqualTo(429), "also with the right key");
        Assert.That(server.Server.Struck[Limit.FailedAttempts], Is.EqualTo(3));
        Assert.That(later.Get("/live/a.flv?key=wrong")!.Status, Is.EqualTo(403));
    }

    [Test]
    public void Who_shows_nothing_is_no_guesser()
    {
        using var server = new ServerInMemory(play: new PlayOptions { Key = ["right"] });
        for (var i = 0; i < 20; i++)
        {
            using var http = new HttpPeer(server);
            Assert.That(http.Get("/live/a.flv")!.Status, Is.EqualTo(401));
        }
    }

    private static ServerOptions With(AuthOptions auth, PublishOptions? publish = null) => new()
    {
        Defaults = new StreamOptions
        {
            Auth = auth,
            Publish = publish ?? new PublishOptions(),
        },
    };

    private static void AssertPublishes(ServerInMemory server, string name, bool isGood)
    {
        var peer = server.Visit(name, publishes: true);
        server.Turns(10);

        Assert.That(peer.IsStarted, Is.EqualTo(isGood), name);
        if (!isGood)
            Assert.That(peer.Last, Is.EqualTo(StatusCode.PublishDenied));
    }
}
