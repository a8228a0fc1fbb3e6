using System;
using System.Collections.Generic;
using NUnit.Framework;
using Reactor.Protocol.Amf;

namespace Reactor.Protocol.Tests.Amf;

[TestFixture]
public sealed class Amf0ReaderTests
{
    private static byte[] Connect => AmfWire.Of((ref writer) =>
    {
        writer.String("connect");
        writer.Number(1);
        writer.BeginObject();
        writer.Member("app", "live");
        writer.Member("tcUrl", "rtmp://127.0.0.1/live");
        writer.Member("fpad", false);
        writer.Member("audioCodecs", 3191);
        writer.EndObject();
    });

    [Test]
    public void A_command_reads_as_its_name_number_object_and_arguments()
    {
        var reader = new Amf0Reader(Connect);

        Assert.That(reader.Read().AsString(), Is.EqualTo("connect"));
        Assert.That(reader.Read().AsInt32(), Is.EqualTo(1));
        var command = reader.Read();
        Assert.That(command["tcUrl"].AsString(), Is.EqualTo("rtmp://127.0.0.1/live"));
        Assert.That(command["fpad"].AsBoolean(), Is.False);
        Assert.That(command["audioCodecs"].AsNumber(), Is.EqualTo(3191));
        Assert.That(command["tcurl"].Kind, Is.EqualTo(AmfKind.Undefined), "keys have a case");
        Assert.That(reader.AtEnd, Is.True);
        Assert.That(reader.ReadOptional().Kind, Is.EqualTo(AmfKind.Undefined));
    }

    [TestCase("00 4059000000000000", AmfKind.Number, "100")]
    [TestCase("01 01", AmfKind.Boolean, "true")]
    [TestCase("02 0003 616263", AmfKind.String, "\"abc\"")]
    [TestCase("03 0001 61 05 000009", AmfKind.Object, "Object(1)")]
    [TestCase("05", AmfKind.Null, "Null")]
    [TestCase("06", AmfKind.Undefined, "Undefined")]
    [TestCase("08 00000001 0001 61 05 000009", AmfKind.EcmaArray, "EcmaArray(1)")]
    [TestCase("0A 00000002 05 06", AmfKind.StrictArray, "StrictArray(2)")]
    [TestCase("0B 4059000000000000 FFC4", AmfKind.Date, "100")]
    [TestCase("0C 00000003 616263", AmfKind.String, "\"abc\"")]
    [TestCase("0D", AmfKind.Unsupported, "Unsupported")]
    [TestCase("0F 00000004 3C612F3E", AmfKind.Xml, "\"<a/>\"")]
    [TestCase("10 0001 43 0001 61 05 000009", AmfKind.Object, "Object(1)")]
    [TestCase("11 04 7F", AmfKind.Number, "127")]
    public void Every_marker_is_read_to_its_last_byte(string hex, AmfKind kind, string text)
    {
        var body = AmfWire.Hex(hex);
        var reader = new Amf0Reader([.. body, 0x01, 0x01]);

        var value = reader.Read();

        Assert.That(value.Kind, Is.EqualTo(kind));
        Assert.That(value.ToString(), Is.EqualTo(text));
        Assert.That(reader.Read().AsBoolean(), Is.True, "the next value follows at once");
    }

    [TestCase("04")]                            // movie clip: reserved
    [TestCase("09")]                            // an end without its object
    [TestCase("0E")]                            // record set: reserved
    [TestCase("12")]
    [TestCase("FF")]
    public void A_marker_that_is_none_is_refused(string hex) =>
        Assert.That(AmfWire.Fault(AmfWire.Hex(hex)), Does.Contain("no AMF0 marker: 0x"));

    [Test]
    public void A_value_cut_short_anywhere_is_refused_or_ends_its_objects()
    {
        var whole = AmfWire.Of((ref writer) =>
        {
            writer.BeginEcmaArray(2);
            writer.Key("list");
            writer.BeginStrictArray(2);
            writer.Number(1);
            writer.String("two");
            writer.Member("flag", true);
            writer.EndObject();
        });
        var accepted = new List<int>();

        for (var length = 0; length < whole.Length; length++)
        {
            var reader = new Amf0Reader(whole.AsSpan(0, length));
            if (reader.TryRead(out _))
                accepted.Add(length);
        }

        // Where a key or the end marker would begin, and nowhere else.
        Assert.That(accepted, Is.EqualTo(new[] { 5, 31, 39 }));
    }

    [Test]
    public void An_array_without_its_end_marker_is_whole_at_the_end_of_the_message()
    {
        var reader = new Amf0Reader(AmfWire.Hex("08 00000002 0005 7769647468 00 4094000000000000"));

        var metadata = reader.Read();

        Assert.That(metadata["width"].AsInt32(), Is.EqualTo(1280));
        Assert.That(reader.AtEnd, Is.True);
    }

    [Test]
    public void An_array_does_not_believe_its_count([Values(0u, 7u, uint.MaxValue)] uint count)
    {
        var body = AmfWire.Hex("08 00000000 0001 61 05 000009 05");
        AmfWire.Put(body, offset: 1, count);
        var reader = new Amf0Reader(body);

        Assert.That(reader.Read().Members.Length, Is.EqualTo(1));
        Assert.That(reader.Read().Kind, Is.EqualTo(AmfKind.Null));
    }

    [Test]
    public void A_member_may_have_an_empty_name()
    {
        var reader = new Amf0Reader(AmfWire.Hex("03 0000 05 0001 61 01 01 000009"));

        var value = reader.Read();

        Assert.That(value[""].Kind, Is.EqualTo(AmfKind.Null));
        Assert.That(value["a"].AsBoolean(), Is.True);
        Assert.That(reader.AtEnd, Is.True);
    }

    [Test]
    public void The_last_of_members_with_one_name_counts()
    {
        var reader = new Amf0Reader(AmfWire.Hex("03 0001 61 01 00 0001 61 01 01 000009"));

        Assert.That(reader.Read()["a"].AsBoolean(), Is.True);
    }

    [Test]
    public void A_reference_is_the_object_that_began_at_that_place()
    {
        //                               array 0 [ object 1 {a: true}, -> 1 ], -> 0
        var reader = new Amf0Reader(
            AmfWire.Hex("0A 00000002 03 0001 61 01 01 000009 07 0001 07 0000"));

        var items = reader.Read().Items.ToArray();
        var again = reader.Read();

        Assert.That(items[1]["a"].AsBoolean(), Is.True);
        Assert.That(again.Items[0]["a"].AsBoolean(), Is.True);
    }

    [TestCase("07 0000", TestName = "A_reference_to_nothing_is_refused")]
    [TestCase("03 0001 61 07 0000 000009", TestName = "A_reference_around_itself_is_refused")]
    public void A_reference_is_refused(string hex) =>
        Assert.That(AmfWire.Fault(AmfWire.Hex(hex)), Does.Contain("not complete"));

    [Test]
    public void A_type_17_body_is_AMF0_behind_a_zero_byte_or_without_one()      // Q30
    {
        byte[] withZero = [0, .. Connect];
        var reader = Amf0Reader.OfAmf3Message(withZero);
        Assert.That(reader.Read().AsString(), Is.EqualTo("connect"));

        reader = Amf0Reader.OfAmf3Message(Connect);
        Assert.That(reader.Read().AsString(), Is.EqualTo("connect"));
    }

    [Test]
    public void A_fault_tells_what_and_where()
    {
        var body = AmfWire.Hex("05 05 02 0009 616263");

        var refusal = Assert.Throws<ProtocolException>(() =>
        {
            var reader = new Amf0Reader(body);
            while (!reader.AtEnd)
                reader.Read();
        });

        Assert.That(refusal.Error, Is.EqualTo(ProtocolError.Amf));
        Assert.That(
            refusal.Detail, Is.EqualTo("the message ends within a value, at byte 5"));
    }

    [Test]
    public void Nothing_is_read_after_a_fault()
    {
        var reader = new Amf0Reader(AmfWire.Hex("FF 05 05"));

        Assert.That(reader.TryRead(out _), Is.False);
        Assert.That(reader.TryRead(out _), Is.False);
    }
}
