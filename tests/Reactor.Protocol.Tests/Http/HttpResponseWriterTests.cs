using System;
using System.Text;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Http;

namespace Reactor.Protocol.Tests.Http;

[TestFixture]
public sealed class HttpResponseWriterTests
{
    private const string DateLine = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n";

    private static readonly DateTimeOffset Date =
        new(1994, 11, 6, 9, 49, 37, 999, TimeSpan.FromHours(1));

    private delegate Packet Write(HttpResponseWriter writer);

    [TestCase(HttpVersion.Http11, true, "")]
    [TestCase(HttpVersion.Http11, false, "Connection: close\r\n")]
    [TestCase(HttpVersion.Http10, true, "Connection: keep-alive\r\n")]
    [TestCase(HttpVersion.Http10, false, "Connection: close\r\n")]
    public void A_connection_stays_or_not_as_the_version_has_it_said(
        HttpVersion version, bool isKeepAlive, string expected)
    {
        var text = Written(404, writer => writer.EndWithLength(5, version, isKeepAlive));

        Assert.That(text, Is.EqualTo(
            $"HTTP/1.1 404 Not Found\r\n{DateLine}Content-Length: 5\r\n{expected}\r\n"));
    }

    [Test]
    public void A_body_is_chunked_or_ends_with_the_connection()
    {
        var chunked = Written(200, writer => writer.EndChunked(isKeepAlive: true));
        var closing = Written(200, writer => writer.EndUntilClose());

        Assert.That(chunked, Is.EqualTo(
            $"HTTP/1.1 200 OK\r\n{DateLine}Transfer-Encoding: chunked\r\n\r\n"));
        Assert.That(closing, Is.EqualTo($"HTTP/1.1 200 OK\r\n{DateLine}Connection: close\r\n\r\n"));
    }

    [TestCase("GET", "hi")]
    [TestCase("HEAD", "")]
    public void A_whole_answer_states_its_length_and_leaves_the_body_out_for_HEAD(
        string method, string body)
    {
        using var request = Requests.One($"{method} / HTTP/1.1\r\nHost: a\r\n\r\n");

        var text = Written(200, writer => writer.EndWith("hi"u8, request, isKeepAlive: true));

        Assert.That(text, Is.EqualTo(
            $"HTTP/1.1 200 OK\r\n{DateLine}Content-Length: 2\r\n\r\n{body}"));
    }

    [Test]
    public void A_head_grows_with_its_headers()
    {
        var text = Written(304, writer =>
        {
            for (var i = 0; i < 200; i++)
                writer.Header($"X-{i}", i * 1_000_000_007L);
            writer.Header("ETag", "W/\"é\"");
            return writer.EndWithoutBody(HttpVersion.Http11, isKeepAlive: true);
        });

        Assert.That(text, Does.Contain("\r\nX-199: 199000001393\r\nETag: W/\"é\"\r\n\r\n"));
        Assert.That(text, Does.Not.Contain("Content-Length"));
    }

    [TestCase("X", "a\r\nSet-Cookie: b")]
    [TestCase("X", "a\nb")]
    [TestCase("X", "a\0")]
    [TestCase("X", "\u20AC")]
    [TestCase("X\r\nY", "a")]
    [TestCase("X:", "a")]
    [TestCase("", "a")]
    public void Nothing_can_be_slipped_into_a_head(string name, string value)
    {
        var pool = new PacketPool();

        Assert.That(
            () =>
            {
                using var writer = new HttpResponseWriter(pool, 200, Date);
                writer.Header(name, value);
            },
            Throws.TypeOf<InvariantException>());
    }

    [Test]
    public void An_answer_that_has_no_body_is_given_none()
    {
        Assert.That(
            () => Written(204, writer => writer.EndChunked(isKeepAlive: true)),
            Throws.TypeOf<InvariantException>());
        Assert.That(
            () => Written(200, writer => writer.EndWithoutBody(HttpVersion.Http11, true)),
            Throws.TypeOf<InvariantException>());
    }

    [Test]
    public void A_writer_that_is_left_gives_its_packet_back()
    {
        var pool = new PacketPool();
        var writer = new HttpResponseWriter(pool, 200, Date);
        writer.Dispose();

        Assert.That(pool.Outstanding, Is.Zero);
    }

    private static string Written(int status, Write write)
    {
        var pool = new PacketPool();
        var packet = write(new HttpResponseWriter(pool, status, Date));
        var text = Encoding.Latin1.GetString(packet.Written);
        packet.Release();
        Assert.That(pool.Outstanding, Is.Zero);
        return text;
    }
}
