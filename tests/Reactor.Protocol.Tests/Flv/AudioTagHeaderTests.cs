using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Rtmp;

namespace Reactor.Protocol.Tests.Flv;

[TestFixture]
public sealed class AudioTagHeaderTests
{
    //        payload             kind              codec   body
    [TestCase("AF 00 1210", TagKind.SequenceHeader, "AAC", 2)]
    [TestCase("AF 01 21", TagKind.Frames, "AAC", 2)]
    [TestCase("2F FF", TagKind.Frames, "MP3", 1)]
    [TestCase("E2 FF", TagKind.Frames, "MP3", 1)]
    [TestCase("72 D5", TagKind.Frames, "G711A", 1)]
    [TestCase("82 FF", TagKind.Frames, "G711U", 1)]
    [TestCase("B2 00", TagKind.Frames, "Speex", 1)]
    [TestCase("DF 00 01", TagKind.SequenceHeader, "Opus", 2)]
    [TestCase("62 00", TagKind.Frames, "Nellymoser", 1)]
    [TestCase("32 00", TagKind.Frames, "PCM", 1)]
    [TestCase("FF 00", TagKind.Frames, "audio 15", 1)]                  // Q49
    [TestCase("90 4F707573 01", TagKind.SequenceHeader, "Opus", 5)]
    [TestCase("91 4F707573 01", TagKind.Frames, "Opus", 5)]
    [TestCase("91 6D703461 01", TagKind.Frames, "AAC", 5)]
    [TestCase("91 2E6D7033 01", TagKind.Frames, "MP3", 5)]
    [TestCase("91 664C6143 01", TagKind.Frames, "FLAC", 5)]
    [TestCase("91 61632D33 01", TagKind.Frames, "AC3", 5)]
    [TestCase("91 65632D33 01", TagKind.Frames, "EAC3", 5)]
    [TestCase("92 4F707573", TagKind.SequenceEnd, "Opus", 5)]
    [TestCase("94 4F707573 01 02 00000003", TagKind.MultichannelConfig, "Opus", 5)]
    [TestCase("97 02 0186A0 01 4F707573 01", TagKind.Frames, "Opus", 10)]
    public void A_header_tells_kind_and_codec(string hex, TagKind kind, string codec, int body)
    {
        var header = AudioTagHeader.Read(Bytes(hex));

        Assert.That(header.Kind, Is.EqualTo(kind));
        Assert.That(header.CodecName, Is.EqualTo(codec));
        Assert.That(header.BodyOffset, Is.EqualTo(body));
        Assert.That(header.IsEnhanced, Is.EqualTo(hex[0] == '9'));
        Assert.That(header.Tracks, Is.EqualTo(Multitrack.None));
        Assert.That(header.IsEmptyConfig, Is.False);
    }

    [TestCase("95 00 6D703461 01 1210", Multitrack.OneTrack, TagKind.SequenceHeader, 1, 7)]
    [TestCase("95 11 4F707573 02 000001 01", Multitrack.ManyTracks, TagKind.Frames, 2, 10)]
    [TestCase("95 21 4F707573 03 000001 01", Multitrack.ManyTracksManyCodecs,
        TagKind.Frames, 3, 10)]
    public void A_multitrack_header_tells_its_first_track(
        string hex, Multitrack tracks, TagKind kind, int trackId, int body)
    {
        var header = AudioTagHeader.Read(Bytes(hex));

        Assert.That(header.Tracks, Is.EqualTo(tracks));
        Assert.That(header.Kind, Is.EqualTo(kind));
        Assert.That(header.TrackId, Is.EqualTo(trackId));
        Assert.That(header.BodyOffset, Is.EqualTo(body));
    }

    [TestCase("AF 00")]                         // Q48
    [TestCase("90 4F707573")]
    public void A_sequence_header_without_a_configuration_is_told(string hex)
    {
        var header = AudioTagHeader.Read(Bytes(hex));

        Assert.That(header.IsSequenceHeader, Is.True);
        Assert.That(header.IsEmptyConfig, Is.True);
    }

    [TestCase("")]
    [TestCase("AF")]
    [TestCase("AF 02 00")]
    [TestCase("90 4F7075")]
    [TestCase("93 4F707573")]
    [TestCase("95 05 4F707573 01")]
    [TestCase("95 30 4F707573 01")]
    [TestCase("97 FF")]
    public void What_cannot_be_read_is_unknown(string hex) =>
        Assert.That(AudioTagHeader.Read(Bytes(hex)).Kind, Is.EqualTo(TagKind.Unknown));

    [Test]
    public void A_recorded_publisher_begins_with_its_configuration()
    {
        var headers = Recording.Payloads("ffmpeg-publish-audio.client.bin", MessageType.Audio)
            .Select(payload => AudioTagHeader.Read(payload))
            .ToList();

        Assert.That(headers[0].IsSequenceHeader, Is.True);
        Assert.That(headers.Skip(1).Select(each => each.Kind), Is.All.EqualTo(TagKind.Frames));
        Assert.That(headers.Select(each => each.CodecName), Is.All.EqualTo("AAC"));
    }

    [Test]
    public void FFmpeg_8_numbers_its_second_track_and_leaves_the_first_plain()
    {
        var headers = Recording.Payloads("ffmpeg8-publish-multitrack.client.bin", MessageType.Audio)
            .Select(payload => AudioTagHeader.Read(payload))
            .ToList();

        Assert.That(
            headers.Select(each => ((int)each.TrackId, each.Tracks)).Distinct(),
            Is.EquivalentTo([(0, Multitrack.None), (1, Multitrack.OneTrack)]));
        Assert.That(headers.Select(each => each.Kind), Has.None.EqualTo(TagKind.Unknown));
    }

    private static byte[] Bytes(string hex) =>
        Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
