using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Codecs;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Rtmp;
using Reactor.Protocol.Tests.Flv;

namespace Reactor.Protocol.Tests.Codecs;

[TestFixture]
public sealed class VideoConfigTests
{
    private static IEnumerable<ConfigSamples.Sample> Avc => ConfigSamples.Avc;

    private static IEnumerable<ConfigSamples.Sample> Hevc => ConfigSamples.OfHevc;

    private static IEnumerable<ConfigSamples.Sample> All => Avc.Concat(Hevc);

    [TestCaseSource(nameof(Avc))]
    public void An_avc_configuration_tells_what_ffprobe_tells(object sample) =>
        Check((ConfigSamples.Sample)sample, NaluCodec.Avc, "H264");

    [TestCaseSource(nameof(Hevc))]
    public void An_hevc_configuration_tells_what_ffprobe_tells(object sample) =>
        Check((ConfigSamples.Sample)sample, NaluCodec.Hevc, "HEVC");

    [TestCaseSource(nameof(All))]
    public void The_bytes_say_which_codec_it_is_where_the_header_errs(object sample)
    {
        var bytes = ((ConfigSamples.Sample)sample).Bytes;   // Q53: HEVC with the id of AVC

        var expected = VideoConfig.Read(bytes, NaluCodec.Avc);

        Assert.That(VideoConfig.Read(bytes, NaluCodec.Hevc)?.Codec, Is.EqualTo(expected?.Codec));
    }

    [TestCaseSource(nameof(All))]
    public void A_configuration_that_is_cut_short_is_none_or_has_whole_sets(object sample)
    {
        var bytes = ((ConfigSamples.Sample)sample).Bytes;
        var whole = VideoConfig.Read(bytes, NaluCodec.Avc)!;

        for (var length = 0; length < bytes.Length; length++)
        {
            // What stands behind the sets of high profiles may be missing.
            if (VideoConfig.Read(bytes.AsSpan(0, length), NaluCodec.Avc) is { } cut)
                Assert.That(cut.ParameterSets.ToArray(), Is.EqualTo(whole.ParameterSets.ToArray()));
        }
    }

    [TestCaseSource(nameof(All))]
    public void A_parameter_set_with_any_bit_turned_is_read_without_failure(object sample)
    {
        var bytes = ((ConfigSamples.Sample)sample).Bytes;
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            if (VideoConfig.Read(bytes, NaluCodec.Avc) is { } config)
                Assert.That(config.Facts.Width, Is.InRange(0, 65_536));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [TestCaseSource(nameof(All))]
    public void Sets_behind_start_codes_are_a_configuration_too(object sample)
    {
        // Q52: what an encoder sends that writes its extradata as it stands in a file.
        var config = VideoConfig.Read(((ConfigSamples.Sample)sample).Bytes, NaluCodec.Avc)!;

        var again = VideoConfig.Read(config.ParameterSets.Span, config.Codec)!;

        Assert.That(again.Facts, Is.EqualTo(config.Facts));
        Assert.That(again.ParameterSets.ToArray(), Is.EqualTo(config.ParameterSets.ToArray()));
    }

    [Test]
    public void Parameter_sets_stand_behind_start_codes()
    {
        var config = AvcConfig.Read(ConfigSamples.Main.Bytes)!;

        Assert.That(Convert.ToHexString(config.ParameterSets.Span), Is.EqualTo(
            "00000001674D400CECA0A0CFCF80880000030008000003019078A14CB0" + "0000000168CE0FC8"));
        Assert.That(config.NaluLengthBytes, Is.EqualTo(4));
    }

    [TestCase(0xFC, 1)]
    [TestCase(0xFD, 2)]
    [TestCase(0xFE, 3)]
    [TestCase(0xFF, 4)]
    public void The_length_of_lengths_is_told(int bits, int bytes)
    {
        var config = ConfigSamples.Main.Bytes;
        config[4] = (byte)bits;

        Assert.That(AvcConfig.Read(config)?.NaluLengthBytes, Is.EqualTo(bytes));
    }

    [Test]
    public void A_configuration_without_sets_leaves_them_to_the_frames()
    {
        var config = AvcConfig.Read([1, 0x64, 0, 0x1F, 0xFF, 0xE0, 0])!;

        Assert.That(config.ParameterSets.IsEmpty);
        Assert.That(config.Facts.Rfc6381, Is.EqualTo("avc1.64001F"));
        Assert.That(config.Facts.Width, Is.Zero);
    }

    [Test]
    public void Recorded_clients_send_what_they_encode()
    {
        var avc = Header("ffmpeg-publish.client.bin", NaluCodec.Avc);
        var hevc = Header("ffmpeg7-publish-hevc.client.bin", NaluCodec.Hevc);

        Assert.That(avc.Facts, Is.EqualTo(new VideoFacts(
            "H264", avc.Facts.Rfc6381, 320, 180, 25, avc.Facts.Profile, avc.Facts.Level)));
        Assert.That(hevc.Facts.Codec, Is.EqualTo("HEVC"));
        Assert.That((hevc.Facts.Width, hevc.Facts.Height), Is.EqualTo((640, 360)));
        Assert.That(hevc.Facts.FramesPerSecond, Is.EqualTo(30));
    }

    private static VideoConfig Header(string sample, NaluCodec codec)
    {
        var payload = Recording.Payloads(sample, MessageType.Video)
            .First(each => VideoTagHeader.Read(each).IsSequenceHeader);
        return VideoConfig.Read(
            payload.AsSpan(VideoTagHeader.Read(payload).BodyOffset), codec)!;
    }

    private static void Check(ConfigSamples.Sample sample, NaluCodec codec, string name)
    {
        var config = VideoConfig.Read(sample.Bytes, codec)!;

        Assert.That(config.Codec, Is.EqualTo(codec));
        Assert.That(config.Facts with { FramesPerSecond = 0 }, Is.EqualTo(new VideoFacts(
            name, sample.Rfc6381, sample.Width, sample.Height, 0, sample.Profile, sample.Level)));
        Assert.That(config.Facts.FramesPerSecond, Is.EqualTo(sample.FramesPerSecond).Within(0.001));
    }
}
