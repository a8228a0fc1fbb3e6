using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;

namespace Reactor.Streaming.Tests;

[TestFixture]
public sealed class TimeLineTests
{
    private const uint HourMs = 3_600_000;
    private const FrameKind Audio = FrameKind.Audio;
    private const FrameKind Video = FrameKind.Video;

    [Test]
    public void The_clock_goes_on_over_a_wrap_of_32_and_of_31_bits(
        [Values(0u, 0x8000_0000u)] uint wrap)
    {
        var source = Enumerable.Range(-10, 20).Select(i => wrap + (uint)(i * 40));
        if (wrap != 0)
            source = source.Select(time => time & 0x7FFF_FFFF);     // ffmpeg's (Q59)

        var times = Run(source.Select(time => (Video, time)));

        Assert.That(Steps(times), Is.All.EqualTo(40));
    }

    [Test]
    public void The_earliest_of_the_first_frames_tells_when_a_clock_began()
    {
        var time = new TimeLine();
        time.Begin();
        Assert.That(time.IsSettled(0), Is.False);

        time.Advance(Video, 5000, nowMs: 9000);         // it had waited for a second
        time.Advance(Video, 5960, nowMs: 9002);
        time.Advance(Audio, 6000, nowMs: 9005);
        time.Advance(Video, 6040, nowMs: 9499);
        Assert.That((time.EpochMs, time.IsSettled(9499)), Is.EqualTo((3005, false)));
        time.Advance(Video, 6600, nowMs: 9500);

        Assert.That((time.EpochMs, time.IsSettled(9500)), Is.EqualTo((3005, true)));
        Assert.That(time.SourceOffsetMs, Is.EqualTo(10_000 - 5000));
    }

    [Test]
    public void Tracks_that_wrap_one_after_the_other_keep_together([Values(31, 32)] int bits)
    {
        var mask = (uint)((1L << bits) - 1);
        var sent = new List<(FrameKind, uint)>();
        for (var i = -20; i < 20; i++)
        {
            sent.Add((Audio, (uint)(i * 23) & mask));
            sent.Add((Video, (uint)((i * 23) - 150) & mask));
        }

        var times = Run(sent);

        for (var i = 0; i < times.Count; i += 2)
            Assert.That(times[i] - times[i + 1], Is.EqualTo(150));
    }

    [Test]
    public void A_clock_past_2_to_the_31_counts_on_as_32_bits()
    {
        var times = Run(
            Enumerable.Range(-5, 10).Select(i => (Audio, 0x8000_0000u + (uint)(i * 23))));

        Assert.That(Steps(times), Is.All.EqualTo(23));
    }

    [Test]
    public void A_leap_of_both_tracks_is_evened_out_and_sound_stays_with_the_picture(
        [Values(-2L * HourMs, -HourMs, -500, 11_000, HourMs, 300L * HourMs)] long leap,
        [Values(0, 1)] int firstToLeap)
    {
        var line = new TimeLine();
        var times = new Dictionary<FrameKind, List<long>> { [Audio] = [], [Video] = [] };
        for (var i = 0; i < 100; i++)
        {
            var audioLeaps = i >= 50;
            var videoLeaps = i > 50 || (i == 50 && firstToLeap == 1);
            var time = (3 * HourMs) + (i * 40L);
            times[Video].Add(line.Advance(Video, (uint)(time + (videoLeaps ? leap : 0)), i * 40));
            times[Audio].Add(line.Advance(Audio, (uint)(time + (audioLeaps ? leap : 0)), i * 40));
        }

        Assert.That(Steps(times[Audio]), Is.All.EqualTo(40));
        Assert.That(Steps(times[Video]), Is.All.EqualTo(40));
        Assert.That(times[Video], Is.EqualTo(times[Audio]));
        Assert.That(line.Repairs, Is.EqualTo(2));
    }

    [Test]
    public void Two_leaps_of_one_track_before_the_other_follows_keep_them_together()
    {
        var line = new TimeLine();
        line.Advance(Video, 0, 0);
        line.Advance(Audio, 0, 0);
        line.Advance(Audio, HourMs, 10);
        line.Advance(Audio, 3 * HourMs, 20);

        var video = line.Advance(Video, (3 * HourMs) + 5, 25);
        var audio = line.Advance(Audio, (3 * HourMs) + 5, 25);

        Assert.That(video, Is.EqualTo(audio));
    }

    [Test]
    public void A_track_that_leaps_alone_and_back_is_in_time_again()
    {
        var line = new TimeLine();
        for (uint i = 0; i < 30; i++)
        {
            var video = line.Advance(Video, i * 40, i * 40);
            var audio = line.Advance(Audio, (i * 40) + (i is >= 10 and < 20 ? HourMs : 0), i * 40);
            Assert.That(audio, i is >= 10 and < 20
                ? Is.EqualTo(video).Within(100)
                : Is.EqualTo(video));
        }
    }

    [Test]
    public void Tracks_with_clocks_of_their_own_are_joined_and_leap_together(
        [Values(100_000u, 0x5000_0000u, 0xF000_0000u)] uint audioBase)
    {
        var line = new TimeLine();
        var apart = new List<long>();
        for (uint i = 0; i < 60; i++)
        {
            var leap = i < 30 ? 0 : HourMs;
            var video = line.Advance(Video, (i * 40) + leap, i * 40);
            apart.Add(line.Advance(Audio, audioBase + (i * 40) + leap, i * 40) - video);
        }

        Assert.That(apart, Is.All.EqualTo(apart[0]));
        Assert.That(apart[0], Is.InRange(-100, 100));
    }

    [Test]
    public void A_small_step_back_is_held_and_moves_no_clock()
    {
        var times = Run([(Video, 1000), (Video, 1040), (Video, 960), (Video, 1000), (Video, 1080)]);

        Assert.That(Since(times), Is.EqualTo(new long[] { 0, 40, 40, 40, 80 }));
    }

    [Test]
    public void A_pause_of_the_publisher_is_believed_as_long_as_it_really_was()
    {
        var line = new TimeLine();
        var before = line.Advance(Video, 0, nowMs: 0);

        var after = line.Advance(Video, 5 * HourMs, nowMs: 5 * HourMs);

        Assert.That(after - before, Is.EqualTo(5 * HourMs));
        Assert.That(line.Repairs, Is.Zero);
    }

    [Test]
    public void A_republish_goes_on_where_the_last_one_ended(
        [Values(0u, 16_776_000u, 0x9000_0000u)] uint first)
    {
        var line = new TimeLine();
        for (uint i = 0; i < 100; i++)
            line.Advance(Video, 5000 + (i * 40), i * 40);
        var latest = line.LatestMs;

        line.Begin();
        var video = line.Advance(Video, first, 60_000);
        var audio = line.Advance(Audio, first + 7, 60_000);

        Assert.That(video - latest, Is.InRange(1, 40));
        Assert.That(audio - video, Is.EqualTo(7));
        Assert.That(line.Repairs, Is.Zero);
    }

    [Test]
    public void Pictures_a_little_older_than_the_first_sound_keep_their_distance()
    {
        var times = Run([(Audio, 1000), (Video, 0), (Video, 40), (Audio, 1023)]);

        Assert.That(Since(times), Is.EqualTo(new long[] { 0, -1000, -960, 23 }));
    }

    [Test]
    public void Headers_and_ends_stand_beside_the_clock_whatever_their_time_is()
    {
        var feed = new Feed();
        var watcher = new Watcher();
        feed.Stream.Subscribe(watcher);

        feed.Video(0, Feed.AvcHeader);
        feed.Key(16_776_000);                   // Q62
        feed.Inter(16_776_040);
        feed.Video(16_700_000, 0x17, 2, 0, 0, 0);           // Q51
        feed.Video(0, Feed.AvcHeader);
        feed.Inter(16_776_080);

        var times = watcher.Frames.ConvertAll(frame => frame.TimeMs);
        Assert.That(times, Is.Ordered);
        Assert.That(times[2] - times[1], Is.EqualTo(40));
        Assert.That(times[5] - times[2], Is.EqualTo(40));
        Assert.That(feed.Stream.Time.Repairs, Is.Zero);
        Assert.That(feed.Stream.Gops[0].SourceTime, Is.EqualTo(16_776_000));
    }

    [Test]
    public void No_input_makes_a_track_go_back([Range(0, 99)] int seed)
    {
        var random = new Random(seed);
        var line = new TimeLine();
        var last = new long[3];
        uint time = 0;
        for (long i = 0, now = 0; i < 2000; i++)
        {
            time = random.Next(20) switch
            {
                0 => (uint)random.NextInt64(0, 1L << 32),
                1 => time - (uint)random.Next(1 << random.Next(1, 31)),
                2 => time + (uint)random.Next(1 << random.Next(1, 31)),
                3 => time & 0x7FFF_FFFF,
                _ => time + (uint)random.Next(100),
            };
            now += random.Next(1, random.Next(50) == 0 ? 100_000 : 50);
            if (random.Next(300) == 0)
                line.Begin();
            var kind = (FrameKind)random.Next(2);

            var given = random.Next(10) == 0 ? line.TimeOf(kind) : line.Advance(kind, time, now);

            Assert.That(given, Is.GreaterThanOrEqualTo(last[(int)kind]), $"step {i}");
            last[(int)kind] = given;
        }
    }

    [Test]
    public void A_sane_source_keeps_every_distance([Range(0, 49)] int seed)
    {
        var random = new Random(seed);
        var line = new TimeLine();
        var clocks = new long[2];
        var start = random.NextInt64(1L << 32);
        var lag = random.Next(-3000, 3000);
        long? shift = null;
        for (var i = 0; i < 2000; i++)
        {
            // The track that is behind sends next, as interleaving encoders do.
            var kind = clocks[0] <= clocks[1] ? 0 : 1;
            clocks[kind] += random.Next(100) == 0 ? random.Next(2000) : random.Next(60);
            var source = start + clocks[kind] + (kind == 1 ? lag : 0);

            var time = line.Advance((FrameKind)kind, (uint)source, clocks[kind]);

            shift ??= time - source;
            Assert.That(time - source, Is.EqualTo(shift), $"step {i}");
        }
        Assert.That(line.Repairs, Is.Zero);
    }

    private static List<long> Run(IEnumerable<(FrameKind Kind, uint Time)> sent)
    {
        var line = new TimeLine();
        return [.. sent.Select(frame => line.Advance(frame.Kind, frame.Time, 0))];
    }

    private static IEnumerable<long> Since(List<long> times) => times.Select(t => t - times[0]);

    private static IEnumerable<long> Steps(List<long> times) =>
        times.Skip(1).Zip(times, (next, last) => next - last);
}
