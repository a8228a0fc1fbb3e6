using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Rtmp;

namespace Reactor.Streaming.Tests.Hls;

[TestFixture]
public sealed class HlsSegmenterTests
{
    [TestCase(1000u, 2000)]
    [TestCase(2000u, 2000)]
    [TestCase(720u, 2160)]
    [TestCase(4160u, 4160)]
    [TestCase(8000u, 8000)]
    public void Segments_end_at_the_first_keyframe_after_the_fragment(uint gop, int duration)
    {
        using var feed = Started();

        feed.Film(0, 40_001, gop);

        Assert.That(feed.Durations, Is.Not.Empty);
        Assert.That(feed.Durations, Is.All.EqualTo(duration));
        Assert.That(feed.Playlist.TargetChanges, Is.Zero);
        Assert.That(feed.Discontinuities, Is.Empty);
        Assert.That(FirstPictures(feed), Is.All.True);
    }

    [Test]
    public void Where_no_keyframe_comes_a_segment_ends_all_the_same()
    {
        using var feed = Started();

        feed.Film(0, 35_000, gopMs: 1_000_000);

        Assert.That(feed.Durations, Has.Count.EqualTo(3).And.All.InRange(10_000, 10_040));
        Assert.That(FirstPictures(feed), Is.EqualTo(new[] { true, false, false }));
        Assert.That(feed.Discontinuities, Is.Empty);
    }

    [Test]
    public void Every_frame_comes_once_and_with_its_own_time()
    {
        using var feed = Started();

        feed.Film(0, 20_001, 2000);
        feed.Stream.EndPublish(0);

        var start = feed.Pictures.First().Pts;
        Assert.That(
            feed.Pictures.Select(frame => (frame.Pts - start) / 90),
            Is.EqualTo(Enumerable.Range(0, 501).Select(i => i * 40)));
        var sounds = feed.Sounds.ToList();
        Assert.That(
            sounds.Sum(frame => AdtsFrames(frame.Bytes)), Is.EqualTo((20_040 * 441 / 10_240) + 1));
        Assert.That(sounds.Select(frame => frame.Pts), Is.Ordered);
        foreach (var (one, next) in sounds.Zip(sounds.Skip(1)))
        {
            var ticks = AdtsFrames(one.Bytes) * 1024 * 90_000 / 44_100;
            Assert.That(next.Pts - one.Pts, Is.EqualTo(ticks).Within(1), "counted in samples");
        }
    }

    [Test]
    public void Sound_alone_is_cut_by_its_own_fragment()
    {
        using var feed = new HlsFeed();
        feed.Aac(0);

        feed.Film(0, 20_000, hasVideo: false);

        Assert.That(feed.Durations, Has.Count.EqualTo(4).And.All.InRange(4000, 4023));
        Assert.That(feed.Pictures, Is.Empty);
        Assert.That(feed.Discontinuities, Is.Empty);
    }

    [Test]
    public void Pictures_alone_have_no_sound_in_their_program()
    {
        using var feed = new HlsFeed();
        feed.Avc(0);

        feed.Film(0, 20_001, hasAudio: false);

        Assert.That(feed.Durations, Has.Count.EqualTo(10).And.All.EqualTo(2000));
        Assert.That(feed.Sounds, Is.Empty);
        Assert.That(feed.Ts.ClockPackets, Is.Zero);
    }

    [TestCase(1900u, 0)]
    [TestCase(2500u, 1)]
    public void A_late_track_is_waited_for_but_not_long(uint delay, int discontinuities)
    {
        using var feed = new HlsFeed();         // Q47: audio long before video
        feed.Aac(0);
        feed.Film(0, delay, hasVideo: false);

        feed.Avc(delay);
        feed.Film(delay, delay + 10_000);

        Assert.That(feed.Discontinuities.Count, Is.EqualTo(discontinuities));
        Assert.That(feed.Pictures, Is.Not.Empty);
        Assert.That(feed.Sounds, Is.Not.Empty);
    }

    [Test]
    public void A_track_that_falls_silent_leaves_the_program_and_may_return()
    {
        using var feed = Started();
        feed.Film(0, 6000);
        feed.Film(6000, 30_000, hasVideo: false);
        feed.Film(30_000, 40_000);

        Assert.That(feed.Discontinuities.Count, Is.EqualTo(2));
        Assert.That(feed.Pictures.Count(), Is.InRange(300, 400));
    }

    [Test]
    public void A_publisher_that_returns_makes_one_discontinuity()
    {
        using var feed = Started();
        feed.Film(0, 5000);
        var before = feed.Segmenter.Window.NextSequence;

        feed.Republish();
        feed.Avc(0);
        feed.Aac(0);
        feed.Film(0, 8001);

        Assert.That(before, Is.EqualTo(HlsFeed.FirstSequence + 2));
        Assert.That(feed.Durations, Is.EqualTo(new[] { 2000, 2000, 1000, 2000, 2000, 2000, 2000 }));
        Assert.That(feed.Discontinuities, Is.EqualTo(new[] { 3 }));
    }

    [Test]
    public void A_publisher_that_comes_and_goes_without_a_frame_makes_none()
    {
        using var feed = Started();
        feed.Film(0, 5000);
        for (var i = 0; i < 5; i++)
            feed.Republish();
        feed.Avc(0);
        feed.Aac(0);
        feed.Film(0, 4001);

        Assert.That(feed.Discontinuities, Is.EqualTo(new[] { 3 }));
    }

    [Test]
    public void Headers_that_change_begin_a_segment_and_those_repeated_do_not()
    {
        using var feed = Started();
        feed.Film(0, 5000);
        feed.Avc(5000);
        feed.Aac(5000);
        feed.Send(MessageType.Video, 5000, 0x17, 0, 0, 0, 0);       // Q48: empty ones
        feed.Send(MessageType.Audio, 5000, 0xAF, 0);
        feed.Send(MessageType.Video, 4000, 0x17, 2, 0, 0, 0);       // Q51
        feed.Film(5000, 8000);
        Assert.That(feed.Discontinuities, Is.Empty);

        feed.Avc(8000, HlsFeed.OtherAvcC);
        feed.Film(8000, 12_001);

        Assert.That(feed.Discontinuities.Count, Is.EqualTo(1));
        Assert.That(feed.Durations[^1], Is.EqualTo(2000));
    }

    [Test]
    public void Another_sound_waits_for_the_next_keyframe()
    {
        using var feed = Started();
        feed.Film(0, 4400);
        feed.Aac(4400, "1190");
        feed.Film(4400, 5000, 1_000_000, hasVideo: false);
        feed.Film(5000, 12_001);

        Assert.That(feed.Discontinuities.Count, Is.EqualTo(1));
        Assert.That(FirstPictures(feed), Is.All.True);
    }

    [Test]
    public void A_leap_of_the_clock_makes_one_discontinuity()
    {
        using var feed = Started();
        feed.Film(0, 5000);
        feed.Wait(60_000);
        feed.Film(65_000, 71_000);              // an encoder that was paused

        Assert.That(feed.Discontinuities.Count, Is.EqualTo(1));
        Assert.That(feed.Durations, Is.All.LessThanOrEqualTo(2000));
    }

    [Test]
    public void A_short_gap_makes_none()
    {
        using var feed = Started();
        feed.Film(0, 5000);
        feed.Film(8000, 14_000);

        Assert.That(feed.Discontinuities, Is.Empty);
    }

    [TestCase(0x1D, "AV1")]
    [TestCase(0x14, "VP6")]
    public void A_video_codec_that_ts_does_not_carry_is_said_once_and_sound_remains(
        int head, string codec)
    {
        using var feed = new HlsFeed();
        feed.Aac(0);
        for (uint time = 0; time < 10_000; time += 23)
        {
            feed.Send(MessageType.Video, time, (byte)head, 1, 0, 0, 0, 7);
            feed.Sound(time);
        }

        Assert.That(feed.Refused, Is.EqualTo(new[] { codec }));     // Q56
        Assert.That(feed.Segmenter.RefusedOf(FrameKind.Video), Is.EqualTo(codec));
        Assert.That(feed.Durations[0], Is.InRange(4000, 4023));
        Assert.That(feed.Pictures, Is.Empty);
    }

    [TestCase("B0 01", "Speex")]
    [TestCase("D1 01 02", "Opus")]
    [TestCase("AF 00 F8E620", "AAC object type 39")]
    public void A_sound_codec_that_ts_does_not_carry_is_said_once_and_pictures_remain(
        string hex, string codec)
    {
        using var feed = new HlsFeed();
        feed.Avc(0);
        feed.Send(MessageType.Audio, 0, Convert.FromHexString(hex.Replace(" ", "")));
        feed.Film(0, 8001, hasAudio: false);
        feed.Send(MessageType.Audio, 0, Convert.FromHexString(hex.Replace(" ", "")));

        Assert.That(feed.Refused, Is.EqualTo(new[] { codec }));
        Assert.That(feed.Durations, Has.Count.EqualTo(4).And.All.EqualTo(2000));
        Assert.That(feed.Pictures.First().Segment, Is.Zero, "no wait for what cannot come");
    }

    [Test]
    public void Nothing_that_can_be_carried_makes_no_playlist_and_holds_nothing()
    {
        using var feed = new HlsFeed();
        for (uint time = 0; time < 30_000; time += 20)
        {
            feed.Send(MessageType.Video, time, 0x1D, 1, 0, 0, 0, 7);
            feed.Send(MessageType.Audio, time, 0xB0, 1);
        }

        Assert.That(feed.Segmenter.Window.Playlist(), Is.Null);
        Assert.That(feed.Pool.Outstanding, Is.Zero);
        Assert.That(feed.Refused, Has.Count.EqualTo(2));
    }

    [Test]
    public void The_playlist_ends_at_the_end_and_a_later_publisher_begins_a_new_one()
    {
        using var feed = Started();
        feed.Film(0, 5000);
        feed.Stream.EndPublish(0);
        Assert.That(feed.PlaylistText(), Does.Not.Contain("ENDLIST"));

        feed.Segmenter.End();
        Assert.That(feed.PlaylistText(), Does.EndWith("#EXT-X-ENDLIST\n"));
        feed.Playlist.Read(feed.PlaylistText());
        Assert.That(feed.Durations.Sum(), Is.EqualTo(5000));

        feed.Segmenter.SegmentReady = null;
        feed.Stream.BeginPublish(feed, 0);
        feed.Avc(0);
        feed.Aac(0);
        feed.Film(0, 4001);
        Assert.That(feed.PlaylistText(), Does.Not.Contain("ENDLIST"));
        var window = feed.Segmenter.Window;
        Assert.That(window.Segments[^window.Listed].Sequence,
            Is.EqualTo(HlsFeed.FirstSequence + 3));
    }

    [Test]
    public void Who_is_behind_the_end_can_fetch_it_when_another_publisher_has_come()
    {
        using var feed = Started();
        feed.Film(0, 5000);
        feed.Segmenter.End();
        feed.Segmenter.SegmentReady = null;
        var window = feed.Segmenter.Window;
        long[] named = [.. window.Segments.Select(segment => segment.Sequence)];

        feed.Segmenter.Begin();
        Assert.That(window.Playlist(), Is.Null, "until there is a segment of the new one");
        Assert.That(named.Select(sequence => window.Find(sequence)), Has.None.Null);
        feed.Avc(0);
        feed.Aac(0);
        feed.Film(0, 4001);
        Assert.That(named.Select(sequence => window.Find(sequence)), Has.None.Null);

        feed.Film(4001, 60_000);
        Assert.That(
            named.Select(sequence => window.Find(sequence)), Is.All.Null, "they go as others do");
    }

    [Test]
    public void Dates_follow_the_wall_clock()
    {
        using var feed = Started();
        for (uint time = 0; time < 20_000; time += 1000)
        {
            feed.Film(time, time + 1000);
            feed.Wait(1000);
        }

        var dates = feed.Playlist.All.Select(segment => segment.Date!.Value).ToList();
        Assert.That(dates[0], Is.EqualTo(DateTimeOffset.UnixEpoch.AddSeconds(HlsFeed.FirstSequence))
            .Within(TimeSpan.FromMilliseconds(1100)));
        foreach (var (one, next) in dates.Zip(dates.Skip(1)))
            Assert.That(next - one, Is.EqualTo(TimeSpan.FromSeconds(2)));
    }

    [Test]
    public void Overhead_is_small_for_sound_of_64_kbits()
    {
        using var feed = new HlsFeed();
        feed.Aac(0);
        feed.Film(0, 60_000, hasVideo: false);
        feed.Stream.EndPublish(0);

        Assert.That(feed.Ts.Bytes, Is.LessThan(feed.BytesIn * 1.35));
    }

    private static HlsFeed Started()
    {
        var feed = new HlsFeed();
        feed.Avc(0);
        feed.Aac(0);
        return feed;
    }

    /// <summary>For each segment, whether its first picture is a keyframe.</summary>
    private static IEnumerable<bool> FirstPictures(HlsFeed feed) =>
        feed.Pictures.GroupBy(frame => frame.Segment).Select(each => each.First().IsRandomAccess);

    private static int AdtsFrames(byte[] bytes)
    {
        var count = 0;
        for (var at = 0; at < bytes.Length; count++)
            at += ((bytes[at + 3] & 3) << 11) | (bytes[at + 4] << 3) | (bytes[at + 5] >> 5);
        return count;
    }

    /// <summary>Seed 81: the held keyframe was given the parameter sets of the next one.</summary>
    [Test]
    public void A_frame_that_is_held_at_the_start_never_gets_a_later_configuration()
    {
        using var feed = new HlsFeed();
        feed.Avc(0);
        feed.Key(0);
        feed.Inter(40);
        feed.Avc(1000, HlsFeed.OtherAvcC);      // while sound is still waited for
        feed.Film(1000, 6000, hasAudio: false);
        feed.Republish();

        var first = feed.Pictures.First();
        Assert.That(first.Pts, Is.GreaterThanOrEqualTo(1000 * 90));
        Assert.That(feed.Pictures.Count(), Is.EqualTo(5 * 25));
    }
}
