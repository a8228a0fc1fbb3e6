using System;
using System.Linq;
using System.Text;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Control;

namespace Reactor.Server.Tests.Http;

/// <summary>Files of a folder: S3.3, S3.8, S4.21.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class StaticRouteTests : IDisposable
{
    private const int HlsPort = 7002;
    private const string Page = "<!doctype html><title>ours</title>";
    private static readonly byte[] Film = Bytes(1_000_000);

    private readonly ServerInMemory _server = new(options: new ServerOptions
    {
        Defaults = new StreamOptions { Vod = new VodOptions { Enabled = true } },
    });

    [TestCase("/page.html", "text/html; charset=utf-8")]
    [TestCase("/PAGE.HTML", "text/html; charset=utf-8")]
    [TestCase("/deep/er/style.css", "text/css; charset=utf-8")]
    [TestCase("/app.js", "text/javascript; charset=utf-8")]
    [TestCase("/data.json", "application/json")]
    [TestCase("/picture.png", "image/png")]
    [TestCase("/film.mp4", "video/mp4")]
    [TestCase("/vod/film.m3u8", "application/vnd.apple.mpegurl")]
    [TestCase("/unknown.xyz", "application/octet-stream")]
    [TestCase("/README", "application/octet-stream")]
    [TestCase("/ein%20Bild%20%c3%a4.jpg", "image/jpeg")]
    public void A_file_has_its_type_and_is_not_guessed_at(string path, string type)
    {
        _server.Disk.Put("html" + Uri.UnescapeDataString(path), Encoding.UTF8.GetBytes(Page));

        var answer = Get(path);

        Assert.That(answer.Status, Is.EqualTo(200), answer.Text);
        Assert.That(answer.Text, Is.EqualTo(Page));
        Assert.That(answer.Headers["Content-Type"], Is.EqualTo(type));
        Assert.That(answer.Headers["X-Content-Type-Options"], Is.EqualTo("nosniff"));
        Assert.That(answer.Headers["Cache-Control"], Is.EqualTo("no-cache"));
        Assert.That(_server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_file_is_on_listeners_for_FLV_and_for_HLS_and_on_no_other()
    {
        _server.Disk.Put("html/a.txt", "a"u8);

        Assert.That(Get("/a.txt").Status, Is.EqualTo(200));
        Assert.That(Get("/a.txt", port: HlsPort).Status, Is.EqualTo(200));
        Assert.That(Get("/a.txt", port: 8090).Status, Is.EqualTo(404));
    }

    [Test]
    public void A_page_of_another_origin_may_read_a_file()
    {
        _server.Disk.Put("html/a.txt", "a"u8);

        var answer = Get("/a.txt", "Origin: http://elsewhere\n");
        var miss = Get("/b.txt", "Origin: http://elsewhere\n");

        Assert.That(answer.Headers.All("Access-Control-Allow-Origin"), Is.EqualTo(["*"]));
        Assert.That(miss.Headers.All("Access-Control-Allow-Origin"), Is.EqualTo(["*"]));
    }

    [Test]
    public void An_index_stands_for_its_folder()
    {
        _server.Disk.Put("html/index.html", "front"u8);
        _server.Disk.Put("html/docs/index.html", "docs"u8);
        _server.Disk.Put("html/empty/a.txt", "a"u8);

        Assert.That(Get("/", port: HlsPort).Text, Is.EqualTo("front"));
        Assert.That(Get("/docs/").Text, Is.EqualTo("docs"));
        Assert.That(Get("/empty/").Status, Is.EqualTo(404), "what is in it is not listed");
        Assert.That(Get("/empty").Status, Is.EqualTo(404));
    }

    [TestCase("/docs", "/docs/")]
    [TestCase("/docs?a=1&b=%20", "/docs/?a=1&b=%20")]
    [TestCase("//docs", "/docs/")]
    [TestCase("/a%20b/c%3f", "/a%20b/c%3F/")]
    public void A_folder_without_its_slash_is_elsewhere(string path, string location)
    {
        _server.Disk.Put("html/docs/index.html", "docs"u8);
        _server.Disk.Put("html/a b/c?/index.html", "docs"u8);

        var answer = Get(path);

        Assert.That(answer.Status, Is.EqualTo(301));
        Assert.That(answer.Headers["Location"], Is.EqualTo(location));
        Assert.That(_server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void What_a_client_has_is_not_sent_again()
    {
        _server.Disk.Put("html/a.txt", "aaa"u8);
        var answer = Get("/a.txt");
        var (tag, changed) = (answer.Headers["ETag"], answer.Headers["Last-Modified"]);

        var same = Get("/a.txt", $"If-None-Match: W/\"x\", {tag}\n");
        Assert.That(same.Status, Is.EqualTo(304));
        Assert.That(same.Headers["ETag"], Is.EqualTo(tag));
        Assert.That(Get("/a.txt", $"If-Modified-Since: {changed}\n").Status, Is.EqualTo(304));

        _server.Time.Advance(5000);
        _server.Disk.Put("html/a.txt", "bbb"u8);
        Assert.That(Get("/a.txt", $"If-None-Match: {tag}\n").Text, Is.EqualTo("bbb"));
        Assert.That(Get("/a.txt", $"If-Modified-Since: {changed}\n").Text, Is.EqualTo("bbb"));
        Assert.That(
            Get("/a.txt", $"If-Range: {tag}\nRange: bytes=1-1\n").Text, Is.EqualTo("bbb"));
        foreach (var condition in (string[])[$"If-Match: {tag}", $"If-Unmodified-Since: {changed}"])
        {
            answer = Get("/a.txt", $"{condition}\nRange: bytes=1-1\n");
            Assert.That(answer.Status, Is.EqualTo(412), "a part of another file helps nobody");
            Assert.That(answer.Headers["Cache-Control"], Is.EqualTo("no-store"));
        }
    }

    [TestCase("bytes=1000-1999", 1000, 1000)]
    [TestCase("bytes=999999-", 999_999, 1)]
    [TestCase("bytes=-5", 999_995, 5)]
    [TestCase("bytes=0-99999999999999999999", 0, 1_000_000)]
    public void A_range_is_a_part(string range, int at, int count)
    {
        _server.Disk.Put("html/film.mp4", Film);

        var answer = Get("/film.mp4", $"Range: {range}\n");

        Assert.That(answer.Status, Is.EqualTo(206));
        Assert.That(
            answer.Headers["Content-Range"],
            Is.EqualTo($"bytes {at}-{at + count - 1}/1000000"));
        Assert.That(answer.Body, Is.EqualTo(Film[at..(at + count)]));
    }

    [Test]
    public void A_range_behind_the_end_is_none()
    {
        _server.Disk.Put("html/film.mp4", Film);
        _server.Disk.Put("html/nothing.txt", ""u8);

        var answer = Get("/film.mp4", "Range: bytes=1000000-\n");
        Assert.That(answer.Status, Is.EqualTo(416));
        Assert.That(answer.Headers["Content-Range"], Is.EqualTo("bytes */1000000"));
        Assert.That(Get("/nothing.txt", "Range: bytes=0-\n").Status, Is.EqualTo(416));
        Assert.That(Get("/nothing.txt").Body, Is.Empty);
        Assert.That(_server.Disk.Opened, Is.Zero);
    }

    [Test]
    public void HEAD_tells_what_GET_would()
    {
        _server.Disk.Put("html/film.mp4", Film);
        using var peer = new HttpPeer(_server);
        peer.Say("HEAD /film.mp4 HTTP/1.1\nHost: x\nRange: bytes=0-1\n\n");
        _server.Turns(4);

        var sent = Encoding.ASCII.GetString([.. peer.Socket.Sent]);
        Assert.That(sent, Does.StartWith("HTTP/1.1 200 OK\r\n").And.EndsWith("\r\n\r\n"));
        Assert.That(sent, Does.Contain("Content-Length: 1000000\r\n"));
        Assert.That(sent, Does.Contain("Content-Type: video/mp4\r\n"));
        Assert.That(_server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void Several_requests_on_one_connection_are_answered_in_order()
    {
        _server.Disk.Put("html/a.txt", "a"u8);
        _server.Disk.Put("html/film.mp4", Film);
        using var peer = new HttpPeer(_server);
        foreach (var path in (string[])["/a.txt", "/no.txt", "/film.mp4", "/a.txt"])
            peer.Say($"GET {path} HTTP/1.1\nHost: x\n\n");
        peer.Turns(40, eachMs: 1);

        Assert.That(
            peer.Answers.Select(answer => (answer.Status, answer.Body.Count)),
            Is.EqualTo(new[] { (200, 1), (404, 23), (200, Film.Length), (200, 1) }));
    }

    [TestCase("/%2e%2e/secret.txt", 400)]
    [TestCase("/../secret.txt", 400)]
    [TestCase("/a/..%2f..%2fsecret.txt", 400)]
    [TestCase("/..%5csecret.txt", 400)]
    [TestCase("/a.txt%00.html", 400)]
    [TestCase("/%252e%252e/secret.txt", 404)]
    [TestCase("/..;/secret.txt", 404)]
    [TestCase("/...", 404)]
    [TestCase("/.hidden", 404)]
    [TestCase("/.git/config", 404)]
    [TestCase("/a.txt.", 404)]
    [TestCase("/a.txt%20", 404)]
    [TestCase("/a.txt::$DATA", 404)]
    [TestCase("/C:/secret.txt", 404)]
    [TestCase("/a.txt/", 404)]
    [TestCase("/a.txt/b", 404)]
    public void No_other_file_is_reached_in_any_spelling(string path, int status)
    {
        _server.Disk.Put("secret.txt", "secret"u8);
        _server.Disk.Put("html/a.txt", "a"u8);
        foreach (var hidden in (string[])["html/.hidden", "html/.git/config", "html/..."])
            _server.Disk.Put(hidden, "hidden"u8);

        var answer = Get(path);

        Assert.That(answer.Status, Is.EqualTo(status));
        Assert.That(answer.Text, Does.Not.Contain("secret\n").And.EndsWith("\n"));
        Assert.That(answer.Text.AsSpan().Count('\n'), Is.EqualTo(1), "a reason in one line");
    }

    [Test]
    public void Only_reading_is_allowed()
    {
        _server.Disk.Put("html/a.txt", "a"u8);
        using var peer = new HttpPeer(_server);
        peer.Say("DELETE /a.txt HTTP/1.1\nHost: x\n\n");
        peer.Turn();

        Assert.That(peer.Last.Status, Is.EqualTo(405));
        Assert.That(_server.Disk.Names, Does.Contain("html/a.txt"));
    }

    [Test]
    public void A_live_stream_goes_before_a_recording_and_that_before_a_file()
    {
        _server.Disk.Put("html/live/a.flv", Flv(1));
        Assert.That(Get("/live/a.flv").Body, Is.EqualTo(Flv(1)));

        _server.Disk.Put("record/live/a.flv", Flv(2));
        Assert.That(Get("/live/a.flv").Body, Is.EqualTo(Flv(2)));

        var publisher = _server.Publish("a");
        publisher.Headers();
        publisher.Key(0);
        _server.Turn();
        using var player = new HttpPeer(_server);
        Assert.That(player.Get("/live/a.flv")!.Headers["Transfer-Encoding"], Is.EqualTo("chunked"));
    }

    [Test]
    public void A_stream_that_nobody_publishes_and_that_is_no_file_is_waited_for()
    {
        _server.Disk.Put("html/live/a.flv", Flv(1));
        using var player = new HttpPeer(_server);
        Assert.That(player.Get("/live/b.flv"), Is.Null);
        player.Turns(3, eachMs: 0);
        var publisher = _server.Publish("b");
        publisher.Headers();
        publisher.Key(0);
        player.Turns(3, eachMs: 0);

        Assert.That(player.Last.Status, Is.EqualTo(200));
        Assert.That(player.Last.Video.Count(tag => tag.IsKeyframe), Is.EqualTo(1));
        Assert.That(_server.LeftAfterStop(), Is.Empty);
    }

    [TestCase("/vod/film.m3u8")]
    [TestCase("/vod/film/0.ts")]
    [TestCase("/vod/film/part.ts")]
    [TestCase("/film.m3u8")]
    public void A_playlist_or_segment_of_no_stream_may_be_a_file(string path)
    {
        Assert.That(Get(path, port: HlsPort).Status, Is.AnyOf(404, 400));

        _server.Time.Advance(2000);
        _server.Disk.Put("html" + path, "a file"u8);
        Assert.That(Get(path, port: HlsPort).Text, Is.EqualTo("a file"));
    }

    [Test]
    public void The_built_in_page_goes_before_an_index()
    {
        _server.Disk.Put("html/index.html", "front"u8);

        Assert.That(Get("/").Text, Is.Not.EqualTo("front"));
    }

    [Test]
    public void A_folder_that_is_not_there_costs_one_question_in_two_seconds()
    {
        using var peer = new HttpPeer(_server);
        peer.Get("/a.txt");
        Assert.That(peer.Last.Text, Is.EqualTo("/a.txt does not exist\n"));

        peer.Say("GET /a.txt HTTP/1.1\nHost: x\n\n");
        peer.Turn(afterMs: 100);
        Assert.That(peer.Answers, Has.Count.EqualTo(2), "at once: the disk was not asked");

        _server.Disk.Put("html/a.txt", "a"u8);
        peer.Turns(20, eachMs: 100);
        Assert.That(peer.Get("/a.txt")!.Text, Is.EqualTo("a"), "it was made meanwhile");
    }

    [Test]
    public void Files_may_be_switched_off()
    {
        using var server = new ServerInMemory(options: new ServerOptions
        {
            Http = new HttpOptions { Static = new StaticOptions { Enabled = false } },
        });
        server.Disk.Put("html/a.txt", "a"u8);
        using var peer = new HttpPeer(server);

        Assert.That(peer.Get("/a.txt")!.Status, Is.EqualTo(404));
    }

    [Test]
    public void The_files_of_livego_are_on_the_control_listener_behind_its_gate()
    {
        _server.Disk.Put("statics/player.html", Encoding.UTF8.GetBytes(Page));
        _server.Disk.Put("html/other.html", "other"u8);

        var control = new ControlPeer(_server);
        var answer = control.Ask("/statics/player.html");
        Assert.That(answer.Text, Is.EqualTo(Page));
        Assert.That(answer.Headers["Content-Type"], Is.EqualTo("text/html; charset=utf-8"));
        Assert.That(control.Ask("/statics/other.html").Status, Is.EqualTo(404));
        Assert.That(control.Ask("/statics/.%2e/html/other.html").Status, Is.EqualTo(400));
        Assert.That(Get("/statics/player.html").Status, Is.EqualTo(404), "not for everybody");
        Assert.That(
            control.Ask(
                "/statics/player.html",
                headers: "Host: localhost\nOrigin: http://evil.example\n").Status,
            Is.EqualTo(403));
    }

    [Test]
    public void With_a_secret_the_files_of_livego_need_a_token_too()
    {
        using var server = new ServerInMemory(options: new ServerOptions
        {
            Api = new ApiOptions { Jwt = new JwtOptions { Secret = "s" } },
        });
        server.Disk.Put("statics/player.html", Encoding.UTF8.GetBytes(Page));
        using var peer = new HttpPeer(server, 8090);

        Assert.That(peer.Get("/statics/player.html")!.Status, Is.EqualTo(403));
    }

    public void Dispose() => _server.Dispose();

    private Answered Get(string path, string headers = "", int port = 7001)
    {
        using var peer = new HttpPeer(_server, port);
        peer.Get(path, headers);
        peer.Turns(40, eachMs: 1);
        return peer.Last;
    }

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    /// <summary>The shortest FLV there is: a header, and one tag of video.</summary>
    private static byte[] Flv(byte mark) =>
    [
        .. "FLV\u0001\u0001"u8, 0, 0, 0, 9, 0, 0, 0, 0,
        9, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0x17, 1, 0, 0, 0, mark, 0, 0, 0, 17,
    ];
}
