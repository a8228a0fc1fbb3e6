using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Codecs;

namespace Reactor.Protocol.Tests.Codecs;

[TestFixture]
public sealed class NaluReaderTests
{
    [Test]
    public void Units_are_read_behind_lengths_of_any_size([Values(1, 2, 3, 4)] int lengthBytes)
    {
        byte[][] units = [Unit(2), Unit(200), Unit(1)];

        Assert.That(Read(Counted(units, lengthBytes), lengthBytes), Is.EqualTo(units));
    }

    [Test]
    public void A_length_of_256_to_511_is_no_start_code([Values(256, 257, 300, 511)] int length)
    {
        byte[][] units = [Unit(length), Unit(5)];

        var frame = Counted(units, 4);          // begins with 00 00 01

        Assert.That(NaluReader.StartsWithCode(frame));
        Assert.That(new NaluReader(frame, 4).IsAnnexB, Is.False);
        Assert.That(Read(frame, 4), Is.EqualTo(units));
    }

    [Test]
    public void A_length_of_1_is_no_start_code()
    {
        byte[][] units = [[0x0A], Unit(300)];   // an end of sequence: 00 00 00 01 0A

        Assert.That(Read(Counted(units, 4), 4), Is.EqualTo(units));
    }

    [Test]
    public void Start_codes_of_three_and_four_bytes_are_read(
        [Values(1, 2, 4)] int lengthBytes, [Values(3, 4)] int first, [Values(3, 4)] int rest)
    {
        byte[][] units = [Unit(2), Unit(300), Unit(40)];
        var frame = Coded(units, first, rest);

        Assert.That(new NaluReader(frame, lengthBytes).IsAnnexB);   // Q52
        Assert.That(Read(frame, lengthBytes), Is.EqualTo(units));
    }

    [Test]
    public void Random_frames_are_read_as_they_were_written([Range(0, 99)] int seed)
    {
        var random = new Random(seed);
        var units = Enumerable.Range(0, random.Next(1, 8))
            .Select(_ => Unit(random.Next(1, random.Next(2) == 0 ? 600 : 10), random.Next()))
            .ToArray();

        Assert.That(Read(Counted(units, 4), 4), Is.EqualTo(units), "lengths");
        Assert.That(Read(Coded(units, 4, random.Next(3, 5)), 4), Is.EqualTo(units), "codes");
    }

    [Test]
    public void Empty_units_are_passed_over()
    {
        Assert.That(
            Read([0, 0, 0, 0, 0, 0, 0, 2, 0x65, 0x80], 4), Is.EqualTo(new[] { Unit(2) }));
        Assert.That(Read([0, 0, 0, 1, 0, 0, 1, 0x65, 0x80, 0, 0], 4),
            Is.EqualTo(new[] { Unit(2) }));
    }

    [Test]
    public void What_is_cut_short_is_left_out()
    {
        byte[][] units = [Unit(4), Unit(9)];
        var frame = Counted(units, 4);

        for (var length = 0; length < frame.Length; length++)
        {
            var whole = length < 8 ? 0 : 1;
            Assert.That(Read(frame[..length], 4), Is.EqualTo(units.Take(whole)), $"{length}");
        }
    }

    private static List<byte[]> Read(byte[] frame, int lengthBytes)
    {
        var units = new List<byte[]>();
        var reader = new NaluReader(frame, lengthBytes);
        while (reader.TryRead(out var nalu))
            units.Add(nalu.ToArray());
        return units;
    }

    /// <summary>A unit as an encoder writes it: no start code in it, no zero at its end.</summary>
    private static byte[] Unit(int length, int seed = 1)
    {
        var unit = new byte[length];
        new Random(seed).NextBytes(unit);
        for (var i = 1; i < length; i++)
            unit[i] |= 0x10;
        unit[0] = 0x65;
        unit[^1] = length == 1 ? (byte)0x65 : (byte)0x80;
        return unit;
    }

    private static byte[] Counted(byte[][] units, int lengthBytes)
    {
        var frame = new List<byte>();
        var length = new byte[4];
        foreach (var unit in units)
        {
            BinaryPrimitives.WriteInt32BigEndian(length, unit.Length);
            frame.AddRange(length[^lengthBytes..]);
            frame.AddRange(unit);
        }
        return [.. frame];
    }

    private static byte[] Coded(byte[][] units, int first, int rest)
    {
        var frame = new List<byte>();
        foreach (var unit in units)
        {
            frame.AddRange(new byte[(frame.Count == 0 ? first : rest) - 1]);
            frame.Add(1);
            frame.AddRange(unit);
        }
        return [.. frame];
    }
}
