using System;
using NUnit.Framework;

namespace Reactor.Primitives.Tests;

[TestFixture]
public sealed class ByteReaderTests
{
    [Test]
    public void What_was_written_is_read_again()
    {
        var bytes = new byte[32];
        var writer = new ByteWriter(bytes);
        writer.Byte(0x7F);
        writer.UInt16(0xFFFE);
        writer.UInt24(0x01_02_03);
        writer.UInt32(0xDEAD_BEEF);
        writer.Double(-0.1);
        writer.Bytes([9, 8]);

        var reader = new ByteReader(bytes.AsSpan(0, writer.Length));
        Assert.That(reader.TryReadByte(out var one) && one == 0x7F);
        Assert.That(reader.TryReadUInt16(out var two) && two == 0xFFFE);
        Assert.That(reader.TryReadUInt24(out var three) && three == 0x01_02_03);
        Assert.That(reader.TryReadUInt32(out var four) && four == 0xDEAD_BEEF);
        Assert.That(reader.TryReadDouble(out var eight) && eight == -0.1);
        Assert.That(reader.Rest.ToArray(), Is.EqualTo(new byte[] { 9, 8 }));
    }

    [Test]
    public void Numbers_are_big_endian_but_for_the_one_that_says_otherwise()
    {
        var bytes = new byte[9];
        var writer = new ByteWriter(bytes);
        writer.UInt16(0x0102);
        writer.UInt24(0x030405);
        writer.UInt32LittleEndian(0x06070809);

        Assert.That(bytes, Is.EqualTo(new byte[] { 1, 2, 3, 4, 5, 9, 8, 7, 6 }));
    }

    [Test]
    public void Too_few_bytes_are_an_answer_and_nothing_is_taken([Range(0, 7)] int length)
    {
        var reader = new ByteReader(new byte[length]);

        Assert.That(reader.TryReadDouble(out _), Is.False);
        Assert.That(reader.TryRead(length + 1, out _), Is.False);
        Assert.That(reader.TrySkip(-1), Is.False);
        Assert.That(reader.Remaining, Is.EqualTo(length));
    }

    [TestCase(int.MinValue)]
    [TestCase(int.MaxValue)]
    public void A_hostile_count_is_answered_like_any_that_is_too_long(int count)
    {
        var reader = new ByteReader(new byte[8]);

        Assert.That(reader.TryRead(count, out var bytes), Is.False);
        Assert.That(bytes.IsEmpty);
        Assert.That(reader.TrySkip(count), Is.False);
        Assert.That(reader.Remaining, Is.EqualTo(8));
    }
}
