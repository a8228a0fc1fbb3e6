using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Streaming.Hls;
using Reactor.Testing.Hls;

namespace Reactor.Streaming.Tests.Hls;

/// <summary>Segments in parts (RFC 8216bis); the feed's checker reads each playlist.</summary>
[TestFixture]
public sealed class HlsPartsTests
{
    //        frames a second, parts, target, parts of 2 s, shortest but the last
    [TestCase(25.0, 200, 200, 10, 200)]
    [TestCase(24.0, 200, 210, 10, 208)]
    [TestCase(30.0, 200, 204, 10, 200)]
    [TestCase(50.0, 200, 200, 10, 200)]
    [TestCase(60.0, 333, 340, 6, 333)]
    [TestCase(5.0, 100, 200, 10, 200)]
    [TestCase(25.0, 1000, 1000, 2, 1000)]
    public void A_part_is_of_whole_frames_and_its_target_is_told(
        double rate, int partMs, int targetMs, int count, int shortestMs)
    {
        using var feed = Started(partMs);

        for (var i = 0; i < 12 * rate; i++)
            Show(feed, (uint)(i * 1000 / rate), i % (int)(2 * rate) == 0);

        Assert.That(feed.Segmenter.Window.PartTargetMs, Is.EqualTo(targetMs).Within(1));
        foreach (var segment in feed.Segmenter.Window.Segments)
        {
            Assert.That(segment.Parts, Has.Count.EqualTo(count));
            Assert.That(
                segment.Parts.SkipLast(1).Select(part => part.DurationMs),
                Is.All.InRange(shortestMs, targetMs));
            Assert.That(
                segment.Parts.Sum(part => part.DurationMs), Is.EqualTo(segment.DurationMs));
        }
    }

    /// <summary>What a stream has cached comes in one go to whoever asks first.</summary>
    [Test]
    public void The_first_segment_has_parts_and_the_first_playlist_leads_on()
    {
        using var feed = Started(200);
        var window = feed.Segmenter.Window;

        for (var i = 0u; i < 16; i++)
            Show(feed, i * 40, i == 0);
        Assert.That(window.UnderWay, Is.Null, "its frames are measured");
        Show(feed, 640, isKeyframe: false);
        Assert.That(window.PartTargetMs, Is.EqualTo(200));
        Assert.That(window.UnderWay!.Parts, Has.Count.EqualTo(3));
        for (var i = 17u; i < 51; i++)
            Show(feed, i * 40, i == 50);

        var segment = window.Segments.Single();
        Assert.That(
            segment.Parts.Select(part => (part.DurationMs, part.IsIndependent)),
            Is.EqualTo(Enumerable.Range(0, 10).Select(i => (200L, i == 0))));
        feed.Playlist.Read(feed.PlaylistText());
        Assert.That(feed.Playlist.Parts.Listed, Has.Count.EqualTo(10));
        Assert.That(feed.Playlist.Parts.Hint, Is.EqualTo($"a/{window.NextSequence}.0.ts"));
    }

    /// <summary>Too few to measure come in <see cref="HlsSettings.TrackWaitMs"/>.</summary>
    [Test]
    public void A_stream_of_few_frames_has_parts_from_its_second_segment_on()
    {
        using var feed = Started(200);
        for (var i = 0u; i < 40; i++)
            Show(feed, i * 400, i % 10 == 0);

        var segments = feed.Segmenter.Window.Segments;
        Assert.That(segments[0].Parts, Is.Empty);
        Assert.That(segments.Skip(1).Select(each => each.Parts.Count), Is.All.EqualTo(10));
    }

    [Test]
    public void Sound_that_joins_late_costs_no_segment_its_parts()
    {
        using var feed = new HlsFeed(new HlsSettings { PartMs = 200 });
        feed.Avc(0);
        feed.Film(0, 6000, gopMs: 2000, hasAudio: false);
        feed.Aac(6000);
        feed.Film(6000, 12_001, gopMs: 2000);

        Assert.That(feed.Discontinuities, Is.EqualTo(new[] { 4 }));
        Assert.That(
            feed.Segmenter.Window.Segments.Select(each => each.Parts.Count),
            Is.All.EqualTo(10));
    }

    [Test]
    public void Parts_are_no_shorter_than_they_may_be_however_frames_come([Range(1, 8)] int seed)
    {
        var random = new Random(seed);
        using var feed = Started(200);
        var (time, key) = (0u, 0u);
        while (time < 60_000)
        {
            var isKey = time >= key;
            key = isKey ? time + 2000 : key;
            Show(feed, time, isKey);
            time += (uint)random.Next(20, 60);
        }

        var parts = feed.Segmenter.Window.Segments.SelectMany(each => each.Parts.SkipLast(1));
        var target = feed.Segmenter.Window.PartTargetMs;
        Assert.That(target, Is.InRange(200, 400));
        Assert.That(
            parts.Select(part => part.DurationMs), Is.All.InRange(0.85 * target, target));
    }

    [Test]
    public void A_frame_that_was_dropped_makes_no_part_longer_than_is_told()
    {
        using var feed = Started(200);
        for (var i = 0; i < 300; i++)
        {
            if (i % 50 == 0 || i % 17 != 4)
                Show(feed, (uint)i * 40, i % 50 == 0);
        }

        Assert.That(feed.Playlist.Parts.Target, Is.EqualTo(0.2m));
        Assert.That(feed.Segmenter.Window.Segments[^1].DurationMs, Is.EqualTo(2000));
    }

    [Test]
    public void The_bytes_of_a_segment_are_those_of_its_parts()
    {
        using var feed = Started(200);
        feed.Film(0, 20_001, gopMs: 1000);

        foreach (var segment in feed.Segmenter.Window.Segments)
        {
            Assert.That(
                segment.Parts.SelectMany(part => part.Packets), Is.EqualTo(segment.Packets));
            Assert.That(segment.Parts.Sum(part => part.Bytes), Is.EqualTo(segment.Bytes));
        }
    }

    /// <summary>A keyframe every second, segments of two: parts 0 and 5 begin with one.</summary>
    [Test]
    public void A_part_is_independent_where_it_begins_with_a_keyframe()
    {
        using var feed = Started(200);
        feed.Film(0, 20_001, gopMs: 1000);

        foreach (var segment in feed.Segmenter.Window.Segments)
        {
            Assert.That(
                segment.Parts.Select(part => part.IsIndependent),
                Is.EqualTo(Enumerable.Range(0, 10).Select(i => i % 5 == 0)));
        }
    }

    [Test]
    public void Sound_alone_comes_in_parts_too()
    {
        using var feed = new HlsFeed(new HlsSettings { PartMs = 200 });
        feed.Aac(0);
        feed.Film(0, 30_000, hasVideo: false);

        var parts = feed.Segmenter.Window.Segments[^1].Parts;
        Assert.That(parts.Count, Is.InRange(18, 20));
        Assert.That(parts.Select(part => part.IsIndependent), Is.All.True);
    }

    [Test]
    public void The_playlist_lists_what_there_is_of_the_next_segment_and_hints_at_more()
    {
        using var feed = Started(200);
        feed.Film(0, 8481);

        var next = feed.Segmenter.Window.NextSequence;
        feed.Playlist.Read(feed.PlaylistText());
        var listed = feed.Playlist.Parts.Listed.Where(part => part.Sequence == next).ToList();
        Assert.That(listed.Select(part => part.Uri), Is.EqualTo(
            new[] { $"a/{next}.0.ts", $"a/{next}.1.ts" }));
        Assert.That(feed.Playlist.Parts.Hint, Is.EqualTo($"a/{next}.2.ts"));
        Assert.That(feed.Playlist.Parts.HoldBack, Is.EqualTo(0.6m));
    }

    /// <summary>
    /// After each frame: whoever reads them all, and whoever reads deltas, sees the same.
    /// </summary>
    [Test]
    public void A_delta_says_what_the_whole_says([Range(1, 4)] int seed)
    {
        var random = new Random(seed);
        using var feed = Started(200, window: 20);
        var delta = new PlaylistChecker();
        var skipped = 0;
        for (var i = 0; i < 2500; i++)
        {
            if (i % 800 == 799)
            {
                feed.Republish();
                feed.Avc(0);
                feed.Aac(0);
            }
            Show(feed, (uint)i * 40, i % 25 == 0);
            if (feed.Segmenter.Window.Listed == 0)
                continue;
            feed.Playlist.Read(feed.PlaylistText());
            if (random.Next(20) > 0)
                continue;
            delta.Read(feed.PlaylistText(isDelta: delta.Segments.Count > 0));
            skipped += delta.Parts.Skipped;
            Assert.That(delta.Segments, Is.EqualTo(feed.Playlist.Segments));
            Assert.That(delta.Parts.Listed, Is.EqualTo(feed.Playlist.Parts.Listed));
        }
        Assert.That(skipped, Is.GreaterThan(100));
    }

    [Test]
    public void A_playlist_that_is_short_leaves_nothing_out()
    {
        using var feed = Started(200);
        feed.Film(0, 30_001);

        Assert.That(feed.PlaylistText(isDelta: true), Is.EqualTo(feed.PlaylistText()));
    }

    /// <summary>What is not complete may be longer than what is never left out (seed 61004317).
    /// </summary>
    [Test]
    public void A_delta_may_leave_out_all_that_is_complete()
    {
        using var feed = Started(200, fragmentMs: 1000);
        feed.Film(0, 3001);
        for (var time = 3040u; time < 9600; time += 40)
            Show(feed, time, isKeyframe: false);
        feed.Playlist.Read(feed.PlaylistText());
        var whole = feed.Playlist.Segments;

        feed.Playlist.Read(feed.PlaylistText(isDelta: true));

        Assert.That(feed.Playlist.Parts.Skipped, Is.EqualTo(whole.Count));
        Assert.That(feed.Playlist.Segments, Is.EqualTo(whole));
    }

    //        segment and part beyond the newest complete one, whether the playlist is there
    [TestCase(0, null, true)]
    [TestCase(1, null, false)]
    [TestCase(1, 1, true)]
    [TestCase(1, 2, false)]
    [TestCase(0, 9, true)]
    [TestCase(0, 10, true)]                     // stands for the first part of the next
    [TestCase(2, 0, false)]
    [TestCase(-30, 99, true)]
    public void A_playlist_reaches_as_far_as_it_lists(int ahead, int? part, bool isThere)
    {
        using var feed = Started(200);
        feed.Film(0, 8441);

        var window = feed.Segmenter.Window;
        Assert.That(window.Reaches(window.NextSequence - 1 + ahead, part), Is.EqualTo(isThere));
    }

    [Test]
    public void Where_the_stream_ends_nothing_more_is_waited_for()
    {
        using var feed = Started(200);
        feed.Film(0, 8441);
        var window = feed.Segmenter.Window;
        var next = window.NextSequence;
        Assert.That(window.IsNext(next, 2), Is.True);

        feed.Stream.EndPublish(0);
        feed.Segmenter.End();

        Assert.That(window.Reaches(next + 5, null), Is.True);
        Assert.That(window.IsNext(next + 1, 0), Is.False);
        Assert.That(feed.PlaylistText(), Does.EndWith("ENDLIST\n").And.Not.Contain("HINT"));
        feed.Playlist.Read(feed.PlaylistText());
    }

    private static void Show(HlsFeed feed, uint time, bool isKeyframe)
    {
        if (isKeyframe)
            feed.Key(time);
        else
            feed.Inter(time);
        feed.Sound(time);
    }

    private static HlsFeed Started(int partMs, int window = 6, int fragmentMs = 2000)
    {
        var feed = new HlsFeed(new HlsSettings
        {
            PartMs = partMs,
            Window = window,
            FragmentMs = fragmentMs,
        });
        feed.Avc(0);
        feed.Aac(0);
        return feed;
    }
}
