using System;
using NUnit.Framework;
using Reactor.Protocol.Codecs;

namespace Reactor.Protocol.Tests.Codecs;

[TestFixture]
public sealed class Mp3HeaderTests
{
    //        header    MPEG-1  rate  ch bytes samples
    [TestCase("FFFB9064", true, 44_100, 2, 417, 1152)]
    [TestCase("FFFB9264", true, 44_100, 2, 418, 1152)]
    [TestCase("FFFB94C4", true, 48_000, 1, 384, 1152)]
    [TestCase("FFF38064", false, 22_050, 2, 208, 576)]
    [TestCase("FFE388C4", false, 8_000, 1, 576, 576)]
    public void A_header_tells_rate_channels_and_length(
        string hex, bool isMpeg1, int rate, int channels, int length, int samples)
    {
        Assert.That(Mp3Header.TryRead(Convert.FromHexString(hex), out var header));
        Assert.That(header, Is.EqualTo(new Mp3Header(isMpeg1, rate, channels, length)));
        Assert.That(header.FrameSamples, Is.EqualTo(samples));
        Assert.That(header.Facts, Is.EqualTo(
            new AudioFacts("MP3", "mp4a.40.34", rate, channels, "")));
    }

    [TestCase("FFFB90", TestName = "cut short")]
    [TestCase("7FFB9064", TestName = "no sync word")]
    [TestCase("FFFD9064", TestName = "layer II")]
    [TestCase("FFF19064", TestName = "the reserved layer: ADTS")]
    [TestCase("FFEB9064", TestName = "the reserved version")]
    [TestCase("FFFB0064", TestName = "free bit rate")]
    [TestCase("FFFBF064", TestName = "bad bit rate")]
    [TestCase("FFFB9C64", TestName = "the reserved rate")]
    public void Other_bytes_are_no_header(string hex)
    {
        Assert.That(Mp3Header.TryRead(Convert.FromHexString(hex), out _), Is.False);
    }
}
