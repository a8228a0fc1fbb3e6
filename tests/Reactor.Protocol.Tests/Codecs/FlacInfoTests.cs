using System;
using NUnit.Framework;
using Reactor.Protocol.Codecs;

namespace Reactor.Protocol.Tests.Codecs;

/// <summary>FLAC as ffmpeg writes it.</summary>
[TestFixture]
public sealed class FlacInfoTests
{
    private const string Mark = "664c6143";
    private const string Head = "00000022";
    private const string Stereo =
        "20002000000c5f0023571770037000004b006495ec686006b3e188029a78a3513b8a";
    private const string Mono =
        "1200120000047e0004da0ac440f00000227464b80e4dc9c9bd5ca308a6942a1c06ec";

    [TestCase(Stereo, 96_000, 2)]
    [TestCase(Mono, 44_100, 1)]
    public void Its_beginning_tells_rate_and_channels(string info, int rate, int channels)
    {
        var expected = new AudioFacts("FLAC", "flac", rate, channels, "");
        foreach (var hex in (string[])[
            $"{Mark}{Head}{info}", $"{Mark}80000022{info}84000000", $"{Head}{info}", info])
        {
            Assert.That(FlacInfo.Read(Convert.FromHexString(hex)), Is.EqualTo(expected), hex);
        }
    }

    [Test]
    public void Half_of_it_is_none([Values(Mark + Head + Stereo, Head + Stereo, Stereo)] string hex)
    {
        var whole = Convert.FromHexString(hex);
        for (var length = 0; length < whole.Length; length++)
            Assert.That(FlacInfo.Read(whole.AsSpan(0, length)), Is.Null, $"{length} bytes");
    }

    [TestCase(Mark + "04000022" + Stereo, Description = "comments")]
    [TestCase(Mark + "00000023" + Stereo + "00", Description = "another length")]
    [TestCase(Mark + Stereo, Description = "no block")]
    [TestCase(Stereo + "00", Description = "a byte more")]
    [TestCase("000f" + "2000000c5f0023571770037000004b006495ec686006b3e188029a78a3513b8a",
        Description = "blocks that are too small")]
    [TestCase("20002000000c5f0023570000037000004b006495ec686006b3e188029a78a3513b8a",
        Description = "no rate")]
    public void Other_bytes_are_none(string hex) =>
        Assert.That(FlacInfo.Read(Convert.FromHexString(hex)), Is.Null);
}
