using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Rtmp;

namespace Reactor.Streaming.Tests;

[TestFixture]
public sealed class CodecStateTests
{
    /// <summary>Enhanced RTMP: sequence start, one track, hvc1 or av01.</summary>
    private static readonly byte[] Hvc1 = [0x90, (byte)'h', (byte)'v', (byte)'c', (byte)'1', 1];
    private static readonly byte[] Av01 = [0x90, (byte)'a', (byte)'v', (byte)'0', (byte)'1', 1];

    [Test]
    public void A_repeated_header_takes_the_place_of_the_old_one()
    {
        var feed = new Feed();
        feed.Video(0, Feed.AvcHeader);
        feed.Send(MessageType.Audio, 0, Feed.AacHeader);
        feed.Video(5, [.. Feed.AvcHeader, 9]);

        Assert.That(Configs(feed), Is.EqualTo(new[] { "Video 5", "Audio 0" }));
        Assert.That(feed.Pool.Outstanding, Is.EqualTo(2));
        Assert.That(feed.Stream.Codecs.VideoCodec, Is.EqualTo("H264"));
        Assert.That(feed.Stream.Codecs.AudioCodec, Is.EqualTo("AAC"));
    }

    [Test]
    public void Each_track_has_a_header_of_its_own()
    {
        var feed = new Feed();
        for (byte track = 0; track < 3; track++)
            feed.Video(track, OfTrack(track));
        feed.Video(9, OfTrack(1));

        Assert.That(Configs(feed), Is.EqualTo(new[] { "Video 0", "Video 9", "Video 2" }));
    }

    [Test]
    public void An_empty_header_passes_but_does_not_displace_a_good_one()
    {
        var feed = new Feed();
        var watcher = new Watcher();
        feed.Stream.Subscribe(watcher);

        feed.Video(1, 0x17, 0, 0, 0, 0);        // Q48
        feed.Video(2, Feed.AvcHeader);
        feed.Video(3, 0x17, 0, 0, 0, 0);
        feed.Send(MessageType.Audio, 4, 0xAF, 0);

        Assert.That(Configs(feed), Is.EqualTo(new[] { "Video 2" }));
        Assert.That(watcher.Frames, Has.Count.EqualTo(3));
        Assert.That(feed.Stream.Skipped, Is.EqualTo(1));
    }

    [Test]
    public void Another_codec_ends_the_headers_of_its_own_track_only()
    {
        var feed = new Feed();
        feed.Video(0, Hvc1);
        feed.Video(1, OfTrack(1));
        feed.Send(MessageType.Audio, 2, Feed.AacHeader);

        feed.Video(3, 0x91, (byte)'a', (byte)'v', (byte)'0', (byte)'1', 1);

        Assert.That(Configs(feed), Is.EqualTo(new[] { "Video 1", "Audio 2" }));
        Assert.That(feed.Stream.Codecs.VideoCodec, Is.EqualTo("AV1"));
        feed.Video(4, Av01);
        Assert.That(Configs(feed), Does.Contain("Video 4"));
    }

    [Test]
    public void Metadata_is_set_replaced_and_cleared()
    {
        var feed = new Feed();
        feed.Data("onMetaData");
        feed.Data("onMetaData", more: 5);
        Assert.That(feed.Stream.Codecs.Metadata?.Payload.Length, Is.EqualTo(18));
        Assert.That(feed.Pool.Outstanding, Is.EqualTo(1));

        feed.Data("@clearDataFrame");
        Assert.That(feed.Stream.Codecs.Metadata, Is.Null);
        Assert.That(feed.Pool.Outstanding, Is.Zero);
    }

    [Test]
    public void What_is_kept_is_bounded_in_number_and_in_bytes()
    {
        var feed = new Feed();
        var watcher = new Watcher();
        feed.Stream.Subscribe(watcher);
        for (var track = 0; track < 256; track++)
            feed.Video(0, OfTrack((byte)track));
        Assert.That(feed.Stream.Codecs.Count, Is.EqualTo(CodecState.ConfigsMax));
        Assert.That(watcher.Frames, Has.Count.EqualTo(256));

        var tooLong = new byte[CodecState.DefaultConfigBytesMax + 1];
        tooLong[0] = 0x17;
        feed.Video(0, tooLong);
        feed.Data("onMetaData", more: CodecState.DefaultConfigBytesMax);
        Assert.That(watcher.Frames, Has.Count.EqualTo(256));
        Assert.That(feed.Stream.Codecs.Metadata, Is.Null);
        Assert.That(feed.Stream.Skipped, Is.EqualTo(2));
    }

    private static byte[] OfTrack(byte track) =>
        [0x96, 0x00, (byte)'h', (byte)'v', (byte)'c', (byte)'1', track, 1, 2];

    private static string[] Configs(Feed feed)
    {
        var codecs = feed.Stream.Codecs;
        return [.. Enumerable.Range(0, codecs.Count)
            .Select(i => $"{codecs[i].Kind} {codecs[i].SourceTime}")];
    }
}
