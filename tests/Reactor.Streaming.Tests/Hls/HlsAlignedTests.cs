using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.MpegTs;
using Reactor.Streaming.Hls;
using Reactor.Testing.Hls;

namespace Reactor.Streaming.Tests.Hls;

/// <summary>Two servers have the frames of one encoder: their segments are the same.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class HlsAlignedTests(bool isMp4)
{
    private const int FragmentMs = 2000;

    /// <summary>The number of the slot in which the worlds of <see cref="HlsFeed"/> begin.
    /// </summary>
    private const long FirstSlot = HlsFeed.FirstSequence * 1000 / FragmentMs;

    private readonly HlsSettings _settings = new() { IsMp4 = isMp4, IsAligned = true };

    [Test]
    public void Two_that_begin_together_write_the_same_bytes()
    {
        using var one = new HlsFeed(_settings);
        using var other = new HlsFeed(_settings);
        one.Wait(900);                          // their clocks, or ways, are not quite the same
        one.Twin = other;

        Headers(one);
        one.Film(0, 20_001);

        Assert.That(
            one.Segments.Keys, Is.EqualTo(Enumerable.Range(0, 10).Select(i => FirstSlot + i)));
        ShouldBeSame(one, other, 10);
        Assert.That(other.PlaylistText(), Is.EqualTo(one.PlaylistText()));
        Assert.That(one.UnlikeCount, Is.Zero);
    }

    [TestCase(6000u)]
    [TestCase(6040u)]
    [TestCase(7960u)]
    public void One_that_begins_later_begins_with_a_whole_segment_that_is_the_same(uint joinMs)
    {
        using var one = new HlsFeed(_settings);
        using var other = new HlsFeed(_settings);
        Headers(one);
        one.Film(0, joinMs, gopMs: 500);

        other.Wait((int)joinMs + 700);
        one.Twin = other;
        Headers(one, joinMs);
        Go(one, joinMs, 20_541);

        var first = joinMs == 6000 ? 3 : 4;
        Assert.That(other.Segments.Keys.Min(), Is.EqualTo(FirstSlot + first));
        ShouldBeSame(one, other, 10 - first);
    }

    [TestCase(0, ExpectedResult = 0)]
    [TestCase(999, ExpectedResult = 0)]
    [TestCase(1000, ExpectedResult = 1)]
    [TestCase(1999, ExpectedResult = 1)]
    [TestCase(-1000, ExpectedResult = 0)]
    [TestCase(-1001, ExpectedResult = -1)]
    public long The_first_number_is_the_nearest_to_the_wall_clock(int offMs)
    {
        using var feed = new HlsFeed(_settings);
        feed.Wait(offMs);

        Headers(feed, 5000);
        feed.Film(6000, 8001);

        return feed.Segments.Keys.First() - FirstSlot;
    }

    [Test]
    public void Times_and_dates_are_those_of_the_publisher_s_clock()
    {
        using var feed = new HlsFeed(_settings);
        feed.Wait(600_040);

        Headers(feed, 600_000);
        feed.Film(600_000, 604_001);

        const long startMs = (HlsFeed.FirstSequence * 1000) + 600_000;
        Assert.That(
            feed.Playlist.Segments[0].Date,
            Is.EqualTo(DateTimeOffset.FromUnixTimeMilliseconds(startMs)));
        if (isMp4)
            Assert.That(feed.Mp4.Pictures.First().TimeMs, Is.EqualTo(startMs));
        else
            Assert.That(feed.Pictures.First().Dts, Is.EqualTo(startMs * 90 % (1L << 33)));
    }

    [Test]
    public void A_keyframe_that_is_a_little_early_or_late_begins_its_slot()
    {
        using var feed = new HlsFeed(_settings);
        Headers(feed);
        uint[] keys = [0, 2000, 3999, 6003, 7997, 10_000];
        foreach (var (key, next) in keys.Zip(keys.Skip(1)))
            feed.Film(key, next, gopMs: 10_000, hasAudio: false);
        feed.Key(10_000);

        Assert.That(
            feed.Segments.Keys, Is.EqualTo(Enumerable.Range(0, 5).Select(i => FirstSlot + i)));
        Assert.That(feed.UnlikeCount, Is.Zero);
    }

    [Test]
    public void Where_a_slot_has_no_keyframe_numbers_go_on_and_catch_up_in_the_end()
    {
        using var feed = new HlsFeed(_settings);
        Headers(feed);
        feed.Film(0, 4000, 2000);
        feed.Film(4000, 8000, 4000);            // one that had to be 4 s long
        feed.Film(8000, 20_001, 2000);

        Assert.That(
            feed.Segments.Keys.Select(key => key - FirstSlot),
            Is.EqualTo(new long[] { 0, 1, 2, 3, 4, 5, 6, 7, 8 }), "it lists too few to leap");
        Assert.That(feed.UnlikeCount, Is.EqualTo(1));

        feed.Film(20_000, 24_000, 4000);
        feed.Film(24_000, 40_001, 2000);

        Assert.That(
            feed.Segments.Keys.Select(key => key - FirstSlot).Skip(9),
            Is.EqualTo(new long[] { 9, 12, 13, 14, 15, 16, 17, 18, 19 }), "behind regular ones");
        Assert.That(feed.Playlist.Segments[0].Sequence, Is.GreaterThanOrEqualTo(FirstSlot + 12));
    }

    [Test]
    public void Keyframes_that_never_fit_make_a_playlist_without_leaps()
    {
        using var feed = new HlsFeed(_settings);
        Headers(feed);
        feed.Film(0, 90_001, 3000);

        var numbers = feed.Segments.Keys.ToList();
        Assert.That(numbers, Is.EqualTo(Enumerable.Range(0, 30).Select(i => FirstSlot + i)));
        Assert.That(feed.UnlikeCount, Is.EqualTo(1));
    }

    [Test]
    public void Behind_a_pause_numbers_are_those_of_the_time_and_what_was_listed_stays()
    {
        using var feed = new HlsFeed(_settings);
        Headers(feed);
        feed.Film(0, 6001, 2000);
        var last = feed.Segments.Keys.Max();

        feed.Wait(30_000);
        feed.Republish();
        Headers(feed);
        feed.Film(0, 4001, 2000);

        Assert.That(
            feed.Segments.Keys.Select(key => key - FirstSlot),
            Is.EqualTo(new long[] { 0, 1, 2, 3, 15, 16 }));
        Assert.That(feed.Playlist.Segments, Has.Count.EqualTo(2));
        Assert.That(feed.Segmenter.Window.Find(last), Is.Not.Null, "whoever asks still gets it");
        Assert.That(feed.Segmenter.Window.Find(last + 3), Is.Null);
    }

    [TestCase(-3_600_000)]
    [TestCase(4000)]
    [TestCase(7900)]
    public void Numbers_and_times_never_return_whatever_the_wall_clock_does(int stepMs)
    {
        using var feed = new HlsFeed(_settings);
        Headers(feed);
        feed.Film(0, 6001, 2000);

        feed.Wait(stepMs);
        feed.Republish();
        Headers(feed);
        feed.Film(0, 10_001, 2000);

        Assert.That(feed.Segments.Keys, Is.Ordered);        // twice the same would have thrown
        Assert.That(feed.Segments, Has.Count.EqualTo(9));
        Assert.That(feed.Playlist.All.Select(segment => segment.Date), Is.Ordered);
    }

    /// <remarks>Seed 70000373: it waited for its number for longer than a segment may be.</remarks>
    [Test]
    public void However_long_a_number_is_waited_for_the_segment_begins_with_a_keyframe()
    {
        using var feed = new HlsFeed(_settings with { FragmentMaxMs = 3000 });
        Headers(feed);
        feed.Film(0, 500, 500);
        feed.Avc(500, HlsFeed.OtherAvcC);       // three segments in one slot, so numbers are ahead
        feed.Film(500, 1000, 500);
        feed.Avc(1000);
        feed.Film(1000, 1500, 500);

        feed.Wait(2000);
        feed.Republish();
        Headers(feed);
        feed.Film(700, 8801, 1000);

        Assert.That(
            feed.Segments.Keys.Select(key => key - FirstSlot),
            Is.EqualTo(new long[] { 0, 1, 2, 3, 4 }));
        Assert.That(
            feed.Playlist.All.Skip(3).Select(segment => segment.Date!.Value.Millisecond),
            Is.All.EqualTo(700), "where keyframes are");
    }

    [Test]
    public void Sound_alone_is_cut_by_the_same_clock()
    {
        using var one = new HlsFeed(_settings);
        using var other = new HlsFeed(_settings);
        one.Aac(0);
        one.Film(0, 5000, hasVideo: false);
        other.Wait(5000);
        one.Twin = other;
        one.Aac(5000);
        one.Film(5000, 20_001, hasVideo: false);

        Assert.That(other.Segments.Keys.Min(), Is.EqualTo(FirstSlot + 3));
        ShouldBeSame(one, other, 7);
    }

    [Test]
    public void Other_headers_have_another_init_and_the_same_ones_the_same()
    {
        using var feed = new HlsFeed(_settings);
        Headers(feed);
        feed.Film(0, 4000, 2000);
        feed.Avc(4000, HlsFeed.OtherAvcC);
        feed.Film(4000, 8000, 2000);
        feed.Avc(8000);
        feed.Film(8000, 12_001, 2000);

        var inits = feed.Segmenter.Window.Segments.Select(each => each.Init?.Sequence).ToList();
        Assert.That(feed.Discontinuities, Has.Count.EqualTo(2));
        Assert.That(inits[0] is not null, Is.EqualTo(isMp4));
        if (!isMp4)
            return;
        Assert.That(inits, Is.EqualTo(
            new[] { inits[0], inits[0], inits[2], inits[2], inits[0], inits[0] }));
        Assert.That(inits[2], Is.Not.EqualTo(inits[0]));
    }

    [Test]
    public void Each_segment_says_of_itself_that_it_counts_anew()
    {
        if (isMp4)
            return;
        using var alone = new HlsFeed(_settings);
        using var plain = new HlsFeed();
        alone.Twin = plain;
        Headers(alone);
        alone.Film(0, 10_001);

        Assert.That(alone.Segments, Has.Count.EqualTo(5));
        Assert.That(
            alone.Segments.Values.Sum(bytes => (long)bytes.Length),
            Is.EqualTo(plain.Segments.Values.Sum(bytes => (long)bytes.Length)).Within(2).Percent);
        Assert.That(
            () => Read(alone, areAlone: false), Throws.TypeOf<TsException>());
        Assert.That(
            () => Read(plain, areAlone: true), Throws.TypeOf<TsException>());
    }

    [Test]
    public void Each_program_has_a_version_of_its_own()
    {
        byte[] videos = [0, TsProgram.Avc, TsProgram.Hevc];
        byte[] audios = [0, TsProgram.Aac, TsProgram.Mpeg1Audio, TsProgram.Mpeg2Audio];
        var numbers = videos.SelectMany(
            video => audios.Select(audio => new TsProgram(video, audio).Number)).ToList();

        Assert.That(numbers, Is.Unique.And.All.InRange(0, 31));
    }

    private static void Read(HlsFeed feed, bool areAlone)
    {
        var checker = new TsChecker { AreAlone = areAlone };
        foreach (var bytes in feed.Segments.Values)
            checker.Read(bytes);
    }

    private static void Headers(HlsFeed feed, uint time = 0)
    {
        feed.Avc(time);
        feed.Aac(time);
    }

    /// <summary>Goes on with a film of keyframes each half second.</summary>
    private static void Go(HlsFeed feed, uint fromMs, uint toMs)
    {
        var key = (fromMs + 499) / 500 * 500;
        for (var time = fromMs; time < key; time += 40)
            feed.Inter(time);
        feed.Film(key, toMs, gopMs: 500);
    }

    private static void ShouldBeSame(HlsFeed one, HlsFeed other, int count)
    {
        Assert.That(other.Segments, Has.Count.EqualTo(count));
        foreach (var (number, bytes) in other.Segments)
            Assert.That(one.Segments[number].AsSpan().SequenceEqual(bytes), $"{number}");
    }
}
