using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Rtmp;

namespace Reactor.Protocol.Tests.Flv;

[TestFixture]
public sealed class VideoTagHeaderTests
{
    //        payload                          kind             codec   key    body
    [TestCase("17 00 000000 01640020", TagKind.SequenceHeader, "H264", false, 5)]
    [TestCase("17 01 000028 00000004", TagKind.Frames, "H264", true, 5)]
    [TestCase("27 01 000000 00000004", TagKind.Frames, "H264", false, 5)]
    [TestCase("17 02 000000", TagKind.SequenceEnd, "H264", false, 5)]
    [TestCase("1C 00 000000 01", TagKind.SequenceHeader, "HEVC", false, 5)]
    [TestCase("1C 01 000000 01", TagKind.Frames, "HEVC", true, 5)]
    [TestCase("1D 01 000000 01", TagKind.Frames, "AV1", true, 5)]
    [TestCase("12 84", TagKind.Frames, "H263", true, 1)]
    [TestCase("24 00", TagKind.Frames, "VP6", false, 1)]
    [TestCase("1F 00", TagKind.Frames, "video 15", true, 1)]
    [TestCase("57 00", TagKind.Command, "H264", false, 1)]
    public void An_old_header_tells_kind_codec_and_keyframe(
        string hex, TagKind kind, string codec, bool isKeyframe, int body)
    {
        var header = VideoTagHeader.Read(Bytes(hex));

        Assert.That(header.Kind, Is.EqualTo(kind));
        Assert.That(header.CodecName, Is.EqualTo(codec));
        Assert.That(header.IsKeyframe, Is.EqualTo(isKeyframe));
        Assert.That(header.BodyOffset, Is.EqualTo(body));
        Assert.That(header.IsEnhanced, Is.False);
        Assert.That(header.IsEmptyConfig, Is.False);
    }

    //        payload                   kind             codec   key    body
    [TestCase("90 68766331 01", TagKind.SequenceHeader, "HEVC", false, 5)]
    [TestCase("91 68766331 000028 01", TagKind.Frames, "HEVC", true, 8)]
    [TestCase("93 68766331 01", TagKind.Frames, "HEVC", true, 5)]
    [TestCase("A3 68766331 01", TagKind.Frames, "HEVC", false, 5)]
    [TestCase("91 61763031 01", TagKind.Frames, "AV1", true, 5)]
    [TestCase("91 61766331 000000 01", TagKind.Frames, "H264", true, 8)]
    [TestCase("91 76766331 000000 01", TagKind.Frames, "VVC", true, 8)]
    [TestCase("A1 76703039 01", TagKind.Frames, "VP9", false, 5)]
    [TestCase("A1 76703038 01", TagKind.Frames, "VP8", false, 5)]
    [TestCase("92 68766331", TagKind.SequenceEnd, "HEVC", false, 5)]
    [TestCase("94 61763031 02", TagKind.Metadata, "AV1", false, 5)]
    [TestCase("95 61763031 02", TagKind.SequenceHeader, "AV1", false, 5)]
    [TestCase("91 41424344 01", TagKind.Frames, "ABCD", true, 5)]
    [TestCase("98 61763031 02", TagKind.Unknown, "AV1", false, 5)]
    [TestCase("D0 00", TagKind.Command, "video 0", false, 1)]
    public void An_enhanced_header_tells_kind_codec_and_keyframe(
        string hex, TagKind kind, string codec, bool isKeyframe, int body)
    {
        var header = VideoTagHeader.Read(Bytes(hex));

        Assert.That(header.Kind, Is.EqualTo(kind));
        Assert.That(header.CodecName, Is.EqualTo(codec));
        Assert.That(header.IsKeyframe, Is.EqualTo(isKeyframe));
        Assert.That(header.BodyOffset, Is.EqualTo(body));
        Assert.That(header.IsEnhanced, Is.True);
        Assert.That(header.Tracks, Is.EqualTo(Multitrack.None));
    }

    [TestCase("96 00 61766331 01 AA", Multitrack.OneTrack, TagKind.SequenceHeader, 1, 7)]
    [TestCase("96 01 61766331 02 000000 AA", Multitrack.OneTrack, TagKind.Frames, 2, 10)]
    [TestCase("96 13 68766331 03 000001 AA", Multitrack.ManyTracks, TagKind.Frames, 3, 10)]
    [TestCase("96 20 61763031 04 000001 AA", Multitrack.ManyTracksManyCodecs,
        TagKind.SequenceHeader, 4, 10)]
    public void A_multitrack_header_tells_its_first_track(
        string hex, Multitrack tracks, TagKind kind, int trackId, int body)
    {
        var header = VideoTagHeader.Read(Bytes(hex));

        Assert.That(header.Tracks, Is.EqualTo(tracks));
        Assert.That(header.Kind, Is.EqualTo(kind));
        Assert.That(header.TrackId, Is.EqualTo(trackId));
        Assert.That(header.BodyOffset, Is.EqualTo(body));
        Assert.That(header.IsKeyframe, Is.EqualTo(kind == TagKind.Frames));
    }

    [TestCase("17 01 000000 AABB", "AABB")]
    [TestCase("96 01 61766331 02 000000 AABB", "AABB")]
    [TestCase("96 11 61766331 00 000005 000000 AABB 01 000004 000000 CC", "AABB")]
    [TestCase("96 10 61766331 00 000002 AABB 01 000001 CC", "AABB")]
    [TestCase("96 10 61766331 00 000009 AABB", "AABB")]         // cut short
    [TestCase("96 11 61766331 00 000001 000000 AABB", "")]      // shorter than its time
    [TestCase("96 10 61766331 00 000000 01 000001 CC", "")]
    public void The_body_ends_where_the_next_track_begins(string hex, string body)
    {
        var payload = Bytes(hex);
        var header = VideoTagHeader.Read(payload);

        Assert.That(header.BodyOf(payload).ToArray(), Is.EqualTo(Bytes(body)));
        Assert.That(header.IsEmptyConfig, Is.EqualTo(header.IsSequenceHeader && body == ""));
    }

    [TestCase("97 02 0186A0 01 68766331 000028 01", 13)]                // nanoseconds: 3 bytes
    [TestCase("97 02 0186A0 07 00 FF 01 68766331 000028 01", 16)]       // two of them
    public void ModEx_is_taken_off_before_the_packet_type_is_told(string hex, int body)
    {
        var header = VideoTagHeader.Read(Bytes(hex));

        Assert.That(header.Kind, Is.EqualTo(TagKind.Frames));
        Assert.That(header.IsKeyframe, Is.True);
        Assert.That(header.CompositionTimeMs, Is.EqualTo(40));
        Assert.That(header.BodyOffset, Is.EqualTo(body));
    }

    [Test]
    public void ModEx_over_255_bytes_has_a_long_size()
    {
        byte[] payload = [0x97, 0xFF, 0x01, 0x00, .. new byte[257], 0x03, .. "hvc1"u8];

        Assert.That(VideoTagHeader.Read(payload).Kind, Is.EqualTo(TagKind.Frames));
    }

    [Test]
    public void ModEx_without_end_is_unknown()
    {
        byte[] modEx = [0, 0, 7];
        byte[] payload = [0x97, .. Enumerable.Repeat(modEx, 100_000).SelectMany(each => each)];

        Assert.That(VideoTagHeader.Read(payload).Kind, Is.EqualTo(TagKind.Unknown));
    }

    [TestCase("17 01 FFFFD8 01", -40)]          // Q50
    [TestCase("91 68766331 FFFFD8 01", -40)]
    [TestCase("17 01 000028 01", 40)]
    [TestCase("93 68766331 000028", 0)]
    public void Composition_time_has_a_sign(string hex, int milliseconds) =>
        Assert.That(
            VideoTagHeader.Read(Bytes(hex)).CompositionTimeMs, Is.EqualTo(milliseconds));

    [TestCase("17 00 000000")]                  // Q48
    [TestCase("17 00")]
    [TestCase("90 68766331")]
    [TestCase("96 00 61766331 01")]
    public void A_sequence_header_without_a_configuration_is_told(string hex)
    {
        var header = VideoTagHeader.Read(Bytes(hex));

        Assert.That(header.IsSequenceHeader, Is.True);
        Assert.That(header.IsEmptyConfig, Is.True);
    }

    [Test]
    public void An_end_of_sequence_is_no_keyframe_though_it_says_so([Values(2, 5)] int length)
    {
        var header = VideoTagHeader.Read(Bytes("17 02 000000").AsSpan(0, length));  // Q51

        Assert.That(header.FrameType, Is.EqualTo(1));
        Assert.That(header.IsSequenceEnd, Is.True);
        Assert.That(header.IsKeyframe, Is.False);
    }

    [TestCase("")]
    [TestCase("17")]
    [TestCase("17 01 0000")]
    [TestCase("17 03 000000")]
    [TestCase("91 687663")]
    [TestCase("91 68766331 0000")]
    [TestCase("96")]
    [TestCase("96 00 61766331")]
    [TestCase("96 06 61766331 01 AA")]          // multitrack within multitrack
    [TestCase("96 30 61766331 01 AA")]          // a way to carry tracks that is not there yet
    [TestCase("96 13 68766331 03 0000")]
    [TestCase("97 05 0000")]
    public void What_cannot_be_read_is_unknown(string hex) =>
        Assert.That(VideoTagHeader.Read(Bytes(hex)).Kind, Is.EqualTo(TagKind.Unknown));

    [Test]
    public void Any_bytes_are_answered([Range(0, 3)] int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 5_000; round++)
        {
            var payload = new byte[random.Next(24)];
            random.NextBytes(payload);
            if (payload.Length > 0 && round % 2 == 0)
                payload[0] = (byte)(0x90 | random.Next(8));

            var video = VideoTagHeader.Read(payload);
            var audio = AudioTagHeader.Read(payload);

            Assert.That(video.BodyOffset, Is.LessThanOrEqualTo(payload.Length));
            Assert.That(audio.BodyOffset, Is.LessThanOrEqualTo(payload.Length));
            Assert.That(video.CodecName, Is.Not.Empty);
            Assert.That(audio.CodecName, Is.Not.Empty);
        }
    }

    [TestCase("ffmpeg-publish.client.bin", "H264")]
    [TestCase("ffmpeg7-publish-hevc.client.bin", "HEVC")]
    public void A_recorded_publisher_begins_with_its_configuration(string sample, string codec)
    {
        var headers = Recording.Payloads(sample, MessageType.Video)
            .Select(payload => VideoTagHeader.Read(payload))
            .ToList();

        Assert.That(headers[0].IsSequenceHeader, Is.True);
        Assert.That(headers[0].IsEmptyConfig, Is.False);
        // ffmpeg 7 puts the colours of HEVC between the configuration and the first picture.
        var frames = headers.Skip(1).Where(each => !each.IsMetadata).ToList();
        Assert.That(frames[0].IsKeyframe, Is.True);
        Assert.That(frames.Select(each => each.Kind), Is.All.EqualTo(TagKind.Frames));
        Assert.That(headers.Select(each => each.CodecName), Is.All.EqualTo(codec));
    }

    [Test]
    public void FFmpeg_8_numbers_its_second_track_and_leaves_the_first_plain()
    {
        var tracks = Recording.Payloads("ffmpeg8-publish-multitrack.client.bin", MessageType.Video)
            .Select(payload => VideoTagHeader.Read(payload))
            .GroupBy(each => (Id: (int)each.TrackId, each.Tracks))
            .ToDictionary(each => each.Key, each => each.ToList());

        Assert.That(
            tracks.Keys, Is.EquivalentTo([(0, Multitrack.None), (1, Multitrack.OneTrack)]));
        foreach (var headers in tracks.Values)
        {
            Assert.That(headers[0].IsSequenceHeader, Is.True);
            Assert.That(headers.Select(each => each.Kind), Has.None.EqualTo(TagKind.Unknown));
        }
    }

    private static byte[] Bytes(string hex) =>
        Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
