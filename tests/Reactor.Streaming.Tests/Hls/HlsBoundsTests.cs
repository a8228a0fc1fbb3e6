using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Streaming.Hls;

namespace Reactor.Streaming.Tests.Hls;

/// <summary>The two sizes of HLS at the exact byte: of one segment, and of all.</summary>
[TestFixture]
public sealed class HlsBoundsTests
{
    /// <summary>A length stands before a NAL unit.</summary>
    private const int LengthBytes = 4;

    private const int SegmentBytes = 20_000;

    /// <summary>Alike, and so many that none is a quarter of them all, and would be cut.</summary>
    private const int Kept = 5;

    private readonly List<StreamBound> _struck = [];

    [SetUp]
    public void Begin() => _struck.Clear();

    [TestCase(-1, 0)]
    [TestCase(0, 1)]
    [TestCase(1, 1)]
    public void A_segment_of_MP4_is_cut_once_it_has_as_many_bytes_as_it_may(int more, int complete)
    {
        using var feed = Begun(new HlsSettings
        {
            IsMp4 = true,
            TrackWaitMs = 0,
            BytesMax = 4 * SegmentBytes,
        });
        feed.Key(0, SegmentBytes / 2);
        feed.Inter(40, (SegmentBytes / 2) - (2 * LengthBytes) + more);
        feed.Inter(80);

        Assert.That(feed.Segmenter.Window.Segments, Has.Count.EqualTo(complete));
        Assert.That(_struck, Has.Count.EqualTo(complete).And.All.EqualTo(StreamBound.SegmentBytes));
    }

    /// <summary>Packets of 188 bytes fill it: the bound is moved, not the segment.</summary>
    [TestCase(-1, 0)]
    [TestCase(0, 1)]
    [TestCase(1, 1)]
    public void A_segment_of_TS_is_cut_once_it_has_as_many_bytes_as_it_may(int more, int complete)
    {
        using var measured = Begun(new HlsSettings { TrackWaitMs = 0 });
        Play(measured);
        measured.Segmenter.End();
        var bytes = measured.Segmenter.Window.Segments.Single().Bytes;

        using var feed = Begun(new HlsSettings { TrackWaitMs = 0, BytesMax = 4 * (bytes - more) });
        Play(feed);
        feed.Inter(80);

        Assert.That(feed.Segmenter.Window.Segments, Has.Count.EqualTo(complete));
        Assert.That(_struck, Has.Count.EqualTo(complete).And.All.EqualTo(StreamBound.SegmentBytes));

        static void Play(HlsFeed feed)
        {
            feed.Key(0, SegmentBytes / 2);
            feed.Inter(40, SegmentBytes / 2);
        }
    }

    [TestCase(-1, Kept)]
    [TestCase(0, Kept)]
    [TestCase(1, Kept - 1)]
    public void The_oldest_segment_goes_once_all_have_more_bytes_than_they_may(int more, int kept)
    {
        using var measured = Begun(new HlsSettings { TrackWaitMs = 0 });
        Play(measured);
        var bytes = measured.Segmenter.Window.Bytes;
        Assert.That(measured.Segmenter.Window.Segments, Has.Count.EqualTo(Kept));

        using var feed = Begun(new HlsSettings { TrackWaitMs = 0, BytesMax = bytes - more });
        Play(feed);

        Assert.That(feed.Segmenter.Window.Segments, Has.Count.EqualTo(kept));
        Assert.That(feed.Segmenter.Window.Bytes, Is.LessThanOrEqualTo(bytes - more));
        Assert.That(
            _struck, Has.Count.EqualTo(Kept - kept).And.All.EqualTo(StreamBound.SegmentBytes));

        static void Play(HlsFeed feed)
        {
            feed.Playlist.MayBeShort = true;
            for (uint time = 0; time <= Kept * 2000; time += 1000)
                feed.Key(time, SegmentBytes);
        }
    }

    private HlsFeed Begun(HlsSettings settings)
    {
        var feed = new HlsFeed(settings);
        feed.Segmenter.Struck = _struck.Add;
        feed.Avc(0);
        return feed;
    }
}
