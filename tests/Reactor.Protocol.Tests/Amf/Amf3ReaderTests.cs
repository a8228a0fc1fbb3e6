using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Amf;

namespace Reactor.Protocol.Tests.Amf;

/// <summary>AMF3 as it comes: one value behind the marker 0x11 of an AMF0 body.</summary>
[TestFixture]
public sealed class Amf3ReaderTests
{
    [TestCase("00", AmfKind.Undefined, "Undefined")]
    [TestCase("01", AmfKind.Null, "Null")]
    [TestCase("02", AmfKind.Boolean, "false")]
    [TestCase("03", AmfKind.Boolean, "true")]
    [TestCase("04 00", AmfKind.Number, "0")]
    [TestCase("04 7F", AmfKind.Number, "127")]
    [TestCase("04 8100", AmfKind.Number, "128")]
    [TestCase("04 FF7F", AmfKind.Number, "16383")]
    [TestCase("04 818000", AmfKind.Number, "16384")]
    [TestCase("04 80C08000", AmfKind.Number, "2097152")]
    [TestCase("04 BFFFFFFF", AmfKind.Number, "268435455")]
    [TestCase("04 C0808000", AmfKind.Number, "-268435456")]
    [TestCase("04 FFFFFFFF", AmfKind.Number, "-1")]
    [TestCase("05 4059000000000000", AmfKind.Number, "100")]
    [TestCase("06 07 616263", AmfKind.String, "\"abc\"")]
    [TestCase("06 01", AmfKind.String, "\"\"")]
    [TestCase("07 09 3C612F3E", AmfKind.Xml, "\"<a/>\"")]
    [TestCase("0B 09 3C612F3E", AmfKind.Xml, "\"<a/>\"")]
    [TestCase("08 01 4059000000000000", AmfKind.Date, "100")]
    [TestCase("09 05 01 02 03", AmfKind.StrictArray, "StrictArray(2)")]
    [TestCase("09 01 03 61 03 01", AmfKind.EcmaArray, "EcmaArray(1)")]
    [TestCase("0A 0B 01 03 61 03 01", AmfKind.Object, "Object(1)")]
    [TestCase("0C 07 010203", AmfKind.ByteArray, "ByteArray(3)")]
    public void Every_marker_is_read_to_its_last_byte(string hex, AmfKind kind, string text)
    {
        var reader = new Amf0Reader([0x11, .. AmfWire.Hex(hex), 0x01, 0x01]);

        var value = reader.Read();

        Assert.That(value.Kind, Is.EqualTo(kind));
        Assert.That(value.ToString(), Is.EqualTo(text));
        Assert.That(reader.Read().AsBoolean(), Is.True, "AMF0 goes on behind it");
    }

    [Test]
    public void An_array_has_named_members_and_items()
    {
        var array = Read("09 05 03 61 04 07 01 04 08 04 09");

        Assert.That(array.Kind, Is.EqualTo(AmfKind.EcmaArray));
        Assert.That(array["a"].AsInt32(), Is.EqualTo(7));
        Assert.That(array.Items.ToArray().Select(item => item.AsInt32()), Is.EqualTo([8, 9]));
    }

    [Test]
    public void A_string_is_sent_once_and_then_referred_to()
    {
        //                 object, dynamic, anonymous; ab: "cd", cd: "ab"
        var value = Read("0A 0B 01 05 6162 06 05 6364 02 06 00 01");

        Assert.That(value["ab"].AsString(), Is.EqualTo("cd"));
        Assert.That(value["cd"].AsString(), Is.EqualTo("ab"));
    }

    [Test]
    public void Objects_of_one_class_share_their_traits()
    {
        //                [2]   class C {x}            second by reference to traits 0
        var value = Read("09 05 01 0A 13 03 43 03 78 04 05 0A 01 04 06");

        Assert.That(value.Items[0].ClassName, Is.EqualTo("C"));
        Assert.That(value.Items[0]["x"].AsInt32(), Is.EqualTo(5));
        Assert.That(value.Items[1].ClassName, Is.EqualTo("C"));
        Assert.That(value.Items[1]["x"].AsInt32(), Is.EqualTo(6));
    }

    [Test]
    public void A_sealed_and_dynamic_object_has_both_kinds_of_members()
    {
        var value = Read("0A 1B 03 43 03 78 04 05 03 79 04 06 01");

        Assert.That(value["x"].AsInt32(), Is.EqualTo(5));
        Assert.That(value["y"].AsInt32(), Is.EqualTo(6));
    }

    [Test]
    public void An_object_is_referred_to_by_its_place()
    {
        var value = Read("09 05 01 0A 0B 01 03 61 03 01 0A 02");

        Assert.That(value.Items[1]["a"].AsBoolean(), Is.True);
    }

    [TestCase("0A 07 03 43", "externalizable")]
    [TestCase("0A 02", "not complete")]
    [TestCase("09 05 01 09 00", "not complete")]            // the array within itself
    [TestCase("0A 05", "traits 1")]
    [TestCase("06 04", "not complete")]
    [TestCase("0D 03 00 00000001", "no AMF3 marker that is read: 0x0d")]
    [TestCase("11", "no AMF3 marker that is read: 0x11")]
    [TestCase("0C FFFFFFFF", "a string of 268435455 bytes")]
    [TestCase("06 FFFFFFFF", "a string of 268435455 bytes")]
    [TestCase("09 FFFFFFFF 01", "ends within a value")]
    [TestCase("0A FFFFFFFB 01", "ends within a value")]
    [TestCase("04 80", "ends within a value")]
    public void What_cannot_be_read_is_refused_by_name(string hex, string why) =>
        Assert.That(AmfWire.Fault([0x11, .. AmfWire.Hex(hex)]), Does.Contain(why));

    [Test]
    public void A_value_cut_short_anywhere_is_refused()
    {
        var whole = AmfWire.Hex("11 09 05 03 61 04 07 01 0A 13 03 43 03 78 04 05 0A 01 04 06");

        for (var length = 1; length < whole.Length; length++)
            Assert.That(AmfWire.Fault(whole.AsSpan(0, length)), Is.Not.Null);
        Assert.That(AmfWire.Fault(whole), Is.Null);
    }

    private static AmfValue Read(string hex)
    {
        var reader = new Amf0Reader([0x11, .. AmfWire.Hex(hex)]);
        var value = reader.Read();
        Assert.That(reader.AtEnd, Is.True);
        return value;
    }
}
