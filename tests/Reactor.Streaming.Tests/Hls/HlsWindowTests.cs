using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Streaming.Hls;
using Reactor.Testing.Hls;

namespace Reactor.Streaming.Tests.Hls;

/// <summary>Which segments are kept, and for how long.</summary>
[TestFixture]
public sealed class HlsWindowTests
{
    [Test]
    public void Memory_is_bounded_in_bytes_and_the_window_gives_way()
    {
        using var feed = new HlsFeed(new HlsSettings { BytesMax = 1 << 20 });
        feed.Playlist.MayBeShort = true;
        feed.Avc(0);
        for (uint time = 0; time < 60_000; time += 40)
        {
            if (time % 1000 == 0)
                feed.Key(time, 20_000);
            else
                feed.Inter(time, 8000);
        }

        var window = feed.Segmenter.Window;
        Assert.That(window.Bytes, Is.LessThanOrEqualTo(1 << 20));
        Assert.That(window.Listed, Is.InRange(1, 5));
        Assert.That(feed.Pool.OutstandingBytes, Is.LessThan(3 << 20));
    }

    [TestCase(0)]
    [TestCase(2)]
    public void Segments_stay_for_a_while_after_they_left_the_playlist(int threshold)
    {
        using var feed = Started(new HlsSettings { DeleteThreshold = threshold });
        feed.Film(0, 60_001);

        var window = feed.Segmenter.Window;
        var first = feed.Playlist.Segments[0].Sequence;
        Assert.That(window.Listed, Is.EqualTo(6));
        Assert.That(
            window.Find(first - 7 - threshold), Is.Not.Null, "2 s, and a playlist of 12 s");
        Assert.That(window.Find(first - 8 - threshold), Is.Null);
        Assert.That(window.Find(window.NextSequence), Is.Null);
    }

    /// <summary>RFC 8216 §6.2.2: its duration, and that of the longest playlist.</summary>
    [Test]
    public void Whoever_is_slow_finds_what_a_playlist_has_named([Range(1, 8)] int seed)
    {
        var random = new Random(seed);
        using var feed = Started(new HlsSettings { Window = 3 + (seed % 4), DeleteThreshold = 0 });
        var (longest, leftMs) = (new Dictionary<long, decimal>(), new Dictionary<long, uint>());
        var kept = 0;
        for (uint time = 0, gop; time < 300_000; time += gop)
        {
            gop = 40 * (uint)random.Next(1, 200);
            feed.Film(time, time + gop, gop);
            var listed = feed.Playlist.Segments;
            foreach (var segment in listed)
            {
                var length = listed.Sum(each => each.Duration);
                longest[segment.Sequence] =
                    Math.Max(longest.GetValueOrDefault(segment.Sequence), length);
            }
            foreach (var segment in feed.Playlist.All.Where(each => !listed.Contains(each)))
            {
                if (!leftMs.TryAdd(segment.Sequence, time)
                    && time - leftMs[segment.Sequence]
                        < 1000 * (segment.Duration + longest[segment.Sequence]))
                {
                    kept++;
                    Assert.That(feed.Segmenter.Window.Find(segment.Sequence), Is.Not.Null);
                }
            }
        }
        Assert.That(kept, Is.GreaterThan(100));
        Assert.That(feed.Segmenter.Window.Segments, Has.Count.LessThan(60), "and not for ever");
    }

    /// <summary>What left does not return; nothing more goes until three targets remain.</summary>
    [Test]
    public void The_playlist_grows_again_where_a_longer_segment_comes()
    {
        using var feed = Started(new HlsSettings { Window = 3 });
        var rare = new PlaylistChecker();
        feed.Film(0, 9601, gopMs: 2400);
        rare.Read(feed.PlaylistText());
        Assert.That(Listed(feed), Is.EqualTo(new[] { 2400, 2400, 2400 }), "6 s are wanted");

        feed.Film(9600, 16_800, gopMs: 2400);
        feed.Film(16_800, 21_601, gopMs: 4800);
        rare.Read(feed.PlaylistText());
        Assert.That(feed.Playlist.Target, Is.EqualTo(5));
        Assert.That(Listed(feed), Is.EqualTo(new[] { 2400, 2400, 2400, 4800 }), "15 s are");

        feed.Film(21_600, 31_201, gopMs: 4800);
        rare.Read(feed.PlaylistText());
        Assert.That(Listed(feed), Is.EqualTo(new[] { 2400, 4800, 4800, 4800 }));
    }

    /// <summary>Who asks rarely sees what is left of many changes, and no rule broken.</summary>
    [Test]
    public void Whoever_comes_rarely_finds_the_rules_kept([Range(1, 8)] int seed)
    {
        var random = new Random(seed);
        using var feed = Started(new HlsSettings { FragmentMs = 1000, Window = 1 + (seed % 4) });
        var rare = new PlaylistChecker();
        for (uint time = 0, gop, longest = 1000; time < 240_000; time += gop)
        {
            gop = random.Next(12) == 0 ? longest = Math.Min(longest + 1000, 9000) : 1000;
            feed.Film(time, time + gop, gop);
            if (feed.Segmenter.Window.Listed > 0 && random.Next(4) == 0)
                rare.Read(feed.PlaylistText());
        }
        Assert.That(rare.TargetChanges, Is.GreaterThan(3));
    }

    private static IEnumerable<int> Listed(HlsFeed feed) =>
        feed.Playlist.Segments.Select(segment => (int)(segment.Duration * 1000));

    private static HlsFeed Started(HlsSettings settings)
    {
        var feed = new HlsFeed(settings);
        feed.Avc(0);
        feed.Aac(0);
        return feed;
    }
}
