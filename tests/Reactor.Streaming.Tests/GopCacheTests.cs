using System.Linq;
using NUnit.Framework;

namespace Reactor.Streaming.Tests;

[TestFixture]
public sealed class GopCacheTests
{
    [Test]
    public void The_cache_begins_at_the_newest_keyframes_and_holds_all_that_followed(
        [Values(1, 2, 3)] int gops)
    {
        var feed = new Feed(gops);
        feed.Audio(0);
        for (uint i = 0; i < 5; i++)
        {
            feed.Key(i * 100);
            feed.Audio((i * 100) + 10);
            feed.Inter((i * 100) + 40);
        }

        var expected = Enumerable.Range(5 - gops, gops)
            .SelectMany(i => new[] { i * 100, (i * 100) + 10, (i * 100) + 40 });
        Assert.That(Times(feed), Is.EqualTo(expected));
        Assert.That(feed.Stream.Gops[0].IsKeyframe);
    }

    [Test]
    public void Zero_gops_and_audio_alone_cache_nothing()
    {
        var off = new Feed(gops: 0);
        off.Key(0);
        var audio = new Feed();
        audio.Audio(0);

        Assert.That(off.Stream.Gops.Count, Is.Zero);
        Assert.That(audio.Stream.Gops.Count, Is.Zero);
        Assert.That(off.Pool.Outstanding + audio.Pool.Outstanding, Is.Zero);
    }

    [Test]
    public void At_the_bound_of_frames_the_oldest_gop_goes_and_at_last_the_only_one()
    {
        var feed = new Feed(gops: 10, framesMax: 4);
        feed.Key(0);
        feed.Inter(1);
        feed.Key(2);
        feed.Inter(3);

        feed.Inter(4);
        Assert.That(Times(feed), Is.EqualTo(new[] { 2, 3, 4 }));

        feed.Inter(5);
        feed.Inter(6);
        feed.Inter(7);
        Assert.That(feed.Stream.Gops.Count, Is.Zero);

        feed.Key(8);
        Assert.That(Times(feed), Is.EqualTo(new[] { 8 }));
        Assert.That(feed.Pool.Outstanding, Is.EqualTo(1));
    }

    [Test]
    public void No_frame_takes_the_cache_over_its_bytes([Values(999, 1000, 1001)] int bytes)
    {
        var feed = new Feed(gops: 10, bytesMax: 1000);
        feed.Key(0, bytes);

        Assert.That(feed.Stream.Gops.Count, Is.EqualTo(bytes <= 1000 ? 1 : 0));
        Assert.That(feed.Stream.Gops.Bytes, Is.LessThanOrEqualTo(1000));
    }

    [Test]
    public void Bytes_are_those_of_the_frames_held([Range(0, 19)] int seed)
    {
        var random = new System.Random(seed);
        var feed = new Feed(gops: random.Next(1, 4), framesMax: 30, bytesMax: 2000);
        for (uint i = 0; i < 1000; i++)
        {
            var bytes = 5 + random.Next(random.Next(20) == 0 ? 3000 : 100);
            if (random.Next(10) == 0)
                feed.Key(i, bytes);
            else
                feed.Inter(i, bytes);

            var gops = feed.Stream.Gops;
            var held = Enumerable.Range(0, gops.Count).Select(index => gops[index]).ToList();
            Assert.That(gops.Bytes, Is.EqualTo(held.Sum(frame => (long)frame.Payload.Length)));
            Assert.That(gops.Bytes, Is.LessThanOrEqualTo(2000));
            Assert.That(gops.Count, Is.LessThanOrEqualTo(30));
            Assert.That(gops.Count == 0 || gops[0].IsKeyframe);
            Assert.That(feed.Pool.Outstanding, Is.EqualTo(gops.Count));
        }
        feed.Stream.EndPublish(0);
        Assert.That(feed.Pool.Outstanding, Is.Zero);
    }

    [Test]
    public void A_changed_header_ends_the_cached_gops_and_a_repeated_one_does_not()
    {
        var feed = new Feed(gops: 3);
        feed.Video(0, Feed.AvcHeader);
        feed.Key(0);
        feed.Inter(40);

        feed.Video(0, Feed.AvcHeader);
        Assert.That(feed.Stream.Gops.Count, Is.EqualTo(2));

        feed.Video(0, [.. Feed.AvcHeader, 7]);
        Assert.That(feed.Stream.Gops.Count, Is.Zero);
    }

    [Test]
    public void Another_codec_ends_the_cached_gops()
    {
        var feed = new Feed(gops: 3);
        feed.Key(0);
        feed.Video(40, 0x1C, 1, 0, 0, 0, 9);    // HEVC by id 12: a keyframe

        Assert.That(Times(feed), Is.EqualTo(new[] { 40 }));
    }

    private static System.Collections.Generic.IEnumerable<int> Times(Feed feed) =>
        Enumerable.Range(0, feed.Stream.Gops.Count)
            .Select(index => (int)feed.Stream.Gops[index].SourceTime);
}
