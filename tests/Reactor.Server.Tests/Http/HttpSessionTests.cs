using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Server.Configuration;

namespace Reactor.Server.Tests.Http;

/// <summary>Requests and answers on one connection: order, refusals, deadlines.</summary>
[TestFixture]
public sealed class HttpSessionTests
{
    [Test]
    public void A_path_that_nobody_serves_is_not_found_and_the_connection_stays()
    {
        using var server = new ServerInMemory();
        using var peer = new HttpPeer(server);

        Assert.That(peer.Get("/nothing")!.Status, Is.EqualTo(404));
        Assert.That(peer.Last.Text, Is.EqualTo("/nothing does not exist\n"));
        Assert.That(peer.Get("/streams")!.Status, Is.EqualTo(200));
        Assert.That(peer.IsEnded, Is.False);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [TestCase(7001, "/live/a.m3u8", "hls is at port 7002")]
    [TestCase(7002, "/live/a.flv", "flv is at port 7001")]
    [TestCase(7002, "/", "player is at port 7001")]
    [TestCase(8090, "/live/a/1.ts", "hls is at port 7002")]
    public void Who_mistakes_a_port_for_another_is_told_the_right_one(
        int port, string path, string told)
    {
        using var server = new ServerInMemory();
        using var peer = new HttpPeer(server, port);

        Assert.That(peer.Get(path)!.Status, Is.EqualTo(404));
        Assert.That(peer.Last.Text, Does.EndWith($" here: {told}\n"));
    }

    [TestCase("\u0003", "but RTMP's: that has a port of its own")]
    [TestCase("\u0016", "but TLS's: https has a port of its own")]
    [TestCase("\u0001", "the first byte is not HTTP's\n")]
    public void Who_speaks_another_protocol_is_told_which(string greeting, string told)
    {
        using var server = new ServerInMemory();
        using var peer = new HttpPeer(server);
        peer.Say($"{greeting}0123");
        peer.Turn();
        peer.Turn();

        Assert.That(peer.Last.Status, Is.EqualTo(400));
        Assert.That(peer.Last.Text, Does.Contain(told));
    }

    [TestCase("GET", "/api/v1/nothing", 404, "nothing is served at /api/v1/nothing")]
    [TestCase("POST", "/api/v1/streams", 405, "/api/v1/streams takes GET, HEAD, OPTIONS")]
    public void The_interface_answers_in_its_form_also_what_it_does_not_know(
        string method, string path, int status, string why)
    {
        using var server = new ServerInMemory();
        using var peer = new HttpPeer(server, 8090);
        peer.Say($"{method} {path} HTTP/1.1\nHost: 127.0.0.1\nContent-Length: 0\n\n");
        peer.Turns(2, eachMs: 0);

        Assert.That(peer.Last.Status, Is.EqualTo(status));
        Assert.That(
            peer.Last.Text, Is.EqualTo($$"""{"status":{{status}},"data":"{{why}}"}"""));
    }

    [Test]
    public void Pipelined_requests_are_answered_in_order_however_many()
    {
        using var server = new ServerInMemory();
        using var peer = new HttpPeer(server);
        for (var i = 0; i < 100; i++)
            peer.Say($"GET /{i} HTTP/1.1\nHost: reactor\n\n");
        peer.Turns(20, eachMs: 0);

        Assert.That(
            peer.Answers.Select(answer => answer.Text),
            Is.EqualTo(Enumerable.Range(0, 100).Select(i => $"/{i} does not exist\n")));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void Whoever_asks_and_does_not_read_is_not_listened_to()
    {
        using var server = new ServerInMemory();
        using var peer = new HttpPeer(server);
        peer.Socket.Room = 100;
        for (var i = 0; i < 20_000; i++)
            peer.Say("GET /x HTTP/1.1\nHost: reactor\n\n");
        peer.Turns(400, eachMs: 1);

        Assert.That(server.Pool.OutstandingBytes, Is.LessThan(400_000));
        peer.Socket.Room = long.MaxValue;
        peer.Turns(2000, eachMs: 1);
        Assert.That(peer.Answers, Has.Count.EqualTo(20_000));
    }

    [Test]
    public void The_answer_to_HEAD_has_no_body()
    {
        using var server = new ServerInMemory();
        using var peer = new HttpPeer(server);
        peer.Say("HEAD /streams HTTP/1.1\nHost: reactor\n\nGET /streams HTTP/1.1\nHost: x\n\n");
        server.Turn();
        var sent = System.Text.Encoding.UTF8.GetString([.. peer.Socket.Sent]);

        Assert.That(sent.Split("\r\n\r\n")[1], Does.StartWith("HTTP/1.1 200 OK"));
    }

    [TestCase("BREW /x HTTP/1.1\nHost: x\n\n", 501)]
    [TestCase("GET /x HTTP/2.0\nHost: x\n\n", 505)]
    [TestCase("GET /x HTTP/1.1\n\n", 400)]
    [TestCase("GET /%2e%2e/x HTTP/1.1\nHost: x\n\n", 400)]
    [TestCase("POST /x HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n", 411)]
    [TestCase("POST /x HTTP/1.1\nHost: x\nContent-Length: 1\nTransfer-Encoding: chunked\n\n", 400)]
    [TestCase("POST /x HTTP/1.1\nHost: x\nContent-Length: 99999999\n\n", 413)]
    public void What_cannot_be_read_is_refused_with_a_reason_and_ends(string text, int status)
    {
        using var server = new ServerInMemory();
        using var peer = new HttpPeer(server);
        peer.Say(text);
        peer.Turn();

        Assert.That(peer.Last.Status, Is.EqualTo(status));
        Assert.That(peer.Last.Text, Has.Length.GreaterThan(5));
        Assert.That(peer.IsEnded);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [TestCase("DELETE", "", 405)]
    [TestCase("OPTIONS", "", 200)]
    [TestCase("OPTIONS", "Origin: http://good.test\n", 200)]
    [TestCase("OPTIONS", "Origin: http://evil.test\n", 200)]
    public void Which_methods_a_path_takes_is_told_alike(string method, string more, int status)
    {
        var cors = new CorsOptions { Origins = ["http://good.test"] };
        using var server = new ServerInMemory(options: new ServerOptions
        {
            Http = new HttpOptions { Cors = cors },
        });
        using var peer = new HttpPeer(server);
        peer.Say($"{method} /streams HTTP/1.1\nHost: x\n{more}\n");
        peer.Turn();

        Assert.That(peer.Last.Status, Is.EqualTo(status));
        Assert.That(peer.Last.Headers["Allow"], Is.EqualTo("GET, HEAD, OPTIONS"));
        Assert.That(
            peer.Last.Headers["Access-Control-Allow-Methods"],
            Is.EqualTo(more.Contains("good") ? "GET, HEAD, OPTIONS" : null));
    }

    [Test]
    public void A_page_of_another_origin_may_play_but_not_with_credentials()
    {
        using var server = new ServerInMemory();
        using var peer = new HttpPeer(server);
        var answer = peer.Get("/streams", "Origin: https://example.com\n")!;

        Assert.That(answer.Headers["Access-Control-Allow-Origin"], Is.EqualTo("*"));
        Assert.That(answer.Headers["Access-Control-Allow-Credentials"], Is.Null);
    }

    [Test]
    public void A_page_of_an_origin_that_is_not_listed_may_not()
    {
        var cors = new CorsOptions { Origins = ["https://good.example"] };
        using var server = new ServerInMemory(options: new ServerOptions
        {
            Http = new HttpOptions { Cors = cors },
        });
        using var peer = new HttpPeer(server);

        var bad = peer.Get("/streams", "Origin: https://bad.example\n")!;
        Assert.That(bad.Headers["Access-Control-Allow-Origin"], Is.Null);
        var good = peer.Get("/streams", "Origin: https://good.example\n")!;
        Assert.That(
            good.Headers["Access-Control-Allow-Origin"], Is.EqualTo("https://good.example"));
        Assert.That(good.Headers["Vary"], Is.EqualTo("Origin"));
    }

    [Test]
    public void The_policy_file_of_Flash_is_at_any_path()
    {
        using var server = new ServerInMemory();
        using var peer = new HttpPeer(server, 7002);

        Assert.That(peer.Get("/live/crossdomain.xml")!.Headers["Content-Type"],
            Is.EqualTo("application/xml"));
        Assert.That(peer.Last.Text, Does.Contain("<allow-access-from domain=\"*\" />"));
    }

    [Test]
    public void A_listener_serves_its_roles_only()
    {
        using var server = new ServerInMemory();
        using var control = new HttpPeer(server, 8090);

        Assert.That(control.Get("/live/a.flv")!.Status, Is.EqualTo(404));
    }

    [TestCase("", 10_000, 0)]
    [TestCase("GET /streams HTTP/1.1\n", 10_000, 408)]
    [TestCase("POST /streams HTTP/1.1\nHost: x\nContent-Length: 5\n\nab", 30_000, 408)]
    [TestCase("GET /streams HTTP/1.1\nHost: x\n\n", 30_000, 200)]
    public void Silence_has_an_end(string said, int limitMs, int lastStatus)
    {
        using var server = new ServerInMemory();
        using var peer = new HttpPeer(server);
        peer.Say(said);
        peer.Turn();
        peer.Turns((limitMs / 200) - 2, eachMs: 200);
        Assert.That(peer.IsEnded, Is.False, "within the deadline");
        peer.Turns(4, eachMs: 200);

        Assert.That(peer.IsEnded);
        Assert.That(peer.Answers.LastOrDefault()?.Status ?? 0, Is.EqualTo(lastStatus));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_head_that_drips_is_not_given_more_time_for_each_byte()
    {
        using var server = new ServerInMemory();
        using var peer = new HttpPeer(server);
        peer.Say("GET /");
        for (var i = 0; i < 11 && !peer.IsEnded; i++)
        {
            peer.Say("a");
            peer.Turns(5, eachMs: 200);
        }

        Assert.That(peer.IsEnded);
        Assert.That(peer.Last.Status, Is.EqualTo(408));
    }

    [Test]
    public void A_peer_that_expects_to_be_told_so_is_told_to_go_on()
    {
        using var server = new ServerInMemory();
        using var peer = new HttpPeer(server);
        peer.Say("POST /streams HTTP/1.1\nHost: x\nContent-Length: 2\nExpect: 100-continue\n\n");
        server.Turn();
        var sent = System.Text.Encoding.UTF8.GetString([.. peer.Socket.Sent]);

        Assert.That(sent, Does.StartWith("HTTP/1.1 100 Continue\r\n"));
        peer.Say("ab");
        peer.Turn();
        Assert.That(peer.Last.Status, Is.EqualTo(405));
    }

    [Test]
    public void An_idle_connection_costs_no_buffer()
    {
        using var server = new ServerInMemory();
        using var peer = new HttpPeer(server);
        peer.Get("/streams");

        Assert.That(server.Pool.Outstanding, Is.Zero);
        Assert.That(TimeSpan.Zero, Is.LessThan(server.Server.Options.Http.Keepalive));
    }
}
