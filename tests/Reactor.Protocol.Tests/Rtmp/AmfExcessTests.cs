using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Rtmp;
using Reactor.Protocol.Tests.Amf;

namespace Reactor.Protocol.Tests.Rtmp;

/// <summary>
/// A command whose values are over the bounds of AMF is refused; the connection lives on.
/// </summary>
[TestFixture]
public sealed class AmfExcessTests
{
    /// <summary>The name, the transaction and the null of every command below.</summary>
    private const int HeadValues = 3;

    private static readonly byte[] Null = [0x05];

    [TestCase(32, true)]
    [TestCase(33, false)]
    [TestCase(60_000, false)]
    public void By_depth(int depth, bool isTaken) =>
        Expect(isTaken, "nested deeper than 32", Arrays(depth));

    [TestCase(1_024 - HeadValues, true)]
    [TestCase(1_025 - HeadValues, false)]
    [TestCase(100_000, false)]
    public void By_values(int count, bool isTaken) =>
        Expect(isTaken, "more than 1024 values", Enumerable.Repeat(Null, count));

    [TestCase(65_536, true)]
    [TestCase(65_537, false)]
    public void By_the_length_of_a_string(int length, bool isTaken) =>
        Expect(isTaken, "a string of 65537 bytes", [Text(length)]);

    [TestCase(3, true)]
    [TestCase(4, false)]
    public void By_text_in_all(int strings, bool isTaken) => Expect(
        isTaken, "more than 262144 bytes of text", Enumerable.Repeat(Text(65_536), strings));

    [Test]
    public void By_a_circle()
    {
        byte[] circle = [0x0A, 0, 0, 0, 1, 0x07, 0, 0];

        Expect(isTaken: false, "a reference to value 0, which is not complete", [circle]);
    }

    [Test]
    public void Without_a_transaction_it_is_left_out_and_counted()
    {
        using var talk = Talk.Connected();

        Assert.That(Say(talk, "createStream", 0, Arrays(33)), Is.Empty);
        Assert.That(talk.Conversation.Skipped, Is.EqualTo(1));
        Assert.That(talk.Handler.Bounds, Has.Count.EqualTo(1));
    }

    [TestCase("_result")]
    [TestCase("_error")]
    public void An_answer_is_not_answered(string name)
    {
        using var talk = Talk.Connected();

        Assert.That(Say(talk, name, 7, Arrays(33)), Is.Empty);
        Assert.That(talk.Conversation.Skipped, Is.EqualTo(1));
    }

    [Test]
    public void A_name_that_is_too_long_is_left_out_and_counted()
    {
        using var talk = Talk.Connected();

        Assert.That(
            talk.Hear(talk.Message(MessageType.Command, 0, Text(65_537))), Is.Empty);
        Assert.That(talk.Conversation.Skipped, Is.EqualTo(1));
    }

    [Test]
    public void A_connect_over_the_bounds_may_be_tried_again()
    {
        using var talk = new Talk();

        Assert.That(
            Say(talk, "connect", 1, Arrays(33)),
            Is.EqualTo(new[] { "_error 1 Null error:NetConnection.Call.Failed on 0" }));

        talk.Say("connect", 2, 0, Talk.Object(("app", AmfValue.Of("live"))));
        Assert.That(talk.Conversation.IsConnected, Is.True);
    }

    [TestCase("0A 00000002 05", TestName = "An_array_that_is_cut_off_ends_the_connection")]
    [TestCase("07 0000", TestName = "A_reference_to_nothing_ends_the_connection")]
    [TestCase("FE", TestName = "What_is_no_marker_ends_the_connection")]
    public void What_is_no_AMF(string digits)                               // S1.16
    {
        using var talk = Talk.Connected();

        Assert.That(
            () => Say(talk, "createStream", 3, [AmfWire.Hex(digits)]),
            Throws.TypeOf<ProtocolException>()
                .With.Property("Error").EqualTo(ProtocolError.Amf));
    }

    private static void Expect(bool isTaken, string why, IEnumerable<byte[]> arguments)
    {
        using var talk = Talk.Connected();

        var answers = Say(talk, "createStream", 3, arguments);

        Assert.That(answers, Is.EqualTo(new[]
        {
            isTaken
                ? "_result 3 Null 1 on 0"
                : "_error 3 Null error:NetConnection.Call.Failed on 0",
        }));
        Assert.That(talk.Conversation.Skipped, Is.EqualTo(isTaken ? 0 : 1));
        Assert.That(
            talk.Handler.Bounds, Is.EqualTo(isTaken ? Array.Empty<string>() : [$"Amf: {why}"]));
        Assert.That(
            talk.Say("createStream", 4, 0)[0], Does.StartWith("_result 4"), "it lives on");
    }

    private static List<string> Say(
        Talk talk, string name, double transaction, IEnumerable<byte[]> arguments) =>
        talk.Hear(talk.Message(
            MessageType.Command,
            0,
            [
                .. Talk.Body(name, transaction, AmfValue.Null),
                .. arguments.SelectMany(value => value),
            ]));

    private static IEnumerable<byte[]> Arrays(int depth) =>
        [.. Enumerable.Repeat<byte[]>([0x0A, 0, 0, 0, 1], depth), Null];

    private static byte[] Text(int length)
    {
        var text = new byte[5 + length];
        text[0] = 0x0C;
        AmfWire.Put(text, offset: 1, (uint)length);
        text.AsSpan(5).Fill((byte)'x');
        return text;
    }
}
