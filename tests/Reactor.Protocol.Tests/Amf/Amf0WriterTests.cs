using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Amf;

namespace Reactor.Protocol.Tests.Amf;

[TestFixture]
public sealed class Amf0WriterTests
{
    [Test]
    public void An_object_is_written_as_section_2_5_draws_it()
    {
        var bytes = AmfWire.Of((ref writer) =>
        {
            writer.BeginObject();
            writer.Member("on", true);
            writer.Member("n", 1);
            writer.Member("s", "é");
            writer.EndObject();
        });

        Assert.That(bytes, Is.EqualTo(AmfWire.Hex(
            "03 0002 6F6E 01 01 0001 6E 00 3FF0000000000000 0001 73 02 0002 C3A9 000009")));
    }

    [Test]
    public void Arrays_null_and_undefined_are_written_as_drawn()
    {
        var bytes = AmfWire.Of((ref writer) =>
        {
            writer.BeginEcmaArray(1);
            writer.Key("a");
            writer.BeginStrictArray(2);
            writer.Null();
            writer.Undefined();
            writer.EndObject();
        });

        Assert.That(bytes, Is.EqualTo(AmfWire.Hex("08 00000001 0001 61 0A 00000002 05 06 000009")));
    }

    [TestCase(65_535, 0x02)]
    [TestCase(65_536, 0x0C)]
    public void A_string_over_65535_bytes_is_a_long_string(int length, int marker)
    {
        var text = new string('x', length);

        var bytes = AmfWire.Of((ref writer) => writer.String(text));

        Assert.That(bytes[0], Is.EqualTo(marker));
        Assert.That(bytes, Has.Length.EqualTo(Amf0Writer.LengthOf(AmfValue.Of(text))));
        Assert.That(new Amf0Reader(bytes).Read().AsString(), Is.EqualTo(text));
    }

    [TestCase("00 4059000000000000")]
    [TestCase("01 01")]
    [TestCase("02 0003 616263")]
    [TestCase("03 0001 61 05 000009")]
    [TestCase("05")]
    [TestCase("06")]
    [TestCase("08 00000001 0001 61 05 000009")]
    [TestCase("0A 00000002 05 06")]
    [TestCase("0B 4059000000000000 0000")]
    [TestCase("0D")]
    [TestCase("0F 00000004 3C612F3E")]
    [TestCase("10 0001 43 0001 61 05 000009")]
    public void A_value_is_echoed_byte_for_byte(string hex)
    {
        var body = AmfWire.Hex(hex);
        var value = new Amf0Reader(body).Read();

        Assert.That(AmfWire.Of((ref writer) => writer.Value(value)), Is.EqualTo(body));
        Assert.That(Amf0Writer.LengthOf(value), Is.EqualTo(body.Length));
    }

    [Test]
    public void An_array_of_AMF3_with_names_and_items_names_its_items_by_place()
    {
        var value = new Amf0Reader(AmfWire.Hex("11 09 03 03 61 02 01 03")).Read();

        Assert.That(
            AmfWire.Of((ref writer) => writer.Value(value)),
            Is.EqualTo(AmfWire.Hex("08 00000002 0001 61 01 00 0001 30 01 01 000009")));
    }

    [Test]
    public void Too_little_room_is_our_own_fault() =>
        Assert.Throws<InvariantException>(() => new Amf0Writer(new byte[8]).Number(1));

    [Test]
    public void A_value_answers_only_for_what_it_is()
    {
        Assert.That(AmfValue.Of(2.5).AsInt32(), Is.Null);
        Assert.That(AmfValue.Of(double.NaN).AsInt32(), Is.Null);
        Assert.That(AmfValue.Of(2_147_483_648.0).AsInt32(), Is.Null);
        Assert.That(AmfValue.Of(-2_147_483_648.0).AsInt32(), Is.EqualTo(int.MinValue));
        Assert.That(AmfValue.Of(2).AsBoolean(), Is.True);
        Assert.That(AmfValue.Of("true").AsBoolean(), Is.Null);
        Assert.That(AmfValue.Of(true).AsNumber(), Is.Null);
        Assert.That(AmfValue.Null["key"].IsNullOrUndefined, Is.True);
        Assert.That(default(AmfValue).Members.Length, Is.Zero);
        Assert.That(default(AmfValue).Bytes.Length, Is.Zero);
    }
}
