using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Amf;
using Reactor.Testing;

namespace Reactor.Protocol.Tests.Amf;

/// <summary>The bombs that other servers died of (limits.md), at and above each bound.</summary>
[TestFixture]
public sealed class AmfBoundsTests
{
    [TestCase(32, null)]
    [TestCase(33, "nested deeper than 32")]
    [TestCase(100_000, "nested deeper than 32")]
    public void Objects_nest_32_deep(int depth, string? why) =>
        Expect(why, Repeat(depth, 0x03, 0x00, 0x01, (byte)'a').Append<byte>(0x05));

    [TestCase(32, null)]
    [TestCase(33, "nested deeper than 32")]
    [TestCase(100_000, "nested deeper than 32")]
    public void Strict_arrays_nest_32_deep(int depth, string? why) =>
        Expect(why, Repeat(depth, 0x0A, 0, 0, 0, 1).Append<byte>(0x05));

    [TestCase(32, null)]
    [TestCase(33, "nested deeper than 32")]
    [TestCase(100_000, "nested deeper than 32")]
    public void Arrays_of_AMF3_nest_32_deep(int depth, string? why) =>
        Expect(why, [0x11, .. Repeat(depth, 0x09, 0x03, 0x01), 0x01]);

    [TestCase(1_024, null)]
    [TestCase(1_025, "more than 1024 values")]
    [TestCase(1_000_000, "more than 1024 values")]
    public void A_message_has_1024_values(int count, string? why) =>
        Expect(why, Repeat(count, 0x05));

    [TestCase(1_023, null)]
    [TestCase(1_024, "more than 1024 values")]
    [TestCase(50_000, "more than 1024 values")]
    public void An_object_has_as_many_members(int count, string? why) =>
        Expect(why, ObjectOf(count));

    [Test]
    public void What_is_beyond_the_bound_is_not_read()
    {
        var (justBeyond, farBeyond) = (ObjectOf(1_024).ToArray(), ObjectOf(50_000).ToArray());
        _ = AmfWire.Fault(justBeyond);          // once for the code itself

        Assert.That(
            Allocated.By(() => AmfWire.Fault(farBeyond)),
            Is.EqualTo(Allocated.By(() => AmfWire.Fault(justBeyond))).Within(16 << 10));
    }

    [TestCase("0A FFFFFFFF")]
    [TestCase("0C FFFFFFFF")]
    [TestCase("0F 7FFFFFFF")]
    [TestCase("02 FFFF")]
    [TestCase("11 09 FFFFFFFF 01")]
    [TestCase("11 0A FFFFFFFB 01")]
    [TestCase("11 0C FFFFFFFF")]
    public void A_claimed_count_allocates_nothing(string hex)
    {
        var body = AmfWire.Hex(hex);
        _ = AmfWire.Fault(body);                // once for the code itself
        var before = GC.GetAllocatedBytesForCurrentThread();

        var why = AmfWire.Fault(body);

        Assert.That(why, Is.Not.Null);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(16 << 10));
    }

    [TestCase(65_536, null)]
    [TestCase(65_537, "a string of 65537 bytes")]
    public void A_string_has_64_KiB(int length, string? why)
    {
        byte[] head = [0x0C, 0, 0, 0, 0];
        AmfWire.Put(head, offset: 1, (uint)length);

        Expect(why, [.. head, .. Repeat(length, (byte)'x')]);
    }

    [TestCase(4, null)]
    [TestCase(5, "more than 262144 bytes of text")]
    public void A_message_has_256_KiB_of_text(int strings, string? why)
    {
        byte[] text = [0x0C, 0, 1, 0, 0, .. Repeat(65_536, (byte)'x')];

        Expect(why, Enumerable.Repeat(text, strings).SelectMany(each => each));
    }

    [Test]
    public void References_are_charged_what_they_refer_to()
    {
        // [null x 10], then arrays of ten references to the one before: 10^n values written out.
        var body = new List<byte>([0x0A, 0, 0, 0, 10, .. Repeat(10, 0x05)]);
        for (byte level = 0; level < 9; level++)
            body.AddRange([0x0A, 0, 0, 0, 10, .. Repeat(10, 0x07, 0, level)]);

        Expect("more than 1024 values", body);
    }

    [Test]
    public void References_to_strings_are_charged_their_length()
    {
        // AMF3: an array of one string of 16 KiB and 999 references to it, two bytes each.
        byte[] body =
        [
            0x11, 0x09, 0x8F, 0x51, 0x01, 0x06, 0x82, 0x80, 0x01, .. Repeat(16_384, (byte)'x'),
            .. Repeat(999, 0x06, 0x00),
        ];

        Expect("more than 262144 bytes of text", body);
    }

    [Test]
    public void Random_bytes_end_in_values_or_a_refusal([Range(0, 19)] int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 1_000; round++)
        {
            var body = new byte[random.Next(1, 200)];
            random.NextBytes(body);
            body[0] = (byte)random.Next(0x12);
            if (body.Length > 1 && body[0] == 0x11)
                body[1] = (byte)random.Next(0x0D);
            ReadAndWriteOut(body);
        }
    }

    [Test]
    public void Spoilt_bytes_end_in_values_or_a_refusal([Range(0, 19)] int seed)
    {
        var random = new Random(seed);
        var good = AmfWire.Hex(
            "02 0007 636F6E6E656374 00 3FF0000000000000 03 0003 617070 02 0004 6C697665 000009" +
            "0A 00000002 05 07 0000 11 09 05 03 61 04 07 01 0A 13 03 43 03 78 04 05 0A 01 04 06");
        for (var round = 0; round < 1_000; round++)
        {
            var body = good.AsSpan().ToArray();
            for (var spoilt = random.Next(1, 4); spoilt > 0; spoilt--)
                body[random.Next(body.Length)] = (byte)random.Next(256);
            ReadAndWriteOut(body);
        }
    }

    private static void ReadAndWriteOut(byte[] body)
    {
        var reader = new Amf0Reader(body);
        while (!reader.AtEnd && reader.TryRead(out var value))
        {
            var room = new byte[Amf0Writer.LengthOf(value)];
            var writer = new Amf0Writer(room);
            writer.Value(value);
            Assert.That(writer.Length, Is.EqualTo(room.Length));

            var again = new Amf0Reader(room);
            Assert.That(again.Read().Kind, Is.EqualTo(Written(value.Kind)));
            Assert.That(again.AtEnd, Is.True);
        }
    }

    private static AmfKind Written(AmfKind kind) =>
        kind == AmfKind.ByteArray ? AmfKind.Unsupported : kind;

    private static List<byte> ObjectOf(int members)
    {
        var body = new List<byte> { 0x03 };
        for (var i = 0; i < members; i++)
            body.AddRange([0, 3, (byte)(i >> 16), (byte)(i >> 8), (byte)i, 0x05]);
        body.AddRange([0, 0, 9]);
        return body;
    }

    private static void Expect(string? why, IEnumerable<byte> body)
    {
        var fault = AmfWire.Fault(body.ToArray());
        if (why is null)
            Assert.That(fault, Is.Null);
        else
            Assert.That(fault, Does.Contain(why));
    }

    private static IEnumerable<byte> Repeat(int count, params byte[] bytes) =>
        Enumerable.Repeat(bytes, count).SelectMany(each => each);
}
