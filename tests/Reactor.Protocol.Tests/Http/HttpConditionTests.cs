using System;
using NUnit.Framework;
using Reactor.Protocol.Http;

namespace Reactor.Protocol.Tests.Http;

/// <summary>Dates, tags and ranges: what makes an answer shorter.</summary>
[TestFixture]
public sealed class HttpConditionTests
{
    private const string Text = "Sun, 06 Nov 1994 08:49:37 GMT";

    private static readonly DateTimeOffset Time = new(1994, 11, 6, 8, 49, 37, TimeSpan.Zero);

    [Test]
    public void A_date_is_written_and_read_in_GMT()
    {
        var elsewhere = Time.ToOffset(TimeSpan.FromHours(-5)).AddMilliseconds(999);

        Assert.That(HttpDate.Format(elsewhere), Is.EqualTo(Text));
        Assert.That(HttpDate.TryParse(Text, out var read), Is.True);
        Assert.That(read, Is.EqualTo(Time));
    }

    [TestCase("Sunday, 06-Nov-94 08:49:37 GMT")]
    [TestCase("Sun Nov  6 08:49:37 1994")]
    [TestCase("Mon, 06 Nov 1994 08:49:37 GMT")]
    [TestCase("Sun, 06 Nov 1994 08:49:37")]
    [TestCase("")]
    [TestCase(null)]
    public void A_date_of_another_form_is_none(string? text)
    {
        Assert.That(HttpDate.TryParse(text, out _), Is.False);
    }

    // RFC 9110 §8.8.3.2, the table of comparisons; and lists.
    [TestCase("W/\"1\"", "W/\"1\"", true)]
    [TestCase("W/\"1\"", "W/\"2\"", false)]
    [TestCase("W/\"1\"", "\"1\"", true)]
    [TestCase("\"1\"", "\"1\"", true)]
    [TestCase("\"1\"", "W/\"1\"", true)]
    [TestCase("*", "\"1\"", true)]
    [TestCase("\"0\" , W/\"1\"", "\"1\"", true)]
    [TestCase("\"a,b\", \"c\"", "\"a,b\"", true)]
    [TestCase("\"a,b\", \"c\"", "\"b\"", false)]
    [TestCase("1", "\"1\"", false)]
    [TestCase("\"1", "\"1\"", false)]
    [TestCase("", "\"1\"", false)]
    [TestCase("w/\"1\"", "\"1\"", false)]
    public void Who_has_one_of_these_tags_has_it_already(string sent, string tag, bool hasIt)
    {
        var headers = Requests.One(Requests.Get("/", $"If-None-Match: {sent}\r\n")).Headers;

        Assert.That(HttpEntityTag.StatusOf(headers, tag, null), Is.EqualTo(hasIt ? 304 : 200));
    }

    [TestCase(0, true)]
    [TestCase(1, false)]
    [TestCase(-1, true)]
    public void Who_has_it_since_its_last_change_has_it_already(int changedLater, bool hasIt)
    {
        var headers = Requests.One(Requests.Get("/", $"If-Modified-Since: {Text}\r\n")).Headers;
        var changedAt = Time.AddSeconds(changedLater).AddMilliseconds(500);

        Assert.That(
            HttpEntityTag.StatusOf(headers, null, changedAt), Is.EqualTo(hasIt ? 304 : 200));
        Assert.That(HttpEntityTag.StatusOf(headers, "\"1\"", null), Is.EqualTo(200));
    }

    [Test]
    public void A_tag_that_differs_counts_before_a_date_that_agrees()
    {
        var headers = Requests.One(Requests.Get(
            "/", $"If-None-Match: \"1\"\r\nIf-Modified-Since: {Text}\r\n")).Headers;

        Assert.That(HttpEntityTag.StatusOf(headers, "\"2\"", Time), Is.EqualTo(200));
    }

    // RFC 9110 §13.1.1: byte for byte the same, so weak tags never match.
    [TestCase("\"1\"", "\"1\"", 200)]
    [TestCase("\"0\", \"1\"", "\"1\"", 200)]
    [TestCase("*", "\"1\"", 200)]
    [TestCase("\"2\"", "\"1\"", 412)]
    [TestCase("W/\"1\"", "\"1\"", 412)]
    [TestCase("W/\"1\"", "W/\"1\"", 412)]
    [TestCase("1", "\"1\"", 412)]
    public void Who_wants_one_of_these_tags_gets_no_other(string sent, string tag, int status)
    {
        var headers = Requests.One(Requests.Get("/", $"If-Match: {sent}\r\n")).Headers;

        Assert.That(HttpEntityTag.StatusOf(headers, tag, null), Is.EqualTo(status));
    }

    [TestCase(Text, 0, 200)]
    [TestCase(Text, -1, 200)]
    [TestCase(Text, 1, 412)]
    [TestCase("yesterday", 1, 200)]
    public void Who_wants_it_unchanged_gets_it_so(string sent, int changedLater, int status)
    {
        var headers = Requests.One(Requests.Get("/", $"If-Unmodified-Since: {sent}\r\n")).Headers;

        var changedAt = Time.AddSeconds(changedLater);
        Assert.That(HttpEntityTag.StatusOf(headers, null, changedAt), Is.EqualTo(status));
        Assert.That(HttpEntityTag.StatusOf(headers, "\"1\"", null), Is.EqualTo(200));
    }

    // §13.2.2: If-Match is asked before all others, and instead of its date.
    [TestCase("If-Match: \"1\"\r\nIf-None-Match: \"1\"", 304)]
    [TestCase("If-Match: \"2\"\r\nIf-None-Match: \"1\"", 412)]
    [TestCase("If-Match: \"1\"\r\nIf-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT", 200)]
    [TestCase("If-Match: \"2\"\r\nIf-Modified-Since: " + Text, 412)]
    public void Conditions_have_their_order(string sent, int status)
    {
        var headers = Requests.One(Requests.Get("/", sent + "\r\n")).Headers;

        Assert.That(HttpEntityTag.StatusOf(headers, "\"1\"", Time), Is.EqualTo(status));
    }

    [TestCase("bytes=0-4", 206, "bytes 0-4/10")]
    [TestCase("bytes=9-", 206, "bytes 9-9/10")]
    [TestCase("bytes=2-99", 206, "bytes 2-9/10")]
    [TestCase("bytes=2-99999999999999999999", 206, "bytes 2-9/10")]
    [TestCase("bytes=-3", 206, "bytes 7-9/10")]
    [TestCase("bytes=-99", 206, "bytes 0-9/10")]
    [TestCase("Bytes= 1-1 ", 206, "bytes 1-1/10")]
    [TestCase("bytes=10-", 416, "bytes */10")]
    [TestCase("bytes=99999999999999999999-", 416, "bytes */10")]
    [TestCase("bytes=-0", 416, "bytes */10")]
    [TestCase("bytes=4-2", 200, null)]
    [TestCase("bytes=-", 200, null)]
    [TestCase("bytes=", 200, null)]
    [TestCase("bytes=1", 200, null)]
    [TestCase("bytes=a-b", 200, null)]
    [TestCase("bytes=--3", 200, null)]
    [TestCase("bytes=0-1,3-4", 200, null)]
    [TestCase("lines=0-4", 200, null)]
    public void A_range_is_a_part_or_none_or_the_whole(string sent, int status, string? content)
    {
        var range = HttpRange.Of(Requests.One(Requests.Get("/", $"Range: {sent}\r\n")), 10);

        Assert.That(range.Status, Is.EqualTo(status));
        if (content is not null)
            Assert.That(range.ContentRange, Is.EqualTo(content));
        if (status == 200)
            Assert.That((range.Offset, range.Count), Is.EqualTo((0, 10)));
        Assert.That(range.Offset + range.Count, Is.LessThanOrEqualTo(10));
    }

    [TestCase("bytes=0-0")]
    [TestCase("bytes=-1")]
    public void Of_nothing_there_is_no_part(string sent)
    {
        var request = Requests.One(Requests.Get("/", $"Range: {sent}\r\n"));

        Assert.That(HttpRange.Of(request, 0).Status, Is.EqualTo(416));
    }

    [Test]
    public void A_range_is_for_GET_alone()
    {
        var request = Requests.One("HEAD / HTTP/1.1\r\nHost: a\r\nRange: bytes=0-1\r\n\r\n");

        Assert.That(HttpRange.Of(request, 10).Status, Is.EqualTo(200));
    }

    [TestCase("\"1\"", 206)]
    [TestCase("\"2\"", 200)]
    [TestCase("W/\"1\"", 200)]
    [TestCase("Sun, 06 Nov 1994 08:49:37 GMT", 206)]
    [TestCase("Sun, 06 Nov 1994 08:49:38 GMT", 200)]
    [TestCase("nonsense", 200)]
    public void A_part_is_sent_only_of_what_the_client_has(string condition, int status)
    {
        var request = Requests.One(
            Requests.Get("/", $"Range: bytes=0-1\r\nIf-Range: {condition}\r\n"));

        Assert.That(HttpRange.Of(request, 10, "\"1\"", Time).Status, Is.EqualTo(status));
        Assert.That(HttpRange.Of(request, 10).Status, Is.EqualTo(200));
    }
}
