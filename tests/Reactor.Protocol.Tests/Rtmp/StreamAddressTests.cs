using System;
using System.Linq;
using System.Text;
using NUnit.Framework;
using Reactor.Protocol.Rtmp;

namespace Reactor.Protocol.Tests.Rtmp;

[TestFixture]
public sealed class StreamAddressTests
{
    private const int BytesMax = StreamAddress.DefaultBytesMax;

    // ffmpeg splits behind the second segment, OBS before the last, VLC behind the first (Q40).
    [TestCase("live", "cam", "live", "cam")]
    [TestCase("a/b", "c/d", "a/b/c", "d")]
    [TestCase("a/b/c", "d", "a/b/c", "d")]
    [TestCase("a", "b/c/d", "a/b/c", "d")]
    // JWPlayer's slash (Q29), and all others.
    [TestCase("live/", "cam", "live", "cam")]
    [TestCase("/live//", "//cam/", "live", "cam")]
    [TestCase("", "live/cam", "live", "cam")]
    // Instances (Q41).
    [TestCase("live/_definst_", "cam", "live", "cam")]
    [TestCase("live", "_definst_/cam", "live", "cam")]
    // The whole URL in the name (Q38).
    [TestCase("97ADC", "rtmp://host:1935/97ADC", "97ADC", "97ADC")]
    [TestCase("live", "rtmp://host:1935/live/cam1", "live", "cam1")]
    [TestCase("live/cam1", "rtmp://host:1935/live/cam1", "live", "cam1")]
    [TestCase("live", "97/rtmp://host/live/cam1", "live", "cam1")]
    [TestCase("live", "rtmp://host/cam1", "live", "cam1")]
    [TestCase("live", "rtmp://host/lively/cam1", "live/lively", "cam1")]
    [TestCase("live", "live/cam/", "live/live", "cam")]
    // Prefixes (Q44).
    [TestCase("live", "flv:cam", "live", "cam")]
    [TestCase("live", "mp4:a/cam.mp4", "live/a", "cam.mp4")]
    [TestCase("live", "MP3:cam", "live", "cam")]
    [TestCase("live", "h264:cam", "live", "h264:cam")]
    // Escapes, decoded once (Q43).
    [TestCase("live", "a%20b", "live", "a b")]
    [TestCase("live", "%C3%BC", "live", "ü")]
    [TestCase("live", "%2541", "live", "%41")]
    [TestCase("live", "100%", "live", "100%")]
    [TestCase("live", "ü/日本", "live/ü", "日本")]
    [TestCase("live", "a...b", "live", "a...b")]
    // A fragment is the browser's (Q41).
    [TestCase("live", "cam#here", "live", "cam")]
    [TestCase("live", "cam#here?k=v", "live", "cam")]
    public void A_stream_is_named_by(string app, string name, string appOut, string nameOut)
    {
        var address = Parse(app, "", name);

        Assert.That(address?.App, Is.EqualTo(appOut));
        Assert.That(address?.Name, Is.EqualTo(nameOut));
        Assert.That(address?.Path, Is.EqualTo($"{appOut}/{nameOut}"));
    }

    [TestCase("live", "")]                      // rtmp://host/live (Q37)
    [TestCase("live", "/")]
    [TestCase("live", "?key=1")]
    [TestCase("live", "rtmp://host")]
    [TestCase("", "cam")]
    [TestCase("/", "cam")]
    [TestCase("live", "..")]
    [TestCase("..", "cam")]
    [TestCase("live", "a/../b")]
    [TestCase("live", "%2e%2E")]
    [TestCase("live", ".")]
    [TestCase("live", "a%2Fb")]
    [TestCase("live", "a%5c..")]
    [TestCase("live", "a\\b")]
    [TestCase("live", "a\0b")]
    [TestCase("live", "a%00b")]
    [TestCase("live", "a\nb")]
    [TestCase("live", "a%0D%0Ab")]
    [TestCase("live", "a\u0085b")]
    [TestCase("live", "a\uFFFDb")]              // what AMF's decoding makes of no UTF-8
    [TestCase("li\u0007ve", "cam")]
    public void No_stream_is_named_by(string app, string name)
    {
        Assert.That(
            StreamAddress.TryParse(
                app, "rtmp://host/x", name, BytesMax, out var address, out var why),
            Is.False);
        Assert.That(address, Is.Null);
        Assert.That(why, Is.Not.Empty);
    }

    [Test]
    public void App_and_name_have_512_bytes_together_once_decoded()
    {
        var name = new string('n', BytesMax - "live/".Length - 2);

        Assert.That(Parse("live", "", name + "ü"), Is.Not.Null, "two bytes in UTF-8");
        Assert.That(Parse("live", "", name + "%C3%BC"), Is.Not.Null, "the escape is longer");
        Assert.That(Parse("live", "", name + "nü"), Is.Null);
    }

    // Parameters from all places, in the order app, name, tcUrl (Q41).
    [TestCase("live?a=1", "", "cam", "a=1")]
    [TestCase("live", "", "cam?a=1&b=2", "a=1 b=2")]
    [TestCase("live", "rtmp://h/live?a=1", "cam", "a=1")]
    [TestCase("live?a=1", "rtmp://h/live?a=1", "cam?b=2", "a=1 b=2")]
    [TestCase("live?a=1", "rtmp://h/live?a=3", "cam?a=2", "a=1 a=2 a=3")]
    [TestCase("live", "", "cam?a=1?b=2", "a=1 b=2")]
    [TestCase("live", "", "cam?a", "a=")]
    [TestCase("live", "", "cam?a=%26%3D&&b=x=y", "a=&= b=x=y")]
    [TestCase("live", "", "cam?u=rtmp://h/x", "u=rtmp://h/x")]
    public void Parameters_are_collected(string app, string tcUrl, string name, string expected)
    {
        var address = Parse(app, tcUrl, name);

        Assert.That(address?.Name, Is.EqualTo("cam"));
        Assert.That(
            string.Join(' ', address!.Parameters.Pairs.Select(p => $"{p.Key}={p.Value}")),
            Is.EqualTo(expected));
    }

    [Test]
    public void Parameters_are_bounded()
    {
        var query = string.Join('&', Enumerable.Range(0, 10_000).Select(i => $"k{i}=v"));

        var address = Parse("live", "", "cam?" + query);

        Assert.That(
            address?.Parameters.Pairs, Has.Count.EqualTo(QueryParameters.ParametersMax));
        Assert.That(address!.Parameters["k63"], Is.EqualTo("v"));
        Assert.That(address.Parameters["k64"], Is.Null);
    }

    [TestCase("live", "", "cam", "")]
    [TestCase("live", "rtmp://Example.org:1935/live", "cam", "example.org")]
    [TestCase("live", "rtmps://[::1]/live", "cam", "[::1]")]
    [TestCase("live", "no url", "cam", "")]
    [TestCase("live?vhost=v", "rtmp://h/live", "cam", "v")]
    [TestCase("live", "rtmp://h/live", "cam?vhost=v", "v")]
    [TestCase("live", "rtmp://h/live?domain=d", "cam", "d")]
    [TestCase("live...vhost...v", "rtmp://h/live", "cam", "v")]
    [TestCase("live?a=1...vhost...v", "rtmp://h/live", "cam", "v")]
    public void The_vhost_is(string app, string tcUrl, string name, string expected)
    {
        var address = Parse(app, tcUrl, name);

        Assert.That(address?.Vhost, Is.EqualTo(expected));
        Assert.That(address?.App, Is.EqualTo("live"));
    }

    [Test]
    public void Any_text_is_a_safe_name_or_refused([Range(0, 9)] int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 5_000; i++)
        {
            var address = Parse(Text(random), Text(random), Text(random));
            if (address is null)
                continue;
            Assert.That(Encoding.UTF8.GetByteCount(address.Path), Is.LessThanOrEqualTo(512));
            Assert.That(address.Name, Is.Not.Empty.And.Not.Contain("/"));
            foreach (var segment in address.Path.Split('/'))
            {
                Assert.That(segment, Is.Not.Empty.And.Not.EqualTo(".").And.Not.EqualTo(".."));
                Assert.That(segment.Any(c => char.IsControl(c) || c == '\\'), Is.False);
            }
        }
    }

    /// <summary>
    /// Pieces that mean something to the parser, and any characters between them.
    /// </summary>
    private static string Text(Random random)
    {
        string[] pieces =
        [
            "/", "//", "..", ".", "%", "%2e", "%2F", "%00", "%25", "?", "&", "=", "#", "://",
            "rtmp://h/", "_definst_", "...vhost...", "vhost=", "mp4:", "live", "cam", "\\", "\0",
            "\uD800", "\uFFFD", "é", "%C3", "%C3%A9", "[", "]", "@", ":", " ",
        ];
        var text = new StringBuilder();
        for (var i = random.Next(8); i > 0; i--)
        {
            if (random.Next(5) == 0)
                text.Append((char)random.Next(0x1_0000));
            else
                text.Append(pieces[random.Next(pieces.Length)]);
        }
        if (random.Next(50) == 0)
            text.Append('x', random.Next(100_000));
        return text.ToString();
    }

    private static StreamAddress? Parse(string app, string tcUrl, string name) =>
        StreamAddress.TryParse(app, tcUrl, name, BytesMax, out var address, out _) ? address : null;
}
