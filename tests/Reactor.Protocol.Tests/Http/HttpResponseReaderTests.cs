using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Http;
using Reactor.Testing;

namespace Reactor.Protocol.Tests.Http;

[TestFixture]
public sealed class HttpResponseReaderTests
{
    private sealed record Seen(int Status, string Reason, bool IsKeepAlive, string Body);

    [Test]
    public void Responses_do_not_depend_on_where_the_network_cut_them()
    {
        var wire = Requests.Bytes(
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
            + "HTTP/1.1 100 Continue\r\n\r\n"
            + "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\nConnection: close\r\n\r\n"
            + "1A;x=\"y\"\r\nabcdefghijklmnopqrstuvwxyz\r\n0001 \r\n!\r\n0\r\nX: 1\r\n\r\n"
            + "HTTP/1.0 404\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n"
            + "HTTP/1.1 204 \r\nContent-Length: 5\r\n\r\n"
            + "HTTP/1.0 301 Moved  On\r\nX:\r\n\r\nto the end");

        foreach (var cut in Wire.EveryCutOf(wire))
        {
            Assert.That(Read(cut), Is.EqualTo(new Seen[]
            {
                new(200, "OK", true, "hi"),
                new(200, "OK", false, "abcdefghijklmnopqrstuvwxyz!"),
                new(404, "", true, ""),
                new(204, "", true, ""),
                new(301, "Moved  On", false, "to the end"),
            }));
        }
    }

    [Test]
    public void The_answer_to_HEAD_has_no_body()
    {
        byte[] wire = Requests.Bytes("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");

        var seen = Read([wire], HttpMethod.Head);

        Assert.That(seen, Is.EqualTo(new Seen[] { new(200, "OK", true, "") }));
    }

    [Test]
    public void Behind_101_another_protocol_begins()
    {
        using var reader = new HttpResponseReader(new PacketPool(), new HttpLimits());
        ReadOnlySpan<byte> input =
            [.. Requests.Bytes("HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\n\r\n"), 0x82, 0];

        Assert.That(reader.TryRead(ref input, out var response), Is.True);
        Assert.That(response!.Status, Is.EqualTo(101));
        Assert.That(input.Length, Is.EqualTo(2));
    }

    [Test]
    public void A_body_without_end_is_read_piece_by_piece()
    {
        var pool = new PacketPool();
        var chunks = string.Concat(Enumerable.Range(1, 40)
            .Select(n => $"{n:x}\r\n{new string((char)('a' + (n % 26)), n)}\r\n"));
        var wire = Requests.Bytes(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks);
        var expected = string.Concat(Enumerable.Range(1, 40)
            .Select(n => new string((char)('a' + (n % 26)), n)));

        foreach (var cut in Wire.EveryCutOf(wire))
        {
            using var reader = new HttpResponseReader(pool, new HttpLimits { BodyBytesMax = 1 });
            var body = new StringBuilder();
            HttpResponse? head = null;
            foreach (var bytes in cut)
            {
                ReadOnlySpan<byte> input = bytes;
                if (head is null && !reader.TryReadHead(ref input, out head))
                    continue;
                while (reader.Body.TryRead(ref input, out var piece))
                    body.Append(Encoding.Latin1.GetString(piece));
            }

            Assert.That(body.ToString(), Is.EqualTo(expected));
            Assert.That(reader.Body.IsDone, Is.False);
            Assert.That(pool.Outstanding, Is.Zero, "nothing is kept");
        }
    }

    [Test]
    public void What_is_cut_off_by_the_end_of_the_connection_is_no_response(
        [Values(
            "", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nh",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n")]
        string text)
    {
        Assert.That(Read([Requests.Bytes(text)]), Is.Empty);
    }

    [TestCase("SSH-2.0-x\r\n\r\n")]
    [TestCase("HTTP/2 200 OK\r\n\r\n")]
    [TestCase("HTTP/1.1 20\r\n\r\n")]
    [TestCase("HTTP/1.1 2000 OK\r\n\r\n")]
    [TestCase("HTTP/1.1 600 OK\r\n\r\n")]
    [TestCase("HTTP/1.1 099 OK\r\n\r\n")]
    [TestCase("HTTP/1.1 +20 OK\r\n\r\n")]
    [TestCase("HTTP/1.1  200 OK\r\n\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\nX : 1\r\n\r\n")]
    [TestCase("HTTP/1.1 200 OK\nX: 1\r\n\r\n")]
    public void A_head_that_is_not_clear_is_refused(string text)
    {
        foreach (var cut in Wire.EveryCutOf(Requests.Bytes(text)))
            Assert.That(() => Read(cut), Throws.TypeOf<HttpProtocolException>());
    }

    [TestCase("\r\n")]
    [TestCase(";x\r\n")]
    [TestCase("g\r\n")]
    [TestCase("0x1\r\n")]
    [TestCase("-1\r\n")]
    [TestCase("80000000\r\n")]
    [TestCase("00000000000000001\r\n")]
    [TestCase("ffffffffffffffff\r\n")]
    [TestCase("1\nh")]
    [TestCase("1\r\nhi\r\n")]
    [TestCase("1\r\nh\n")]
    [TestCase("1\rh")]
    [TestCase("0\r\nX: 1\n\r\n")]
    public void Chunks_that_are_not_clear_are_refused(string body)
    {
        var wire = Requests.Bytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body);

        foreach (var cut in Wire.EveryCutOf(wire))
            Assert.That(() => Read(cut), Throws.TypeOf<HttpProtocolException>());
    }

    [Test]
    public void What_surrounds_chunks_is_bounded()
    {
        const string Head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        var extension = Head + "1;" + new string('x', 4096);
        var trailer = Head + "0\r\n" + string.Concat(Enumerable.Repeat("X: 1\r\n", 65));
        var interim = string.Concat(Enumerable.Repeat("HTTP/1.1 103 Hints\r\n\r\n", 9));

        foreach (var text in new[] { extension, trailer, interim })
        {
            Assert.That(
                () => Read([Requests.Bytes(text)]), Throws.TypeOf<HttpProtocolException>());
        }
    }

    [TestCase("Content-Length: 5\r\n\r\nabcde")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")]
    [TestCase("X: 1\r\n\r\nabcde")]
    public void A_body_is_as_long_as_the_limit_and_no_longer(string rest)
    {
        byte[][] pieces = [Requests.Bytes("HTTP/1.1 200 OK\r\n" + rest)];

        Assert.That(
            Read(pieces, limits: new HttpLimits { BodyBytesMax = 5 }), Has.Count.EqualTo(1));
        Assert.That(
            () => Read(pieces, limits: new HttpLimits { BodyBytesMax = 4 }),
            Throws.TypeOf<HttpProtocolException>());
    }

    [Test]
    public void A_request_that_is_written_can_be_read(
        [Values] HttpMethod method, [Values("", "a body")] string body)
    {
        var pool = new PacketPool();
        var writer = new HttpRequestWriter(pool, method, "/a/%20b?x=1", "[::1]:80");
        writer.Header("User-Agent", "Reactor");
        var packet = writer.End(Requests.Bytes(body));

        var seen = Requests.Read([packet.Written.ToArray()]);
        packet.Release();

        Assert.That(seen, Has.Count.EqualTo(1));
        Assert.That(seen[0].Request.Method, Is.EqualTo(method));
        Assert.That(seen[0].Request.Path, Is.EqualTo("/a/ b"));
        Assert.That(seen[0].Request.Host, Is.EqualTo("[::1]:80"));
        Assert.That(seen[0].Request.Headers["User-Agent"], Is.EqualTo("Reactor"));
        Assert.That(seen[0].Body, Is.EqualTo(body));
        Assert.That(pool.Outstanding, Is.Zero);
    }

    [TestCase("/a b", "a")]
    [TestCase("/\r\n", "a")]
    [TestCase("/é", "a")]
    [TestCase("", "a")]
    [TestCase("/", "")]
    [TestCase("/", "a\r\nX: 1")]
    public void Nothing_can_be_slipped_into_a_request(string target, string host)
    {
        Assert.That(
            () => new HttpRequestWriter(new PacketPool(), HttpMethod.Get, target, host).End(),
            Throws.TypeOf<InvariantException>());
    }

    [TestCase(1, "1\r\n")]
    [TestCase(15, "f\r\n")]
    [TestCase(16, "10\r\n")]
    [TestCase(65_536, "10000\r\n")]
    [TestCase(int.MaxValue, "7fffffff\r\n")]
    public void The_size_of_a_chunk_stands_in_hexadecimal(int size, string line)
    {
        var room = new byte[HttpChunk.SizeLengthMax];
        var to = new ByteWriter(room);
        HttpChunk.Size(ref to, size);

        Assert.That(Encoding.ASCII.GetString(room, 0, to.Length), Is.EqualTo(line));
        Assert.That(to.Length, Is.EqualTo(HttpChunk.SizeLength(size)));
    }

    [Test]
    public void What_stands_around_a_chunk_allocates_nothing()
    {
        Span<byte> room = stackalloc byte[HttpChunk.SizeLengthMax + 7];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var size = 1; size < 10_000; size++)
        {
            var to = new ByteWriter(room);
            HttpChunk.Size(ref to, size);
            to.Bytes(HttpChunk.End);
            to.Bytes(HttpChunk.Last);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static List<Seen> Read(
        IEnumerable<byte[]> pieces, HttpMethod asked = HttpMethod.Get, HttpLimits? limits = null)
    {
        var pool = new PacketPool();
        var seen = new List<Seen>();
        using (var reader = new HttpResponseReader(pool, limits ?? new HttpLimits()))
        {
            reader.Asked = asked;
            HttpResponse? response;
            foreach (var piece in pieces)
            {
                ReadOnlySpan<byte> input = piece;
                while (reader.TryRead(ref input, out response))
                    seen.Add(Look(response));
                Assert.That(input.IsEmpty, "the input is always used up");
            }
            if (reader.TryEnd(out response))
                seen.Add(Look(response));
        }
        Assert.That(pool.Outstanding, Is.Zero);
        return seen;
    }

    private static Seen Look(HttpResponse response)
    {
        using (response)
        {
            return new Seen(
                response.Status, response.Reason, response.IsKeepAlive,
                Encoding.Latin1.GetString(response.Body));
        }
    }
}
