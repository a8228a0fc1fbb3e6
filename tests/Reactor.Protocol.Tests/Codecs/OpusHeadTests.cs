using System;
using NUnit.Framework;
using Reactor.Protocol.Codecs;

namespace Reactor.Protocol.Tests.Codecs;

[TestFixture]
public sealed class OpusHeadTests
{
    private static byte[] Head(byte version, byte channels, int inputRate) =>
    [
        .. "OpusHead"u8, version, channels, 0x38, 1, .. BitConverter.GetBytes(inputRate), 0, 0, 0,
    ];

    [TestCase(1, 48_000)]
    [TestCase(2, 44_100)]
    [TestCase(6, 8_000)]
    public void A_header_tells_channels_and_the_rate_is_always_the_same(int channels, int rate)
    {
        Assert.That(
            OpusHead.Read(Head(1, (byte)channels, rate)),
            Is.EqualTo(new AudioFacts("Opus", "opus", 48_000, channels, "")));
    }

    [Test]
    public void Other_bytes_are_no_header()
    {
        var head = Head(1, 2, 48_000);
        for (var length = 0; length < head.Length; length++)
            Assert.That(OpusHead.Read(head.AsSpan(0, length)), Is.Null, $"{length} bytes");
        Assert.That(OpusHead.Read(Head(16, 2, 48_000)), Is.Null, "a version to come");
        Assert.That(OpusHead.Read(Head(1, 0, 48_000)), Is.Null, "no channel");
    }
}
