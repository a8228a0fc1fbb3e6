using System;
using System.Text;
using NUnit.Framework;
using Reactor.Protocol.Codecs;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Rtmp;
using Reactor.Testing;

namespace Reactor.Streaming.Tests;

/// <summary>What a live stream knows of its tracks.</summary>
[TestFixture]
public sealed class TrackFactsTests
{
    private static readonly VideoFacts Avc = new(
        "H264", "avc1.4D400C", 320, 180, 25, "Main", "1.2");

    private static byte[] Vp9Key => Convert.FromHexString("824983420014100B560838241C184A00");

    private static byte[] AvcHeader => [0x17, 0, 0, 0, 0, .. Convert.FromHexString(
        "014D400CFFE10019674D400CECA0A0CFCF80880000030008000003019078A14CB001000468CE0FC8")];

    [Test]
    public void Headers_tell_until_the_publisher_leaves()
    {
        var feed = new Feed();
        var codecs = feed.Stream.Codecs;
        Assert.That(codecs, Has.Property("Video").Null.And.Property("Audio").Null);

        feed.Video(0, AvcHeader);
        feed.Send(MessageType.Audio, 0, 0xAF, 0, 0x12, 0x10);
        Assert.That(codecs.Video, Is.EqualTo(Avc));
        Assert.That(codecs.Audio, Is.EqualTo(new AudioFacts("AAC", "mp4a.40.2", 44_100, 2, "LC")));

        feed.Send(MessageType.Audio, 5, 0xAF, 0, 0x11, 0x88);
        Assert.That(codecs.Audio?.SampleRate, Is.EqualTo(48_000), "it has changed");
        feed.Stream.EndPublish(10);
        Assert.That(codecs, Has.Property("Video").Null.And.Property("Audio").Null);
    }

    [TestCase("2FFFFB9064", "MP3", 44_100, 2)]
    [TestCase("2FFFF38064", "MP3", 22_050, 2)]
    [TestCase("AF01FFF15080011FFC21", "AAC", 44_100, 2, Description = "Q55")]
    public void What_has_no_header_tells_by_its_first_frame(
        string hex, string codec, int rate, int channels)
    {
        var feed = new Feed();
        feed.Send(MessageType.Audio, 0, Convert.FromHexString(hex));

        var audio = feed.Stream.Codecs.Audio;
        Assert.That((audio?.Codec, audio?.SampleRate, audio?.Channels),
            Is.EqualTo((codec, rate, channels)));
    }

    [Test]
    public void Other_tracks_and_broken_headers_tell_nothing_of_the_first()
    {
        var feed = new Feed();
        feed.Video(0, AvcHeader);
        feed.Video(1, [0x96, 0, .. "av01"u8, 1, 0x81, 0x08, 0x00, 0x00]);
        Assert.That(feed.Stream.Codecs.Video, Is.EqualTo(Avc), "track 1");
        feed.Video(2, 0x17, 0, 0, 0, 0, 1, 0x64);
        Assert.That(feed.Stream.Codecs.Video, Is.EqualTo(Avc), "half a header");

        feed.Video(3, 0x1D, 1, 0, 0, 0, 7);
        Assert.That(feed.Stream.Codecs.Video, Is.Null, "another codec");
    }

    [Test]
    public void AV1_and_Opus_of_Enhanced_RTMP_tell()
    {
        var feed = new Feed();
        using var file = new FlvReader(feed.Pool, 1 << 20);
        ReadOnlySpan<byte> input = Samples.Load("ertmp-av1-opus.flv");
        while (file.TryRead(ref input, out var tag))
        {
            feed.Send(tag.Type, tag.TimestampMs, tag.Payload.Written.ToArray());
            tag.Payload.Release();
        }

        var codecs = feed.Stream.Codecs;
        Assert.That(codecs.Video, Is.EqualTo(
            new VideoFacts("AV1", "av01.1.04M.08", 980, 540, 0, "High", "3.0")));
        Assert.That(codecs.Audio, Is.EqualTo(new AudioFacts("Opus", "opus", 48_000, 1, "")));
        Assert.That(codecs.Picture, Is.EqualTo(new PictureFacts(980, 540, 30)));
    }

    [Test]
    public void VP9_tells_its_size_with_keyframes()
    {
        var feed = new Feed();
        var codecs = feed.Stream.Codecs;
        feed.Video(0, [0x90, .. "vp09"u8, .. Convert.FromHexString("000B820202020000")]);
        Assert.That(codecs.Video, Is.EqualTo(
            new VideoFacts("VP9", "vp09.00.11.08", 0, 0, 0, "0", "1.1")));

        feed.Video(0, [0x91, .. "vp09"u8, .. Vp9Key]);
        Assert.That(codecs.Video, Is.EqualTo(
            new VideoFacts("VP9", "vp09.00.11.08", 322, 182, 0, "0", "1.1")));
        feed.Video(40, [0xA1, .. "vp09"u8, 0x86, 0, 0, 0]);
        feed.Video(80, [0x91, .. "vp09"u8, 0x82]);
        Assert.That(codecs.Picture, Is.EqualTo(new PictureFacts(322, 182, 0)));
    }

    [Test]
    public void VP9_without_a_configuration_tells_what_it_can()
    {
        var feed = new Feed();
        feed.Video(0, [0x91, .. "vp09"u8, .. Vp9Key]);

        Assert.That(feed.Stream.Codecs.Video, Is.EqualTo(
            new VideoFacts("VP9", "", 322, 182, 0, "0", "")));
    }

    [TestCase("fLaC", 0, "664C61430000002220002000000C5F0023571770037000004B006495EC686006B3E1"
        + "88029A78A3513B8A", "FLAC", 96_000, 2)]
    [TestCase("ac-3", 1, "0B77B50B1E40EBF8403E", "AC3", 48_000, 6)]
    [TestCase("ec-3", 1, "0B77053FBF87C0000004", "EAC3", 32_000, 6)]
    public void Sound_of_Enhanced_RTMP_tells(
        string letters, int packetType, string hex, string codec, int rate, int channels)
    {
        var feed = new Feed();
        feed.Send(MessageType.Audio, 0, [
            (byte)(0x90 | packetType), .. Encoding.ASCII.GetBytes(letters),
            .. Convert.FromHexString(hex)]);

        var audio = feed.Stream.Codecs.Audio;
        Assert.That(feed.Stream.Codecs.AudioCodec, Is.EqualTo(codec));
        Assert.That((audio?.Codec, audio?.SampleRate, audio?.Channels),
            Is.EqualTo((codec, rate, channels)));
    }
}
