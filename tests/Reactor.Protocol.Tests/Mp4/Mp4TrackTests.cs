using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Mp4;
using Reactor.Protocol.Tests.Codecs;
using Reactor.Testing.Mp4;

namespace Reactor.Protocol.Tests.Mp4;

/// <summary>What the head of a file says of its tracks, box by box.</summary>
[TestFixture]
public sealed class Mp4TrackTests
{
    private static readonly byte[] Hevc = ConfigSamples.Hevc.Bytes;

    [Test]
    public void An_avcC_is_kept_but_for_its_lengths()
    {
        var config = ConfigSamples.Main.Bytes;
        config[4] = 0xFC;                       // lengths of one byte

        var track = Describe([0x17, 0, 0, 0, 0, .. config]);

        Assert.That((track.Codec, track.ConfigType), Is.EqualTo(("avc1", "avcC")));
        Assert.That((track.Width, track.Height), Is.EqualTo((320, 180)));
        Assert.That(track.Config, Is.EqualTo(ConfigSamples.Main.Bytes));
    }

    [TestCaseSource(typeof(ConfigSamples), nameof(ConfigSamples.Avc))]
    public void An_avcC_is_made_of_sets_behind_start_codes(object sample)
    {
        var expected = ((ConfigSamples.Sample)sample).Bytes;
        var sets = Reactor.Protocol.Codecs.AvcConfig.Read(expected)!.ParameterSets.ToArray();

        var track = Describe([0x17, 0, 0, 0, 0, .. sets]);

        Assert.That(Convert.ToHexString(track.Config), Is.EqualTo(Convert.ToHexString(expected)));
    }

    [Test]
    public void An_hvcC_says_that_its_sets_are_complete()
    {
        var track = Describe([0x90, .. "hvc1"u8, .. Hevc]);

        var expected = Hevc.ToArray();
        expected[23] |= 0x80;
        Assert.That((track.Codec, track.ConfigType), Is.EqualTo(("hvc1", "hvcC")));
        Assert.That(track.Config.Take(24), Is.EqualTo(expected.Take(24)));
        Assert.That(
            track.Config.Zip(Hevc).Where(pair => pair.First != pair.Second)
                .Select(pair => (pair.First, pair.Second)),
            Is.EqualTo(new[] { (0xA0, 0x20), (0xA1, 0x21), (0xA2, 0x22) }));
    }

    [TestCaseSource(typeof(ConfigSamples), nameof(ConfigSamples.OfHevc))]
    public void An_hvcC_is_made_of_sets_behind_start_codes(object sample)
    {
        var whole = Describe([0x90, .. "hvc1"u8, .. ((ConfigSamples.Sample)sample).Bytes]).Config;
        var sets = Reactor.Protocol.Codecs.HevcConfig.Read(whole)!.ParameterSets.ToArray();

        var made = Describe([0x90, .. "hvc1"u8, .. sets]).Config;

        Assert.That(made[1..13], Is.EqualTo(whole[1..13]), "profile, tier and level");
        Assert.That(made[15..19], Is.EqualTo(whole[15..19]), "chroma and depths");
        Assert.That(made[22..], Is.EqualTo(whole[22..]), "sets");
    }

    [Test]
    public void Sets_that_come_with_the_frames_are_told_by_avc3() =>
        Assert.That(
            Describe([0x17, 0, 0, 0, 0, 1, 0x64, 0, 0x1F, 0xFF, 0xE0, 0]).Codec,
            Is.EqualTo("avc3"));

    [Test]
    public void VP9_has_the_size_of_its_keyframes()
    {
        byte[] config = [0x90, .. "vp09"u8, 0, 0x1F, 0x80, 1, 1, 1, 0, 0];
        byte[] key = [0x91, .. "vp09"u8, .. Convert.FromHexString("824983420000000000EFC00000")];
        var known = Mp4VideoTrack.Read(VideoTagHeader.Read(config), config, null);
        var sized = Mp4VideoTrack.Read(VideoTagHeader.Read(key), key, known);

        Assert.That(sized!.Facts.Width, Is.GreaterThan(0));
        Assert.That(sized, Is.Not.SameAs(known));
        Assert.That(
            Mp4VideoTrack.Read(VideoTagHeader.Read(key), key, sized), Is.SameAs(sized));
        Assert.That(Describe(sized).Config, Is.EqualTo(
            new byte[] { 1, 0, 0, 0, 0, 0x1F, 0x80, 1, 1, 1, 0, 0 }));
    }

    [Test]
    public void The_same_configuration_is_the_same_track()
    {
        byte[] header = [0x17, 0, 0, 0, 0, .. ConfigSamples.Main.Bytes];
        var track = Mp4VideoTrack.Read(VideoTagHeader.Read(header), header, null);

        Assert.That(
            Mp4VideoTrack.Read(VideoTagHeader.Read(header), header, track), Is.SameAs(track));
    }

    [TestCase("AF001210", "mp4a", 2, 44_100u, "esds",
        "00000000 0380808022 000000 0480808014 4015000000 00000000 00000000 0580808002 1210"
            + "0680808001 02",
        Description = "AAC: ISO 14496-1 §7.2.6")]
    [TestCase("2FFFFB9064", "mp4a", 2, 44_100u, "esds",
        "00000000 038080801B 000000 048080800D 6B15000000 00000000 00000000 0680808001 02",
        Description = "MP3")]
    [TestCase("90 4F707573 4F70757348656164 01 02 3801 80BB0000 0100 00", "Opus", 2, 48_000u,
        "dOps", "00 02 0138 0000BB80 0001 00", Description = "Opus in ISOBMFF §4.3.2")]
    [TestCase("90 664C6143 664C6143 80000022 10001000000000000000"
        + "0BB802F00000000000000000000000000000000000000000", "fLaC", 2, 48_000u, "dfLa",
        "00000000 80000022 10001000000000000000"
            + "0BB802F00000000000000000000000000000000000000000",
        Description = "FLAC in ISOBMFF §3.3.2")]
    [TestCase("91 61632D33 0B77B50B1E40EBF8403E", "ac-3", 6, 48_000u, "dac3", "103DE0",
        Description = "ETSI TS 102 366 §F.4")]
    [TestCase("91 65632D33 0B77053FBF87C0000004", "ec-3", 6, 32_000u, "dec3", "0E00 A00F00",
        Description = "ETSI TS 102 366 §F.6")]
    public void Audio_is_described(
        string payload, string codec, int channels, uint timescale, string type, string config)
    {
        var bytes = Convert.FromHexString(payload.Replace(" ", ""));
        var track = Mp4AudioTrack.Read(AudioTagHeader.Read(bytes), bytes, null);
        var described = Describe(track!);

        Assert.That(
            (described.Codec, described.Channels, described.Timescale, described.ConfigType),
            Is.EqualTo((codec, channels, timescale, type)));
        Assert.That(
            Convert.ToHexString(described.Config), Is.EqualTo(config.Replace(" ", "")));
    }

    private static Mp4Described Describe(byte[] payload) =>
        Describe(Mp4VideoTrack.Read(VideoTagHeader.Read(payload), payload, null)!);

    private static Mp4Described Describe(Mp4Track track)
    {
        var pool = new PacketPool();
        var init = Mp4Init.Write(pool, track as Mp4VideoTrack, track as Mp4AudioTrack);
        var walk = new Mp4Walk();
        walk.ReadInit(init.Written);
        init.Release();
        return walk.Tracks.Single();
    }
}
