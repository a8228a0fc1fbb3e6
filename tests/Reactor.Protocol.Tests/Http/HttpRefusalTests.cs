using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Http;

namespace Reactor.Protocol.Tests.Http;

/// <summary>What is refused, with which status; each at every cut.</summary>
[TestFixture]
public sealed class HttpRefusalTests
{
    private const string Host = "Host: a\r\n";

    // Two readers of one message must not differ (RFC 9112 §11.2, threat 7).
    [TestCase("GET / HTTP/1.1\nHost: a\r\n\r\n", 400)]
    [TestCase("GET / HTTP/1.1\r\nHost: a\n\r\n", 400)]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\n\n", 400)]
    [TestCase("GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n", 400)]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\r\n\r\n", 400)]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", 400)]
    [TestCase("GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400)]
    [TestCase("GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400)]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\nX\0: b\r\n\r\n", 400)]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\nX: b\0\r\n\r\n", 400)]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\nX: b\x7F\r\n\r\n", 400)]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\nX(: b\r\n\r\n", 400)]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", 400)]
    [TestCase("GET / HTTP/1.1\r\nHost: a\r\nnone\r\n\r\n", 400)]
    [TestCase("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400)]
    [TestCase("\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400)]
    // The request line.
    [TestCase("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400)]
    [TestCase("GET /  HTTP/1.1\r\nHost: a\r\n\r\n", 400)]
    [TestCase("GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400)]
    [TestCase("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400)]
    [TestCase("GET /a\tb HTTP/1.1\r\nHost: a\r\n\r\n", 400)]
    [TestCase("GET /a?\tb HTTP/1.1\r\nHost: a\r\n\r\n", 400)]
    [TestCase("GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", 400)]
    [TestCase("GET /\r\n\r\n", 400)]
    [TestCase("GET\r\n\r\n", 400)]
    [TestCase("GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505)]
    [TestCase("GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505)]
    [TestCase("GET / HTTP/0.9\r\nHost: a\r\n\r\n", 505)]
    [TestCase("PRI * HTTP/2.0\r\n\r\n", 505)]
    [TestCase("GET / http/1.1\r\nHost: a\r\n\r\n", 505)]
    [TestCase("BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501)]
    [TestCase("get / HTTP/1.1\r\nHost: a\r\n\r\n", 501)]
    [TestCase("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 501)]
    [TestCase("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 501)]
    [TestCase("\x16\x03\x01\x02\0\x01\0", 400)]
    [TestCase("\x03rtmp", 400)]
    public void What_is_malformed_is_refused(string text, int status)
    {
        Assert.That(Requests.Refused(text).Status, Is.EqualTo(status));
    }

    [TestCase(" folded")]
    [TestCase("\tX: folded")]
    public void A_folded_header_is_told_what_it_is(string line)
    {
        var refused = Requests.Refused(Requests.Get("/", $"A: 1\r\n{line}\r\n"));

        Assert.That(refused.Detail, Does.Contain("folded"));
    }

    [Test]
    public void No_control_byte_but_the_tab_stands_in_a_value([Range(0, 127)] int value)
    {
        var text = Requests.Get("/", $"X: a{(char)value}b\r\n");

        if (value is >= 32 and < 127 or '\t')
            Assert.That(Requests.One(text).Headers["X"], Is.EqualTo($"a{(char)value}b"));
        else
            Assert.That(Requests.Refused(text).Status, Is.EqualTo(400));
    }

    [TestCase("", 400)]
    [TestCase("Host: a\r\nHost: a\r\n", 400)]
    [TestCase("Host: a\r\nhost: b\r\n", 400)]
    [TestCase("Host:\r\n", 400)]
    [TestCase("Host: user@a\r\n", 400)]
    [TestCase("Host: a, b\r\n", 400)]
    [TestCase("Host: a/b\r\n", 400)]
    [TestCase("Host: a:80x\r\n", 400)]
    [TestCase("Host: a:123456\r\n", 400)]
    [TestCase("Host: [::1\r\n", 400)]
    [TestCase("Host: [a]\r\n", 400)]
    [TestCase("Host: ::1\r\n", 400)]
    public void A_host_stands_there_once_and_is_one(string headers, int status)
    {
        var text = $"GET / HTTP/1.1\r\n{headers}\r\n";

        Assert.That(Requests.Refused(text).Status, Is.EqualTo(status));
    }

    [TestCase("Content-Length: 5\r\nContent-Length: 6\r\n", 400)]
    [TestCase("Content-Length: 5, 5\r\n", 400)]
    [TestCase("Content-Length: +5\r\n", 400)]
    [TestCase("Content-Length: -5\r\n", 400)]
    [TestCase("Content-Length: 0x5\r\n", 400)]
    [TestCase("Content-Length: 5 5\r\n", 400)]
    [TestCase("Content-Length:\r\n", 400)]
    [TestCase("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", 400)]
    [TestCase("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", 400)]
    [TestCase("Transfer-Encoding: chunked\r\n", 411)]
    [TestCase("Transfer-Encoding: CHUNKED\r\n", 411)]
    [TestCase("Transfer-Encoding: gzip, chunked\r\n", 501)]
    [TestCase("Transfer-Encoding: identity\r\n", 501)]
    [TestCase("Transfer-Encoding: \vchunked\r\n", 400)]
    [TestCase("Content-Length: 1048577\r\n", 413)]
    [TestCase("Content-Length: 4294967301\r\n", 413)]
    [TestCase("Content-Length: 99999999999999999999999\r\n", 413)]
    [TestCase("Content-Length: 5\r\nExpect: 200-ok\r\n", 417)]
    public void A_body_has_one_length_in_digits(string headers, int status)
    {
        var text = $"POST / HTTP/1.1\r\n{Host}{headers}\r\nabcde";

        Assert.That(Requests.Refused(text).Status, Is.EqualTo(status));
    }

    [Test]
    public void A_coding_is_unknown_to_HTTP_1_0()
    {
        const string Text = "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n";

        Assert.That(Requests.Refused(Text).Status, Is.EqualTo(400));
    }

    [TestCase("/a/../b")]
    [TestCase("/a/.")]
    [TestCase("/%2e%2E/b")]
    [TestCase("/.%2e")]
    [TestCase("/a%2Fb")]
    [TestCase("/a\\b")]
    [TestCase("/a%5cb")]
    [TestCase("/a%00b")]
    [TestCase("/a%0d%0ab")]
    [TestCase("/a%7f")]
    [TestCase("/a%C2%85")]
    [TestCase("/%")]
    [TestCase("/%4")]
    [TestCase("/%zz")]
    [TestCase("/%C3")]
    [TestCase("/%C0%AF")]
    [TestCase("/%ED%A0%80")]
    [TestCase("/\xC3")]
    [TestCase("/a?\xC3")]
    [TestCase("/a#b")]
    [TestCase("*")]
    [TestCase("a")]
    [TestCase("a.example:80")]
    [TestCase("ftp://a/b")]
    [TestCase("http://u@a/")]
    [TestCase("http:///a")]
    public void A_target_that_could_mean_two_things_is_refused(string target)
    {
        Assert.That(Requests.Refused(Requests.Get(target)).Status, Is.EqualTo(400));
    }

    [Test]
    public void A_target_is_as_long_as_the_limit_and_no_longer()
    {
        var limits = new HttpLimits();
        var longest = "/" + new string('a', limits.TargetBytesMax - 1);

        Assert.That(Requests.One(Requests.Get(longest)).Path, Is.EqualTo(longest));
        Assert.That(Requests.Refused(Requests.Get(longest + "a")).Status, Is.EqualTo(414));
        Assert.That(Requests.Refused($"GET {longest}aaaaaaaaaaaaaaaa").Status, Is.EqualTo(414));
    }

    [Test]
    public void A_head_is_as_long_as_the_limit_and_no_longer()
    {
        var limits = new HttpLimits();
        var room = limits.HeadBytesMax - Requests.Get("/", "X: \r\n").Length;
        string Head(int length) => Requests.Get("/", $"X: {new string('a', length)}\r\n");

        Assert.That(Requests.One(Head(room)).Headers["X"], Has.Length.EqualTo(room));
        Assert.That(Requests.Refused(Head(room + 1)).Status, Is.EqualTo(431));
        Assert.That(Requests.Refused(Head(room + 5)[..^4]).Status, Is.EqualTo(431));
    }

    [Test]
    public void Headers_are_as_many_as_the_limit_and_no_more()
    {
        var limits = new HttpLimits { HeadersMax = 4 };
        string Head(int count) =>
            Requests.Get("/", string.Concat(Enumerable.Repeat("X: 1\r\n", count - 1)));

        Assert.That(Requests.One(Head(4), limits).Headers.Count, Is.EqualTo(4));
        Assert.That(Requests.Refused(Head(5), limits).Status, Is.EqualTo(431));
    }

    [Test]
    public void A_body_is_as_long_as_the_limit_and_no_longer()
    {
        var limits = new HttpLimits { BodyBytesMax = 4 };
        string Post(int length) =>
            $"POST / HTTP/1.1\r\n{Host}Content-Length: {length}\r\n\r\n{new string('b', length)}";

        Assert.That(Requests.One(Post(4), limits).Method, Is.EqualTo(HttpMethod.Post));
        Assert.That(Requests.Refused(Post(5), limits).Status, Is.EqualTo(413));
    }
}
