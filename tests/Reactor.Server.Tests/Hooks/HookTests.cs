using System;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using NUnit.Framework;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Configuration;
using Reactor.Server.Tests.Control;
using Reactor.Server.Tests.Http;

namespace Reactor.Server.Tests.Hooks;

/// <summary>HTTP hooks: who is asked, in which words, and what the answers mean.</summary>
[TestFixture]
public sealed class HookTests
{
    private const string Url = "http://127.0.0.1:9/";

    [Test]
    public void A_publisher_begins_when_the_hook_allows_and_no_frame_is_lost_meanwhile()
    {
        using var server = Open(new HooksOptions { OnPublish = Url + "publish" }, out var hook);
        hook.Answers = _ => null;
        var player = server.Play();
        var publisher = server.Visit("a", publishes: true);
        hook.Turns(10);
        Assert.That(publisher.IsStarted, Is.False, "nobody has answered yet (A13)");
        publisher.Call(1, "FCPublish");
        publisher.Raw(6, MessageType.Video, 1, 0, [0x17, 0, 0, 0, 0, 1, 0x64]);
        publisher.Raw(6, MessageType.Video, 1, 0, [0x17, 1, 0, 0, 0]);
        hook.Turns(3);

        HookPeer.Reply(hook.Last, HookPeer.Ok());
        hook.Turns(5);
        Assert.That(publisher.IsStarted);
        Assert.That(player.Video.Count(), Is.EqualTo(2), "held, not dropped (Q39)");
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void Of_1024_questions_at_once_each_is_asked_and_one_more_counts_as_unanswered()
    {
        using var server = Open(new HooksOptions { OnPublish = Url, Retries = 0 }, out _);
        for (var i = 0; i < 1024; i++)
            server.Visit($"s{i}", publishes: true);
        server.Turns(40);
        Assert.That(server.Network.Called, Has.Count.EqualTo(1024));
        Assert.That(Unanswered(), Is.EqualTo("0"));

        var late = server.Visit("late", publishes: true);
        server.Turns(12);

        Assert.That(server.Network.Called, Has.Count.EqualTo(1024));
        Assert.That(late.Last, Is.EqualTo(StatusCode.PublishDenied), "as on_error says");
        Assert.That(Unanswered(), Is.EqualTo("1"));

        string Unanswered() => new ControlPeer(server).Ask("/metrics").Text.Split('\n')
            .Single(line => line.StartsWith("reactor_hooks_unanswered_total ")).Split(' ')[1];
    }

    [Test]
    public void A_hook_is_told_what_one_of_SRS_is()
    {
        using var server = Open(new HooksOptions { OnPublish = Url + "p?x=1" }, out var hook);
        server.Visit("a?token=t&b", publishes: true);
        hook.Turns(10);

        Assert.That(hook.Last.ContentType, Is.EqualTo("application/json"));
        using var json = JsonDocument.Parse(hook.Last.Body);
        string Field(string name) => json.RootElement.GetProperty(name).GetString()!;
        Assert.Multiple(() =>
        {
            Assert.That(Field("action"), Is.EqualTo("on_publish"));
            Assert.That(Field("ip"), Is.EqualTo("127.0.0.1"));
            Assert.That(Field("app"), Is.EqualTo("live"));
            Assert.That(Field("stream"), Is.EqualTo("a"));
            Assert.That(Field("param"), Is.EqualTo("?token=t&b="));
            Assert.That(Field("tcUrl"), Is.EqualTo("rtmp://host/live"));
            Assert.That(Field("client_id"), Is.EqualTo("1"));
        });
    }

    [Test]
    public void A_hook_is_told_what_one_of_nginx_is()
    {
        using var server = Open(
            new HooksOptions { OnPublish = Url, Format = HookFormat.Form }, out var hook);
        server.Visit("a?token=t", publishes: true);
        hook.Turns(10);

        Assert.That(hook.Last.ContentType, Is.EqualTo("application/x-www-form-urlencoded"));
        Assert.That(hook.Last.Body.Split('&'), Is.SupersetOf(new[]
        {
            "call=publish", "addr=127.0.0.1", "app=live", "name=a", "type=live", "token=t",
            "tcurl=rtmp%3A%2F%2Fhost%2Flive",
        }));
    }

    [TestCase("0", true)]
    [TestCase("", true)]
    [TestCase("{\"code\": 0}", true)]
    [TestCase("{\"code\": 1}", false)]
    [TestCase("1", false)]
    [TestCase("<html>", false)]
    [TestCase("{\"\\ud800\": 0}", false, TestName = "A name that is half a letter")]
    public void A_body_decides_as_it_does_for_SRS(string body, bool isAllowed)
    {
        using var server = Open(new HooksOptions { OnPublish = Url, Retries = 0 }, out var hook);
        hook.Answers = _ => HookPeer.Ok(body);
        var publisher = server.Visit("a", publishes: true);
        hook.Turns(12);

        Assert.That(publisher.IsStarted, Is.EqualTo(isAllowed));
    }

    [TestCase(403)]
    [TestCase(404)]
    public void A_refusal_is_told_to_the_encoder_which_is_closed(int status)
    {
        using var server = Open(new HooksOptions { OnPublish = Url }, out var hook);
        hook.Answers = _ => HookPeer.Status(status);
        var publisher = server.Visit("a", publishes: true);
        hook.Turns(12);

        Assert.That(publisher.Last, Is.EqualTo(StatusCode.PublishDenied));
        Assert.That(publisher.Socket.HasEndedSending, "OBS waits for ever otherwise (A9)");
        Assert.That(hook.Asked, Has.Count.EqualTo(1), "a refusal is an answer");
    }

    [TestCase("Location: b\r\n")]
    [TestCase("Location: rtmp://127.0.0.1/live/b?x\r\n")]
    public void A_redirect_renames_the_stream(string location)
    {
        using var server = Open(new HooksOptions { OnPublish = Url }, out var hook);
        hook.Answers = _ => HookPeer.Status(302, location);
        var publisher = server.Visit("secret", publishes: true);
        hook.Turns(12);

        Assert.That(publisher.IsStarted);
        Assert.That(server.Server.Hub.Streams.Single().Key.ToString(), Is.EqualTo("live/b"));
    }

    [TestCase(HookErrorMode.Allow, true)]
    [TestCase(HookErrorMode.Deny, false)]
    public void A_hook_that_does_not_answer_is_asked_again_and_then_the_configuration_decides(
        HookErrorMode onError, bool isAllowed)
    {
        var hooks = new HooksOptions
        {
            OnPublish = Url,
            Retries = 2,
            OnError = onError,
            Timeout = TimeSpan.FromSeconds(1),
        };
        using var server = Open(hooks, out var hook);
        hook.Answers = _ => null;
        var publisher = server.Visit("a", publishes: true);
        hook.Turns(10);
        Assert.That(hook.Asked, Has.Count.EqualTo(1));
        hook.Turns(10, eachMs: 350);

        Assert.That(hook.Asked, Has.Count.EqualTo(3));
        Assert.That(publisher.IsStarted, Is.EqualTo(isAllowed));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_hook_that_is_gone_decides_nothing()
    {
        using var server = Open(new HooksOptions { OnPublish = Url }, out var hook);
        server.Network.TakesCalls = false;
        var publisher = server.Visit("a", publishes: true);
        hook.Turns(12);

        Assert.That(publisher.Last, Is.EqualTo(StatusCode.PublishDenied));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void Whoever_leaves_while_the_hook_is_asked_leaves_nothing_behind()
    {
        using var server = Open(new HooksOptions { OnPublish = Url }, out var hook);
        hook.Answers = _ => null;
        var publisher = server.Visit("a", publishes: true);
        hook.Turns(10);
        publisher.Socket.Leave();
        hook.Turns(2);
        HookPeer.Reply(hook.Last, HookPeer.Ok());
        hook.Turns(3);

        Assert.That(server.Server.PublisherCount, Is.Zero);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_body_is_signed_where_there_is_a_secret()
    {
        using var server = Open(new HooksOptions { OnPublish = Url, Secret = "s" }, out var hook);
        server.Visit("a", publishes: true);
        hook.Turns(10);

        var hmac = HMACSHA256.HashData("s"u8, Encoding.UTF8.GetBytes(hook.Last.Body));
        Assert.That(hook.Last.Signature, Is.EqualTo("sha256=" + Convert.ToHexStringLower(hmac)));
    }

    [Test]
    public void What_the_configuration_adds_stands_in_the_head()
    {
        using var server = Open(
            Config.Good("""
                { "defaults": { "hooks": {
                    "on_publish": "http://127.0.0.1:9/",
                    "headers": { "authorization": "Bearer x" } } } }
                """).Defaults.Hooks,
            out var hook);
        server.Visit("a", publishes: true);
        hook.Turns(10);

        Assert.That(hook.Last.Authorization, Is.EqualTo("Bearer x"));
    }

    [TestCase("""{ "Host": "x" }""")]
    [TestCase("""{ "content-length": "1" }""")]
    [TestCase("""{ "a b": "x" }""")]
    [TestCase("""{ "a": "x\r\nb: y" }""")]
    [TestCase("""{ "a": 1 }""")]
    [TestCase("""["a"]""")]
    [TestCase("\"a\"")]
    [TestCase("""["Host: a"]""")]
    public void A_header_that_would_break_the_request_is_an_error(string headers) =>
        Assert.That(
            Config.Errors($$"""{ "defaults": { "hooks": { "headers": {{headers}} } } }"""),
            Has.Exactly(1).Contains("hooks.headers: expected an object"));

    [Test]
    public void Connects_plays_and_ends_are_told_in_order()
    {
        var hooks = new HooksOptions
        {
            OnConnect = Url + "connect",
            OnPlay = Url + "play",
            OnPlayDone = Url + "play_done",
            OnDone = Url + "done",
            OnStreamNotFound = Url + "not_found",
        };
        using var server = Open(hooks, out var hook);
        var player = server.Visit("a", publishes: false);
        hook.Turns(12);
        Assert.That(player.IsStarted);
        player.Socket.Leave();
        hook.Turns(5);

        Assert.That(
            hook.Asked.Select(asked => asked.Path),
            Is.EqualTo(new[] { "/connect", "/play", "/not_found", "/play_done", "/done" }));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [TestCase(200, false, false)]
    [TestCase(403, false, true)]
    [TestCase(500, false, false)]
    [TestCase(500, true, true)]
    public void An_update_that_is_refused_ends_what_goes_on(
        int status, bool isStrict, bool isEnded)
    {
        var hooks = new HooksOptions
        {
            OnUpdate = Url,
            NotifyUpdateTimeout = TimeSpan.FromSeconds(2),
            Retries = 0,
            NotifyUpdateStrict = isStrict,
            Format = HookFormat.Form,
        };
        using var server = Open(hooks, out var hook);
        hook.Answers = _ => HookPeer.Status(status);
        var publisher = server.Visit("a", publishes: true);
        hook.Turns(12, eachMs: 100);
        Assert.That(publisher.IsStarted);
        Assert.That(hook.Asked, Is.Empty, "not yet");
        hook.Turns(12, eachMs: 100);

        Assert.That(hook.Asked, Has.Count.EqualTo(1));
        Assert.That(hook.Last.Body, Does.StartWith("call=update_publish&"));
        Assert.That(publisher.Socket.HasEndedSending, Is.EqualTo(isEnded));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_client_that_may_not_connect_is_told_so()
    {
        using var server = Open(new HooksOptions { OnConnect = Url }, out var hook);
        hook.Answers = _ => HookPeer.Status(403);
        var player = server.Visit("a", publishes: false);
        hook.Turns(12);

        Assert.That(player.Codes, Does.Contain(StatusCode.ConnectRejected));
        Assert.That(player.Socket.HasEndedSending);
    }

    [Test]
    public void A_player_of_HTTP_is_asked_about_too()
    {
        using var server = Open(new HooksOptions { OnPlay = Url }, out var hook);
        hook.Answers = _ => HookPeer.Status(403);
        using var player = new HttpPeer(server);
        player.Say("GET /live/a.flv?token=t HTTP/1.1\r\nHost: x\r\nUser-Agent: tv\r\n\r\n");
        hook.Turns(5);
        player.Turn();

        Assert.That(player.Last.Status, Is.EqualTo(403));
        Assert.That(hook.Last.Body, Does.Contain("\"param\":\"?token=t\""));
    }

    internal static ServerInMemory Open(
        HooksOptions hooks, out HookPeer hook, PlayOptions? play = null, HlsOptions? hls = null)
    {
        var server = new ServerInMemory(options: new ServerOptions
        {
            Defaults = new StreamOptions
            {
                Hooks = hooks,
                Play = play ?? new PlayOptions(),
                Hls = hls ?? new HlsOptions(),
            },
        });
        server.Network.TakesCalls = true;
        hook = new HookPeer(server);
        return server;
    }
}
