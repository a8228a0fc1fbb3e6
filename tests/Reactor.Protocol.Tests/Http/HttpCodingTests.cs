using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Http;

namespace Reactor.Protocol.Tests.Http;

/// <summary>Who takes compressed bytes (RFC 9110 §12.5.3).</summary>
[TestFixture]
public sealed class HttpCodingTests
{
    [TestCase("gzip", true)]
    [TestCase("gzip, deflate, br, zstd", true)]
    [TestCase("br;q=1.0, GZIP;q=0.8", true)]
    [TestCase("br ,\tgzip ; q=0.001", true)]
    [TestCase("*", true)]
    [TestCase("br, *;q=0.1", true)]
    [TestCase("gzip;q=0", false)]
    [TestCase("gzip;q=0.000", false)]
    [TestCase("*, gzip;q=0", false)]
    [TestCase("*;q=0", false)]
    [TestCase("x-gzip", false)]
    [TestCase("gzip;level=9", false)]
    [TestCase("gzip;q=-1", false)]
    [TestCase("gzip;q=NaN", false)]
    [TestCase("identity", false)]
    [TestCase("", false)]
    [TestCase(",;,=,", false)]
    public void A_client_takes_what_it_names_with_a_weight(string sent, bool takesGzip)
    {
        Assert.That(HttpCoding.Accepts(With(sent), "gzip"), Is.EqualTo(takesGzip));
    }

    [Test]
    public void Who_says_nothing_gets_bytes_as_they_are()
    {
        Assert.That(HttpCoding.Accepts(With(), "gzip"), Is.False);
    }

    [Test]
    public void Several_headers_are_one_list()
    {
        Assert.That(HttpCoding.Accepts(With("br", "gzip"), "gzip"), Is.True);
    }

    private static HttpHeaders With(params string[] values)
    {
        var headers = values.Select(value => $"Accept-Encoding: {value}\r\n");
        return Requests.One(Requests.Get("/", string.Concat(headers))).Headers;
    }
}
