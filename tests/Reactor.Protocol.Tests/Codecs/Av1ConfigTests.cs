using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Codecs;
using Reactor.Testing;

namespace Reactor.Protocol.Tests.Codecs;

[TestFixture]
public sealed class Av1ConfigTests
{
    private static readonly byte[] Head = [0x81, 0x08, 0x40, 0];

    /// <summary>What FFmpeg 8 wrote into Enhanced FLV: 980 by 540.</summary>
    private static byte[] Real
    {
        get
        {
            ReadOnlySpan<byte> file = Samples.Load("ertmp-av1-opus.flv");
            ReadOnlySpan<byte> before = [0x90, .. "av01"u8, 0x81];
            return file.Slice(file.IndexOf(before) + 5, 20).ToArray();
        }
    }

    [Test]
    public void A_real_configuration_tells_size_profile_and_level() => Assert.That(
        Av1Config.Read(Real),
        Is.EqualTo(new VideoFacts("AV1", "av01.1.04M.08", 980, 540, 0, "High", "3.0")));

    [Test]
    public void A_configuration_that_is_cut_short_tells_what_is_there()
    {
        var real = Real;
        for (var length = 0; length < real.Length; length++)
        {
            var facts = Av1Config.Read(real.AsSpan(0, length));
            Assert.That(facts is null, Is.EqualTo(length < 4), $"{length} bytes");
            Assert.That(facts?.Width ?? 0, Is.Zero, "its sequence header is not whole");
        }
    }

    [Test]
    public void Size_and_rate_are_found_behind_all_that_may_stand_before(
        [Values] bool timing, [Values] bool model, [Values] bool display, [Values(1, 3)] int points)
    {
        var sequence = Sequence(timing, timing && model, display, points);
        byte[] delimiter = [0x12, 0], filler = [0x7E, 0, 3, 1, 2, 3];

        var facts = Av1Config.Read([.. Head, .. delimiter, .. filler, .. Unit(sequence)])!;

        Assert.That((facts.Width, facts.Height), Is.EqualTo((1920, 1080)));
        Assert.That(facts.FramesPerSecond, Is.EqualTo(timing ? 29.97 : 0).Within(0.001));
        Assert.That(facts.Rfc6381, Is.EqualTo("av01.0.08M.10"));
        Assert.That((facts.Profile, facts.Level), Is.EqualTo(("Main", "4.0")));
    }

    [Test]
    public void A_still_picture_has_a_short_header()
    {
        var bits = new Bits();
        bits.Add(3, 0).Add(1, 1).Add(1, 1).Add(5, 8);
        AddSize(bits);

        var facts = Av1Config.Read([.. Head, 0x08, .. bits.Bytes])!;

        Assert.That((facts.Width, facts.Height), Is.EqualTo((1920, 1080)), "without a length");
    }

    [TestCase("8108400012", TestName = "no sequence header")]
    [TestCase("810840000AFF", TestName = "a length without an end")]
    [TestCase("810840000A0520", TestName = "a length beyond the end")]
    [TestCase("810840000AFFFFFFFFFFFFFFFF7F", TestName = "an enormous length")]
    public void Without_a_sequence_header_the_size_is_not_known(string hex)
    {
        var facts = Av1Config.Read(Convert.FromHexString(hex));
        Assert.That(facts, Is.Not.Null);
        Assert.That(facts.Width, Is.Zero);
    }

    [TestCase("01084000")]
    [TestCase("82084000")]
    [TestCase("810840")]
    public void Other_bytes_are_no_configuration(string hex) =>
        Assert.That(Av1Config.Read(Convert.FromHexString(hex)), Is.Null);

    private static byte[] Sequence(bool timing, bool model, bool display, int points)
    {
        var bits = new Bits();
        bits.Add(3, 0).Add(1, 0).Add(1, 0).Add(1, timing ? 1u : 0);
        if (timing)
        {
            bits.Add(32, 1001).Add(32, 60_000).Add(1, 1).Add(3, 0b010);     // two ticks a picture
            bits.Add(1, model ? 1u : 0);
            if (model)
                bits.Add(5, 9).Add(32, 7).Add(5, 3).Add(5, 4);
        }
        bits.Add(1, display ? 1u : 0).Add(5, (uint)points - 1);
        for (var i = 0; i < points; i++)
        {
            bits.Add(12, 0x101).Add(5, i == 0 ? 8u : 4);
            if (i == 0)
                bits.Add(1, 0);                 // a tier, of level 4.0 and above
            if (model)
                bits.Add(1, 1).Add(10, 1).Add(10, 2).Add(1, 1);
            if (display)
                bits.Add(1, 1).Add(4, 5);
        }
        AddSize(bits);
        return bits.Bytes;
    }

    private static void AddSize(Bits bits) =>
        bits.Add(4, 10).Add(4, 10).Add(11, 1919).Add(11, 1079).Add(20, 0);

    private static byte[] Unit(byte[] sequence) =>
        [0x0E, 0x10, (byte)(sequence.Length | 0x80), 0, .. sequence];  // extended, a long length

    private sealed class Bits
    {
        private readonly List<bool> _bits = [];

        public byte[] Bytes =>
            [.. _bits.Chunk(8).Select(eight => (byte)eight.Select((bit, i) =>
                bit ? 0x80 >> i : 0).Sum())];

        public Bits Add(int count, uint value)
        {
            for (var i = count - 1; i >= 0; i--)
                _bits.Add(((value >> i) & 1) != 0);
            return this;
        }
    }
}
