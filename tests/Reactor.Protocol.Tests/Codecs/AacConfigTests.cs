using System;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Codecs;

namespace Reactor.Protocol.Tests.Codecs;

[TestFixture]
public sealed class AacConfigTests
{
    //        bytes             type core    heard  ch  string         profile
    [TestCase("1210", 2, 44_100, 44_100, 2, "mp4a.40.2", "LC")]
    [TestCase("1190", 2, 48_000, 48_000, 2, "mp4a.40.2", "LC")]
    [TestCase("1310", 2, 24_000, 24_000, 2, "mp4a.40.2", "LC")]
    [TestCase("1588", 2, 8_000, 8_000, 1, "mp4a.40.2", "LC")]
    [TestCase("11B0", 2, 48_000, 48_000, 6, "mp4a.40.2", "LC")]
    [TestCase("11B8", 2, 48_000, 48_000, 8, "mp4a.40.2", "LC")]
    [TestCase("0A10", 1, 44_100, 44_100, 2, "mp4a.40.1", "Main")]
    [TestCase("2B118800", 2, 24_000, 48_000, 2, "mp4a.40.5", "HE-AAC")]
    [TestCase("EB098800", 2, 24_000, 48_000, 2, "mp4a.40.29", "HE-AAC v2")]
    [TestCase("131056E598", 2, 24_000, 48_000, 2, "mp4a.40.5", "HE-AAC")]
    [TestCase("130856E59D4880", 2, 24_000, 48_000, 2, "mp4a.40.29", "HE-AAC v2")]
    [TestCase("131056E500", 2, 24_000, 24_000, 2, "mp4a.40.2", "LC")]
    [TestCase("1780562210", 2, 44_100, 44_100, 2, "mp4a.40.2", "LC")]
    public void A_configuration_of_two_to_seven_bytes_is_read(
        string hex, int type, int core, int heard, int channels, string rfc6381, string profile)
    {
        var config = AacConfig.Read(Convert.FromHexString(hex))!;     // Q55

        Assert.That(config.ObjectType, Is.EqualTo(type));
        Assert.That(config.SampleRate, Is.EqualTo(core));
        Assert.That(config.FrameSamples, Is.EqualTo(1024));
        Assert.That(config.AdtsObstacle, Is.Null);
        Assert.That(config.Facts, Is.EqualTo(
            new AudioFacts("AAC", rfc6381, heard, channels, profile)));
    }

    [TestCase("F8E620", "AAC object type 39")]      // ELD: no room for 39 in two bits
    [TestCase("1200", "AAC channel configuration 0")]
    [TestCase("125C", "AAC channel configuration 11")]
    [TestCase("1214", "AAC frames of 960 samples")]
    [TestCase("178003E810", "AAC at 2000 Hz")]
    public void What_no_adts_header_can_tell_is_told(string hex, string obstacle)
    {
        Assert.That(AacConfig.Read(Convert.FromHexString(hex))?.AdtsObstacle,
            Is.EqualTo(obstacle));
    }

    [TestCase("")]
    [TestCase("12")]
    [TestCase("16B8")]                          // rate index 13 is reserved
    public void What_is_cut_short_or_has_no_rate_is_no_configuration(string hex)
    {
        Assert.That(AacConfig.Read(Convert.FromHexString(hex)), Is.Null);
    }

    [Test]
    public void Any_three_bytes_are_read_without_failure()
    {
        for (var bits = 0; bits < 1 << 16; bits++)
        {
            var config = AacConfig.Read([(byte)(bits >> 8), (byte)bits, 0x56, 0xE5, 0x98]);
            if (config is { AdtsObstacle: null })
                Assert.That(Written(config, 100), Has.Length.EqualTo(7));
        }
    }

    [TestCase("1210", 1, "FFF150800 11FFC")]
    [TestCase("1190", 371, "FFF14C802F5FFC")]
    [TestCase("131056E598", 200, "FFF1588019FFFC")]
    [TestCase("11B8", 8184, "FFF14DC3FFFFFC")]
    public void An_adts_header_bears_rate_channels_and_length(
        string config, int length, string hex)
    {
        Assert.That(
            Convert.ToHexString(Written(AacConfig.Read(Convert.FromHexString(config))!, length)),
            Is.EqualTo(hex.Replace(" ", "")));
    }

    [Test]
    public void An_adts_header_is_read_as_it_was_written([Values(1, 2, 6, 7)] int channels)
    {
        var config = AacConfig.Read([0x12, (byte)(channels << 3)])!;
        byte[] frame = [.. Written(config, 50), .. new byte[50]];

        Assert.That(AdtsHeader.TryRead(frame, out var header));
        Assert.That(header, Is.EqualTo(new AdtsHeader(2, 44_100, channels, 7, 57)));
        Assert.That(AacConfig.Of(header).Facts, Is.EqualTo(config.Facts));
        for (var length = 0; length < frame.Length; length++)
            Assert.That(AdtsHeader.TryRead(frame.AsSpan(0, length), out _), Is.False);
    }

    private static byte[] Written(AacConfig config, int length)
    {
        var room = new byte[AdtsHeader.Length];
        var writer = new ByteWriter(room);
        AdtsHeader.Write(ref writer, config, length);
        return room;
    }
}
