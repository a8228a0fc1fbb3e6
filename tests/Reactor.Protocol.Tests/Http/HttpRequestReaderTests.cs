using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Http;
using Reactor.Testing;

namespace Reactor.Protocol.Tests.Http;

[TestFixture]
public sealed class HttpRequestReaderTests
{
    private const string Three =
        "GET /live/cam.flv?token=a%20b&x HTTP/1.1\r\nHost: a.example:7001\r\nAccept: */*\r\n\r\n"
        + "POST /api/kick HTTP/1.1\r\nHost: [::1]:8090\r\nContent-Length: 11\r\n\r\nid=7&why=no"
        + "HEAD / HTTP/1.0\r\nX-Empty:\r\n\r\n";

    [Test]
    public void Requests_do_not_depend_on_where_the_network_cut_them()
    {
        foreach (var cut in Wire.EveryCutOf(Requests.Bytes(Three)))
        {
            var seen = Requests.Read(cut);

            Assert.That(seen, Has.Count.EqualTo(3));
            var (play, kick, head) = (seen[0].Request, seen[1].Request, seen[2].Request);
            Assert.That(play.Method, Is.EqualTo(HttpMethod.Get));
            Assert.That(play.Path, Is.EqualTo("/live/cam.flv"));
            Assert.That(play.Segments, Is.EqualTo(new[] { "live", "cam.flv" }));
            Assert.That(play.QueryString, Is.EqualTo("token=a%20b&x"));
            Assert.That(play.Query["token"], Is.EqualTo("a b"));
            Assert.That(play.Host, Is.EqualTo("a.example:7001"));
            Assert.That(play.HostName, Is.EqualTo("a.example"));
            Assert.That(play.Headers["ACCEPT"], Is.EqualTo("*/*"));
            Assert.That(kick.Method, Is.EqualTo(HttpMethod.Post));
            Assert.That(kick.HostName, Is.EqualTo("[::1]"));
            Assert.That(seen[1].Body, Is.EqualTo("id=7&why=no"));
            Assert.That(head.Method, Is.EqualTo(HttpMethod.Head));
            Assert.That(head.Version, Is.EqualTo(HttpVersion.Http10));
            Assert.That(head.Segments, Is.Empty);
            Assert.That(head.Headers["X-Empty"], Is.Empty);
            Assert.That(head.Host, Is.Empty);
        }
    }

    [TestCase("HTTP/1.1", "", true)]
    [TestCase("HTTP/1.1", "Connection: close\r\n", false)]
    [TestCase("HTTP/1.1", "Connection: Foo, CLOSE\r\n", false)]
    [TestCase("HTTP/1.1", "Connection: keep-alive\r\nConnection: close\r\n", false)]
    [TestCase("HTTP/1.1", "Connection: closed\r\n", true)]
    [TestCase("HTTP/1.0", "", false)]
    [TestCase("HTTP/1.0", "Connection: Keep-Alive\r\n", true)]
    [TestCase("HTTP/1.0", "Connection: keep-alive, close\r\n", false)]
    public void A_connection_stays_as_its_version_and_headers_say(
        string version, string headers, bool isKeepAlive)
    {
        var request = Requests.One($"GET / {version}\r\nHost: a\r\n{headers}\r\n");

        Assert.That(request.IsKeepAlive, Is.EqualTo(isKeepAlive));
    }

    [Test]
    public void The_host_of_an_absolute_target_counts_before_the_header()
    {
        var request = Requests.One(Requests.Get("HTTP://b.example:80/x?y"));

        Assert.That(request.Host, Is.EqualTo("b.example:80"));
        Assert.That(request.Path, Is.EqualTo("/x"));
        Assert.That(request.QueryString, Is.EqualTo("y"));
        Assert.That(Requests.One(Requests.Get("http://b?q")).Path, Is.EqualTo("/"));
    }

    [Test]
    public void OPTIONS_may_ask_for_the_server_as_a_whole()
    {
        var request = Requests.One("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.That(request.Path, Is.EqualTo("*"));
        Assert.That(request.Segments, Is.Empty);
    }

    [Test]
    public void A_body_that_waits_to_be_asked_for_is_announced_once()
    {
        var pool = new PacketPool();
        using var reader = new HttpRequestReader(pool, new HttpLimits());
        ReadOnlySpan<byte> head = Requests.Bytes(
            "PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-Continue\r\n\r\n");
        ReadOnlySpan<byte> body = "ok"u8;

        Assert.That(reader.TakeContinue(), Is.False);
        Assert.That(reader.TryRead(ref head, out _), Is.False);
        Assert.That(reader.State, Is.EqualTo(HttpReadState.Body));
        Assert.That(reader.TakeContinue(), Is.True);
        Assert.That(reader.TakeContinue(), Is.False);
        Assert.That(reader.TryRead(ref body, out var request), Is.True);
        request!.Dispose();
        Assert.That(pool.Outstanding, Is.Zero);
    }

    [Test]
    public void A_body_that_did_not_wait_is_not_asked_for()
    {
        using var reader = new HttpRequestReader(new PacketPool(), new HttpLimits());
        ReadOnlySpan<byte> input = Requests.Bytes(
            "PUT /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\no");

        Assert.That(reader.TryRead(ref input, out _), Is.False);
        Assert.That(reader.TakeContinue(), Is.False);
    }

    [Test]
    public void What_follows_a_request_is_left_to_the_next_reader()
    {
        using var reader = new HttpRequestReader(new PacketPool(), new HttpLimits());
        ReadOnlySpan<byte> input = [.. Requests.Bytes(Requests.Get("/ws")), 0x82, 0x80];

        Assert.That(reader.TryRead(ref input, out var request), Is.True);
        request!.Dispose();
        Assert.That(input.ToArray(), Is.EqualTo(new byte[] { 0x82, 0x80 }));
    }

    [Test]
    public void One_empty_line_before_a_request_is_passed_over()
    {
        foreach (var cut in Wire.EveryCutOf(Requests.Bytes("\r\n" + Requests.Get("/"))))
            Assert.That(Requests.Read(cut), Has.Count.EqualTo(1));
    }

    [TestCase("/", "/", 0)]
    [TestCase("//a///b", "/a/b", 2)]
    [TestCase("/a/", "/a/", 1)]
    [TestCase("/a%2520b", "/a%20b", 1)]
    [TestCase("/k%C3%B6ln", "/köln", 1)]
    [TestCase("/kÃ¶ln", "/köln", 1)]
    [TestCase("/a.b/..c/...", "/a.b/..c/...", 3)]
    [TestCase("/%61?%2e%2e/../", "/a", 1)]
    public void A_path_is_decoded_once(string target, string path, int segments)
    {
        var request = Requests.One(Requests.Get(target));

        Assert.That(request.Path, Is.EqualTo(path));
        Assert.That(request.Segments, Has.Count.EqualTo(segments));
    }

    [Test]
    public void A_body_claims_no_memory_before_it_arrives()
    {
        var pool = new PacketPool();
        using var reader = new HttpRequestReader(pool, new HttpLimits());
        ReadOnlySpan<byte> input = Requests.Bytes(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\nx");

        Assert.That(reader.TryRead(ref input, out _), Is.False);
        Assert.That(pool.OutstandingBytes, Is.LessThanOrEqualTo(1024));
    }

    [Test]
    public void A_reader_at_rest_is_small()
    {
        var pool = new PacketPool();
        var limits = new HttpLimits();
        using (new HttpRequestReader(pool, limits))
        {
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        using var reader = new HttpRequestReader(pool, limits);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(300));
        Assert.That(pool.Outstanding, Is.Zero);
    }

    [Test]
    public void An_upgrade_is_asked_for_by_two_headers_and_in_HTTP_1_1(
        [Values("HTTP/1.1", "HTTP/1.0")] string version, [Values] bool hasConnection)
    {
        var connection = hasConnection ? "Connection: keep-alive, Upgrade\r\n" : "";
        var request = Requests.One(
            $"GET / {version}\r\nHost: a\r\nUpgrade: h2c, WebSocket\r\n{connection}\r\n");

        Assert.That(
            request.Upgrades("websocket"), Is.EqualTo(version == "HTTP/1.1" && hasConnection));
    }

    [Test]
    public void Headers_keep_their_order_and_are_found_without_regard_to_case()
    {
        var request = Requests.One(Requests.Get("/", "X-A: 1\r\nx-b:  2 \t\r\nx-a: 3\r\n"));

        Assert.That(request.Headers.All("X-a"), Is.EqualTo(new[] { "1", "3" }));
        Assert.That(request.Headers["X-B"], Is.EqualTo("2"));
        Assert.That(request.Headers["X-C"], Is.Null);
        Assert.That(
            request.Headers.Pairs.Select(pair => pair.Key),
            Is.EqualTo(new[] { "Host", "X-A", "x-b", "x-a" }));
    }
}
