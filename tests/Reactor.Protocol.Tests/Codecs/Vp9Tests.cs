using System;
using NUnit.Framework;
using Reactor.Protocol.Codecs;

namespace Reactor.Protocol.Tests.Codecs;

/// <summary>VP9 as ffmpeg and libvpx write it, a picture of 322 by 182.</summary>
[TestFixture]
public sealed class Vp9Tests
{
    private const string Config = "000b820202020000";

    [TestCase(Config, "vp09.00.11.08", "0", "1.1")]
    [TestCase("01000000" + Config, "vp09.00.11.08", "0", "1.1", Description = "as in an MP4 box")]
    [TestCase("0100820202020000", "vp09.01.00.08", "1", "")]
    [TestCase("021fa00202020000", "vp09.02.31.10", "2", "3.1")]
    [TestCase("033ec20202020000", "vp09.03.62.12", "3", "6.2")]
    public void A_configuration_tells_profile_level_and_depth(
        string hex, string codecs, string profile, string level) => Assert.That(
            Vp9Config.Read(Convert.FromHexString(hex)),
            Is.EqualTo(new VideoFacts("VP9", codecs, 0, 0, 0, profile, level)));

    [TestCase("040b820202020000", Description = "a profile that there is not")]
    [TestCase("000b020202020000", Description = "no depth")]
    public void Other_bytes_are_none(string hex) =>
        Assert.That(Vp9Config.Read(Convert.FromHexString(hex)), Is.Null);

    [Test]
    public void Half_a_configuration_is_none([Values(Config, "01000000" + Config)] string hex)
    {
        var whole = Convert.FromHexString(hex);
        for (var length = 0; length < whole.Length; length++)
            Assert.That(Vp9Config.Read(whole.AsSpan(0, length)), Is.Null, $"{length} bytes");
    }

    [TestCase("824983420014100b560838241c184a0006607fd1", 0)]
    [TestCase("a2498342000282016ac107048383094001147f91", 1, Description = "4:4:4")]
    [TestCase("92498342000a0805ab031c120e0c2c0003207f91", 2, Description = "10 bits")]
    [TestCase("a2498342e014100b560838241c184a0009707fd9", 1, Description = "RGB")]
    public void A_keyframe_tells_its_size(string hex, int profile)
    {
        const int lengthMin = 9;
        var frame = Convert.FromHexString(hex);
        for (var length = 0; length <= frame.Length; length++)
        {
            var isFrame = Vp9Frame.TryRead(frame.AsSpan(0, length), out var told);
            Assert.That(isFrame, Is.EqualTo(length >= lengthMin), $"{length} bytes");
            if (isFrame)
                Assert.That(told, Is.EqualTo(new Vp9Frame(profile, 322, 182)));
        }
    }

    [Test]
    public void What_is_shown_in_another_size_has_that_one()
    {
        // Coded as 16 by 8, shown as 32 by 24.
        var bits = "10" + "00" + "0" + "0" + "10" + "010010011000001101000010" + "0010"
            + "0000000000001111" + "0000000000000111" + "1"
            + "0000000000011111" + "0000000000010111" + "000";
        var bytes = new byte[bits.Length / 8];
        for (var i = 0; i < bytes.Length * 8; i++)
            bytes[i / 8] |= (byte)((bits[i] - '0') << (7 - (i % 8)));

        Assert.That(Vp9Frame.TryRead(bytes, out var told), Is.True);
        Assert.That(told, Is.EqualTo(new Vp9Frame(0, 32, 24)));
    }

    [TestCase("864983420014100b56083824", Description = "an inter frame")]
    [TestCase("884983420014100b56083824", Description = "it shows another one")]
    [TestCase("424983420014100b56083824", Description = "another marker")]
    [TestCase("824983430014100b56083824", Description = "no sync code")]
    [TestCase("ba4983420014100b56083824", Description = "profile 4")]
    public void Anything_else_is_no_keyframe(string hex) =>
        Assert.That(Vp9Frame.TryRead(Convert.FromHexString(hex), out _), Is.False);
}
