using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Rtmp;
using Reactor.Protocol.Tests.Amf;

namespace Reactor.Protocol.Tests.Rtmp;

[TestFixture]
public sealed class RtmpCommandTests
{
    [Test]
    public void A_call_is_name_transaction_object_and_arguments()
    {
        var command = Read(AmfWire.Of((ref Amf0Writer body) =>
        {
            body.String("publish");
            body.Number(5);
            body.Null();
            body.String("cam");
            body.String("live");
        }));

        Assert.That(command.Name, Is.EqualTo("publish"));
        Assert.That(command.Transaction, Is.EqualTo(5));
        Assert.That(command.WantsAnswer, Is.True);
        Assert.That(command.StreamId, Is.EqualTo(7));
        Assert.That(command.Object.IsNullOrUndefined, Is.True);
        Assert.That(
            command.Arguments.Select(argument => argument.AsString()),
            Is.EqualTo(new[] { "cam", "live" }));
        Assert.That(command.Argument(2).Kind, Is.EqualTo(AmfKind.Undefined));
        Assert.That(command.ToString(), Is.EqualTo("publish(\"cam\", \"live\")"));
    }

    [Test]
    public void Everything_behind_the_name_may_be_missing()
    {
        var command = Read(AmfWire.Of((ref Amf0Writer body) => body.String("FCPublish")));

        Assert.That(command.WantsAnswer, Is.False);
        Assert.That(command.Arguments, Is.Empty);
        Assert.That(command.Argument(0).AsString(), Is.Null);
    }

    [TestCase(0)]
    [TestCase(1)]
    public void Type_17_is_AMF0_behind_a_byte_of_0_or_none(int zeros)       // Q30
    {
        byte[] body =
        [
            .. new byte[zeros],
            .. AmfWire.Of((ref Amf0Writer writer) =>
            {
                writer.String("connect");
                writer.Number(1);
            }),
        ];

        Assert.That(Read(body, MessageType.CommandAmf3).Name, Is.EqualTo("connect"));
    }

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void A_transaction_that_is_no_number_wants_no_answer(double transaction)
    {
        var command = Read(AmfWire.Of((ref Amf0Writer body) =>
        {
            body.String("call");
            body.Number(transaction);
        }));

        Assert.That(command.WantsAnswer, Is.False);
    }

    [TestCase("00 3FF0000000000000", TestName = "A_body_that_begins_with_a_number_is_no_command")]
    [TestCase("02 0004 63", TestName = "A_name_that_is_cut_off_is_no_command")]
    [TestCase("02 0001 63 00 00", TestName = "A_transaction_that_is_cut_off_is_no_command")]
    [TestCase("02 0001 63 FE", TestName = "An_unknown_marker_is_no_command")]
    [TestCase("05", TestName = "A_name_of_null_is_no_command")]
    public void No_command(string digits)                                   // S1.16
    {
        var body = AmfWire.Hex(digits);

        Assert.That(
            () => Read(body),
            Throws.TypeOf<ProtocolException>()
                .With.Property("Error").EqualTo(ProtocolError.Amf));
    }

    private static RtmpCommand Read(
        ReadOnlySpan<byte> body, MessageType type = MessageType.Command)
    {
        var payload = new PacketPool().Copy(body);
        return RtmpCommand.Read(new RtmpMessage(type, 0, 7, payload));
    }
}
