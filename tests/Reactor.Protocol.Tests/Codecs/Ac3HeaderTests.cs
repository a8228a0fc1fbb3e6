using System;
using NUnit.Framework;
using Reactor.Protocol.Codecs;

namespace Reactor.Protocol.Tests.Codecs;

/// <summary>Frames of AC-3 and E-AC-3 as ffmpeg writes them.</summary>
[TestFixture]
public sealed class Ac3HeaderTests
{
    [TestCase("0b77480d0c402f842bc1", 48_000, 1)]
    [TestCase("0b771ef84c402f842be1", 44_100, 1)]
    [TestCase("0b7795cd944043e106bf", 32_000, 2)]
    [TestCase("0b77fe95144043e106f4", 48_000, 2)]
    [TestCase("0b77b50b1e40ebf8403e", 48_000, 6)]
    [TestCase("0b77f71a9e40ebf8403e", 32_000, 6)]
    [TestCase("0b771d1e1c40cbe101ef", 48_000, 4, Description = "two and two")]
    [TestCase("0b77fe95144843e106f4", 24_000, 2, Description = "half the rate")]
    [TestCase("0b77fe95145043e106f4", 12_000, 2, Description = "a quarter of it")]
    public void A_frame_of_AC_3_tells_rate_and_channels(string hex, int rate, int channels) =>
        Check(hex, new AudioFacts("AC3", "ac-3", rate, channels, ""));

    [TestCase("0b7700bf3287c0002106", 48_000, 1)]
    [TestCase("0b7701a07487c0002084", 44_100, 2)]
    [TestCase("0b77053fbf87c0000004", 32_000, 6)]
    [TestCase("0b77037fc487c00020f8", 24_000, 2, Description = "a reduced rate")]
    [TestCase("0b77037fd487c00020f8", 22_050, 2)]
    public void A_frame_of_E_AC_3_tells_rate_and_channels(string hex, int rate, int channels) =>
        Check(hex, new AudioFacts("EAC3", "ec-3", rate, channels, ""));

    [TestCase("0b76b50b1e40ebf8403e", Description = "no sync word")]
    [TestCase("0b77b50bde40ebf8403e", Description = "no rate")]
    [TestCase("0b77037ff487c00020f8", Description = "no rate of E-AC-3")]
    [TestCase("0b77b50b1e88ebf8403e", Description = "a version to come")]
    public void Other_bytes_are_none(string hex) =>
        Assert.That(Ac3Header.Read(Convert.FromHexString(hex)), Is.Null);

    private static void Check(string hex, AudioFacts expected)
    {
        var frame = Convert.FromHexString(hex);
        for (var length = 0; length <= frame.Length; length++)
        {
            Assert.That(
                Ac3Header.Read(frame.AsSpan(0, length)),
                Is.EqualTo(length < 8 ? null : expected), $"{length} bytes");
        }
    }
}
