using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using NUnit.Framework;
using Reactor.Protocol.Http;
using Reactor.Server.Configuration;
using Reactor.Server.Http;

namespace Reactor.Server.Tests.Http;

/// <summary>The pages as a browser gets them, from a whole server in memory.</summary>
/// <remarks>
/// Whether the pages were built or not: then another page stands in for them, in the same way.
/// </remarks>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class WebRouteTests : IDisposable
{
    private const int PlayerPort = 7001;
    private const int HlsPort = 7002;
    private const int ConsolePort = 8090;

    private readonly ServerInMemory _server = new(options: new ServerOptions());

    private sealed record Answer(int Status, HttpHeaders Headers, string Body);

    [TestCase(PlayerPort, "/")]
    [TestCase(PlayerPort, "/player")]
    [TestCase(ConsolePort, "/console")]
    public void A_page_may_do_nothing_that_it_did_not_bring(int port, string path)
    {
        var page = Get(port, path);

        Assert.That(page.Headers["Content-Type"], Is.EqualTo("text/html; charset=utf-8"));
        Assert.That(page.Headers["X-Content-Type-Options"], Is.EqualTo("nosniff"));
        Assert.That(page.Body, Does.StartWith("<!doctype html>"));
        if (page.Status == 200)
        {
            var policy = page.Headers["Content-Security-Policy"];
            Assert.That(policy, Does.StartWith("default-src 'none'; script-src 'self'"));
        }
        else
            Assert.That(page.Status, Is.EqualTo(503));
    }

    [Test]
    public void Nobody_may_put_the_console_into_a_page_of_his_own()
    {
        if (!WebAssets.Embedded().AreBuilt)
            Assert.Ignore("the pages were not built");

        var policy = Get(ConsolePort, "/console").Headers["Content-Security-Policy"];

        Assert.That(policy, Does.Contain("frame-ancestors 'none'"));
        Assert.That(policy, Does.Contain("connect-src 'self'"));
    }

    [TestCase(PlayerPort, "/")]
    [TestCase(ConsolePort, "/console")]
    public void A_page_tells_no_other_where_it_was_opened(int port, string path)
    {
        if (!WebAssets.Embedded().AreBuilt)
            Assert.Ignore("the pages were not built");

        Assert.That(
            Get(port, path).Body, Does.Contain("<meta name=\"referrer\" content=\"no-referrer\">"));
    }

    [Test]
    public void A_page_that_the_browser_has_is_not_sent_again()
    {
        if (!WebAssets.Embedded().AreBuilt)
            Assert.Ignore("the pages were not built");
        var plain = Get(PlayerPort, "/");
        var gzip = Get(PlayerPort, "/", "Accept-Encoding: gzip");

        Assert.That(gzip.Headers["Content-Encoding"], Is.EqualTo("gzip"));
        Assert.That(gzip.Headers["Vary"], Is.EqualTo("Accept-Encoding"));
        Assert.That(gzip.Body, Has.Length.LessThan(plain.Body.Length));
        Assert.That(gzip.Headers["ETag"], Is.Not.EqualTo(plain.Headers["ETag"]));

        var again = Get(
            PlayerPort, "/", "Accept-Encoding: gzip", $"If-None-Match: {gzip.Headers["ETag"]}");
        Assert.That(again.Status, Is.EqualTo(304));
        Assert.That(again.Body, Is.Empty);
    }

    [TestCase(PlayerPort, "/console")]
    [TestCase(PlayerPort, "/assets/nothing.js")]
    [TestCase(PlayerPort, "/assets/../index.html")]
    [TestCase(PlayerPort, "/index.html.gz")]
    [TestCase(HlsPort, "/")]
    [TestCase(HlsPort, "/api/v1/player")]
    [TestCase(ConsolePort, "/player")]
    public void A_listener_serves_its_own_pages_only(int port, string path)
    {
        Assert.That(Get(port, path).Status, Is.EqualTo(404).Or.EqualTo(400));
    }

    [Test]
    public void Where_there_is_no_player_the_console_is_the_front_page()
    {
        var answer = Get(ConsolePort, "/");

        Assert.That(answer.Status, Is.EqualTo(302));
        Assert.That(answer.Headers["Location"], Is.EqualTo("/console"));
    }

    [Test]
    public void The_page_is_told_where_what_is_served()
    {
        var told = JsonNode.Parse(Get(PlayerPort, "/api/v1/player").Body)!;

        Assert.That((int)told["rtmp_port"]!, Is.EqualTo(1935));
        Assert.That(told.AsObject().ContainsKey("rtmps_port"), Is.False);
        Assert.That((int)told["flv"]!["port"]!, Is.EqualTo(PlayerPort));
        Assert.That((int)told["hls"]!["port"]!, Is.EqualTo(HlsPort));
        Assert.That(
            told["here"]!.AsArray().Select(role => (string)role!),
            Is.EqualTo(["flv", "player"]));
        Assert.That((string)told["version"]!, Does.Match(@"^\d+\.\d+\.\d+$"));
    }

    [Test]
    public void The_page_is_told_what_is_live()
    {
        Assert.That(Streams(), Is.Empty);

        var publisher = _server.Publish("a");
        publisher.Headers();
        publisher.Key(0);
        _server.Play("a");
        _server.Play("b");                  // which nobody publishes
        _server.Turn(afterMs: 1000);        // the list is a second old at most

        var stream = Streams().Single()!;
        Assert.That((string)stream["app"]!, Is.EqualTo("live"));
        Assert.That((string)stream["name"]!, Is.EqualTo("a"));
        Assert.That((string)stream["codecs"]!["video"]!, Is.EqualTo("H264"));
        Assert.That((string)stream["codecs"]!["audio"]!, Is.EqualTo("AAC"));
        Assert.That((int)stream["players"]!, Is.EqualTo(1));
        Assert.That((double)stream["seconds"]!, Is.GreaterThanOrEqualTo(1));
        Assert.That((long)stream["bytes_in"]!, Is.GreaterThan(100));
    }

    [TestCase(PlayerPort, "/api/v1/player", "*")]
    [TestCase(PlayerPort, "/api/v1/nothing", "*")]
    [TestCase(ConsolePort, "/console", null)]
    [TestCase(ConsolePort, "/api/v1/nothing", null)]
    public void A_page_of_another_origin_may_ask_what_everybody_may_see(
        int port, string path, string? allowed)
    {
        var answer = Get(port, path, "Origin: http://elsewhere");

        Assert.That(answer.Headers["Access-Control-Allow-Origin"], Is.EqualTo(allowed));
    }

    [Test]
    public void One_port_for_all_tells_strangers_what_every_viewer_may_know()
    {
        HttpListen[] listen = [new() { Address = ListenAddress.Parse("127.0.0.1:7001") }];
        using var server = new ServerInMemory(options: new ServerOptions
        {
            Http = new HttpOptions { Listen = listen },
        });
        server.Publish("a").Headers();

        var own = Get(server, PlayerPort, "/api/v1/streams");
        var strange = Get(
            server, PlayerPort, "/api/v1/streams",
            "Origin: http://elsewhere", "Sec-Fetch-Site: cross-site");
        var refused = Get(
            server, PlayerPort, "/api/v1/clients",
            "Origin: http://elsewhere", "Sec-Fetch-Site: cross-site");

        Assert.That(own.Body, Does.Contain("publisher"));
        Assert.That(strange.Status, Is.EqualTo(200));
        Assert.That(strange.Headers.All("Access-Control-Allow-Origin"), Is.EqualTo(["*"]));
        Assert.That(strange.Body, Does.Not.Contain("publisher"));
        Assert.That(refused.Status, Is.EqualTo(403));
        Assert.That(refused.Headers["Access-Control-Allow-Origin"], Is.Null);
    }

    [Test]
    public void A_way_that_is_switched_off_is_told_as_null()
    {
        var options = new ServerOptions();
        using var server = new ServerInMemory(options: options with
        {
            Http = options.Http with { WsFlv = new WsFlvOptions { Enabled = false } },
            Defaults = options.Defaults with { Hls = new HlsOptions { Enabled = false } },
        });
        server.Publish("a").Headers();

        var body = Get(server, PlayerPort, "/api/v1/streams").Body;
        var stream = JsonNode.Parse(body)!["streams"]!.AsArray().Single()!.AsObject();

        Assert.That(stream.ContainsKey("ws") && stream["ws"] is null, Is.True);
        Assert.That(stream.ContainsKey("hls") && stream["hls"] is null, Is.True);
        Assert.That(stream.ContainsKey("hls_container"), Is.False);
        Assert.That(stream.ContainsKey("flv"), Is.False);
    }

    [TestCase(HlsType.Ts, "ts")]
    [TestCase(HlsType.Fmp4, "mp4")]
    public void What_HLS_can_carry_is_told(HlsType type, string container)
    {
        var options = new ServerOptions();
        using var server = new ServerInMemory(options: options with
        {
            Defaults = options.Defaults with { Hls = new HlsOptions { Type = type } },
        });
        server.Publish("a").Headers();

        var body = Get(server, PlayerPort, "/api/v1/streams").Body;
        var stream = JsonNode.Parse(body)!["streams"]!.AsArray().Single()!.AsObject();

        Assert.That((string?)stream["hls_container"], Is.EqualTo(container));
    }

    [Test]
    public void What_is_not_served_is_told_as_null()
    {
        HttpListen[] listen =
        [
            new() { Address = ListenAddress.Parse("127.0.0.1:7001"), Serve = [HttpRole.Player] },
        ];
        using var server = new ServerInMemory(options: new ServerOptions
        {
            Http = new HttpOptions { Listen = listen },
        });

        var told = JsonNode.Parse(Get(server, PlayerPort, "/api/v1/player").Body)!.AsObject();

        Assert.That(told.ContainsKey("hls"), Is.True);
        Assert.That(told["hls"], Is.Null);
        Assert.That(told["flv"], Is.Null);
    }

    private JsonArray Streams() =>
        JsonNode.Parse(Get(PlayerPort, "/api/v1/streams").Body)!["streams"]!.AsArray();

    public void Dispose() => _server.Dispose();

    private Answer Get(int port, string path, params string[] headers) =>
        Get(_server, port, path, headers);

    private static Answer Get(
        ServerInMemory server, int port, string path, params string[] headers)
    {
        var lines = new List<string> { $"GET {path} HTTP/1.1", "Host: 127.0.0.1" };
        var text = string.Join("\r\n", lines.Concat(headers)) + "\r\n\r\n";
        var socket = server.Network.Visit(port);
        socket.Arrive(Encoding.Latin1.GetBytes(text));
        server.Turns(20);

        using var reader = new HttpResponseReader(server.Pool, new HttpLimits());
        ReadOnlySpan<byte> input = socket.Sent.ToArray();
        Assert.That(reader.TryRead(ref input, out var response), Is.True, "an answer");
        using (response)
        {
            return new Answer(
                response!.Status, response.Headers, Encoding.Latin1.GetString(response.Body));
        }
    }
}
