using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using NUnit.Framework;
using Reactor.Testing.Hls;

namespace Reactor.Streaming.Tests.Hls;

/// <summary>A checker that finds nothing proves nothing: faults are planted here.</summary>
[TestFixture]
public sealed class CheckerTests
{
    private const int Packet = 188;

    private static List<byte[]> Segments()
    {
        using var feed = new HlsFeed();
        feed.Avc(0);
        feed.Aac(0);
        feed.Film(0, 6001);
        return [.. feed.Segmenter.Window.Segments.Select(HlsFeed.Bytes)];
    }

    [Test]
    public void Segments_as_they_are_keep_the_rules()
    {
        Assert.That(Read(Segments()), Is.Null);
    }

    //        packet, byte, bits to turn, rule
    [TestCase(0, 0, 0xFF, "sync")]
    [TestCase(0, 10, 0x01, "CRC")]
    [TestCase(1, 20, 0x01, "CRC")]
    [TestCase(1, 187, 0x01, "stuffing")]
    [TestCase(2, 3, 0x04, "counter")]
    [TestCase(2, 1, 0x80, "no error")]
    [TestCase(2, 5, 0x80, "discontinuity only")]
    [TestCase(2, 11, 0x01, "reserved bits")]
    [TestCase(2, 12, 0x01, "start code")]
    [TestCase(2, 15, 0x01, "a stream id")]
    [TestCase(2, 17, 0x01, "bytes, not")]
    [TestCase(2, 18, 0x20, "neither")]
    [TestCase(2, 21, 0x01, "marker")]
    public void A_turned_bit_is_found(int packet, int place, int bits, string rule)
    {
        var segments = Segments();
        segments[0][(packet * Packet) + place] ^= (byte)bits;

        Assert.That(Read(segments), Does.Contain(rule));
    }

    [Test]
    public void A_lost_packet_is_found_wherever_it_is()
    {
        var whole = Segments();
        for (var packet = 0; packet < 100; packet++)
        {
            var segments = whole.ToList();
            segments[1] =
            [
                .. whole[1][..(packet * Packet)], .. whole[1][((packet + 1) * Packet)..],
            ];
            Assert.That(Read(segments), Is.Not.Null, $"{packet}");
        }
    }

    [Test]
    public void A_lost_segment_is_found()
    {
        var segments = Segments();
        segments.RemoveAt(1);

        Assert.That(Read(segments), Does.Contain("counter"));
    }

    [TestCase("#EXTINF:2.000,\na/10.ts", "#EXTINF:2.600,\na/10.ts", "target")]
    [TestCase("a/10.ts", "a/12.ts", "a name of its own|stays")]
    [TestCase("SEQUENCE:9", "SEQUENCE:8", "never falls|stays|segment")]
    [TestCase("TARGETDURATION:2", "TARGETDURATION:1", "target")]
    [TestCase("#EXTINF:2.000,\na/12.ts\n", "", "nothing goes|stays")]
    [TestCase("#EXTINF:2.000,\na/9.ts\n", "", "stays|segment")]
    [TestCase("#EXT-X-DISCONTINUITY\n", "", "stays")]
    [TestCase("#EXTINF:2.000,\na/12.ts\n", "#EXT-X-ENDLIST\n#EXTINF:2.000,\na/12.ts\n", "line")]
    public void A_playlist_that_says_something_else_is_found(string what, string to, string rules)
    {
        const string Text = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n"
            + "#EXT-X-MEDIA-SEQUENCE:9\n#EXTINF:2.000,\na/9.ts\n#EXTINF:2.000,\na/10.ts\n"
            + "#EXT-X-DISCONTINUITY\n#EXTINF:2.000,\na/11.ts\n#EXTINF:2.000,\na/12.ts\n";
        var checker = new PlaylistChecker();
        checker.Read(Text);

        var found = Assert.Throws<TsException>(() => checker.Read(Text.Replace(what, to)));

        Assert.That(rules.Split('|').Any(found!.Message.Contains), found.Message);
    }

    [TestCase("10:00:02.000", true)]
    [TestCase("10:01:00.000", true)]
    [TestCase("10:00:01.999", false)]
    [TestCase("09:59:59.000", false)]
    public void A_date_before_the_end_of_the_segment_before_is_found(string next, bool mayBe)
    {
        const string Head = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n";
        const string Date = "#EXT-X-PROGRAM-DATE-TIME:2026-01-01T";
        var text = $"{Head}{Date}10:00:00.000Z\n#EXTINF:2.000,\na/0.ts\n"
            + $"{Date}{next}Z\n#EXTINF:2.000,\na/1.ts\n";

        Assert.That(
            () => new PlaylistChecker().Read(text),
            mayBe ? Throws.Nothing : Throws.TypeOf<TsException>().With.Message.Contains("dates"));
    }

    /// <summary>RFC 8216 §6.2.2, by the target of the time at which a segment went.</summary>
    //        durations before, gone, durations that came, whether it may be
    [TestCase("2.4 2.4 2.4", 1, "2.4", true)]
    [TestCase("2.4 2.4 2.4", 2, "2.4", false)]
    [TestCase("2.4 2.4 2.4", 1, "4.8", false)]
    [TestCase("2.4 2.4 2.4", 2, "2.4 2.4 4.8", true)]           // before the longer one came
    [TestCase("2.4 2.4 2.4", 3, "2.4 2.4 4.8", false)]          // the third with it
    [TestCase("2.4 2.4 2.4", 3, "2.4 4.8 4.8 4.8", true)]       // after it, when it was time
    [TestCase("2 2 2 2 2 2", 1, "10", false)]                   // enough until it came
    [TestCase("2 2 2 2", 1, "", true)]
    [TestCase("2 2 2 2", 2, "", false)]
    public void A_segment_goes_while_three_targets_remain(
        string before, int gone, string came, bool mayBe)
    {
        string[] listed = before.Split(' ');
        string[] all = [.. listed, .. came.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        var checker = new PlaylistChecker();
        checker.Read(Playlist(listed, 0));

        Assert.That(
            () => checker.Read(Playlist(all, gone)),
            mayBe ? Throws.Nothing : Throws.TypeOf<TsException>()
                .With.Message.Contains("three targets"));
    }

    private static string Playlist(string[] durations, int first)
    {
        var target = durations.Max(each => (int)Math.Round(Seconds(each)));
        var lines = durations.Select((each, at) => $"#EXTINF:{each},\na/{at}.ts\n").Skip(first);
        return $"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:{target}\n"
            + $"#EXT-X-MEDIA-SEQUENCE:{first}\n{string.Concat(lines)}";
    }

    private static decimal Seconds(string text) =>
        decimal.Parse(text, CultureInfo.InvariantCulture);

    /// <returns>The rule that is broken, if any.</returns>
    private static string? Read(List<byte[]> segments)
    {
        var checker = new TsChecker();
        try
        {
            foreach (var segment in segments)
                checker.Read(segment);
            return null;
        }
        catch (TsException broken)
        {
            return broken.Message;
        }
    }
}
