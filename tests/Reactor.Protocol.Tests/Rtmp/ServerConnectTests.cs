using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Rtmp;

namespace Reactor.Protocol.Tests.Rtmp;

/// <summary>connect and its answers (S1.18 to S1.20), and what comes before it.</summary>
[TestFixture]
public sealed class ServerConnectTests
{
    [Test]
    public void Connect_is_answered_in_the_order_of_S1_18()
    {
        using var talk = new Talk();

        var answers = talk.Say("connect", 1, 0, Talk.Object(("app", AmfValue.Of("live"))));

        Assert.That(talk.Calls, Is.EqualTo(new[] { "connect live  False" }));
        Assert.That(
            answers,
            Is.EqualTo(new[]
            {
                "WindowAcknowledgementSize 004C4B40",
                "SetPeerBandwidth 004C4B4002",
                "SetChunkSize 0000EA60",
                "UserControl 000000000000",
                "_result 1 Object(3) status:NetConnection.Connect.Success on 0",
            }));
    }

    [Test]
    public void The_bytes_of_the_answers_are_those_of_S1_20()
    {
        using var talk = new Talk();
        talk.Say("connect", 1, 0);
        var wire = talk.Handler.Wire.Skip(Talk.GreetingBytes).ToArray();

        Assert.That(
            Convert.ToHexString(wire.AsSpan(0, 67)),
            Is.EqualTo(
                "02000000000004050000000" + "0004C4B40"
                + "02000000000005060000000" + "0004C4B4002"
                + "02000000000004010000000" + "00000EA60"
                + "02000000000006040000000" + "0000000000000"));
        // Chunk stream 3, type 20, message stream 0, and in one chunk: its size was announced.
        var result = wire.AsSpan(67);
        Assert.That(result[0], Is.EqualTo(3));
        Assert.That(result[7], Is.EqualTo((byte)MessageType.Command));
        Assert.That((result[5] << 8) | result[6], Is.EqualTo(result.Length - 12));
        Assert.That(result.Length, Is.GreaterThan(128));
    }

    [Test]
    public void The_result_bears_what_clients_look_for()                    // S1.19
    {
        using var talk = new Talk();
        talk.Say(
            "connect", 7, 0,
            Talk.Object(("app", AmfValue.Of("live")), ("objectEncoding", AmfValue.Of(3))));

        var result = Result(talk);
        Assert.That(result.Transaction, Is.EqualTo(7));
        Assert.That(result.Object["fmsVer"].AsString(), Is.EqualTo("FMS/3,0,1,123"));
        Assert.That(result.Object["capabilities"].AsNumber(), Is.EqualTo(31));
        Assert.That(result.Argument(0)["objectEncoding"].AsNumber(), Is.EqualTo(3));   // Q30
        Assert.That(result.Object["fourCcList"].Kind, Is.EqualTo(AmfKind.Undefined));
    }

    [TestCase("fourCcList")]
    [TestCase("videoFourCcInfoMap")]
    [TestCase("audioFourCcInfoMap")]
    [TestCase("capsEx")]
    public void Enhanced_RTMP_is_answered_to_those_who_speak_it(string key)  // Q54
    {
        using var talk = new Talk();
        talk.Say("connect", 1, 0, Talk.Object((key, Enhanced(key))));

        Assert.That(talk.Calls[0], Does.EndWith("True"));
        var result = Result(talk);
        foreach (var place in new[] { result.Object, result.Argument(0) })
        {
            Assert.That(place["fourCcList"].Items[0].AsString(), Is.EqualTo("*"));
            Assert.That(place["videoFourCcInfoMap"]["*"].AsNumber(), Is.EqualTo(4));
            Assert.That(place["audioFourCcInfoMap"]["*"].AsNumber(), Is.EqualTo(4));
            Assert.That(place["capsEx"].AsNumber(), Is.EqualTo(14));
        }
    }

    [Test]
    public void Enhanced_RTMP_is_not_answered_where_it_is_off()
    {
        using var talk = new Talk(new ServerConversationSettings { IsEnhanced = false });
        talk.Say("connect", 1, 0, Talk.Object(("capsEx", AmfValue.Of(1))));

        Assert.That(Result(talk).Object["capsEx"].Kind, Is.EqualTo(AmfKind.Undefined));
    }

    [Test]
    public void OnBWDone_follows_where_it_is_on()                           // Q26
    {
        using var talk = new Talk(new ServerConversationSettings { SendsBandwidthDone = true });

        Assert.That(talk.Say("connect", 1, 0)[^1], Is.EqualTo("onBWDone 0 Null on 0"));
    }

    [Test]
    public void Connect_needs_no_object_nor_any_of_its_members()            // Q29
    {
        foreach (var about in new[] { AmfValue.Null, Talk.Object(), AmfValue.Of("?") })
        {
            using var talk = new Talk();

            Assert.That(talk.Say("connect", 1, 0, about), Has.Count.EqualTo(5));
            Assert.That(talk.Calls, Is.EqualTo(new[] { "connect   False" }));
        }
    }

    [Test]
    public void A_second_connect_is_an_error_and_changes_nothing()
    {
        using var talk = Talk.Connected();

        Assert.That(
            talk.Say("connect", 2, 0),
            Is.EqualTo(new[] { "_error 2 Null error:NetConnection.Call.Failed on 0" }));
        Assert.That(talk.Calls, Is.Empty);
        Assert.That(talk.Conversation.IsConnected, Is.True);
    }

    [Test]
    public void A_refused_connect_is_an_error_in_small_chunks()
    {
        using var talk = new Talk();
        talk.Handler.Answers = false;
        talk.Say("connect", 5, 0);

        talk.Conversation.RefuseConnect(StatusCode.ConnectInvalidApp, new string('x', 5000));

        Assert.That(
            talk.Answers(),
            Is.EqualTo(new[] { "_error 5 Null error:NetConnection.Connect.InvalidApp on 0" }));
    }

    [Test]
    public void What_asks_before_connect_is_refused_and_what_does_not_is_told()
    {
        using var talk = new Talk();

        Assert.That(
            talk.Say("createStream", 2, 0),
            Is.EqualTo(new[] { "_error 2 Null error:NetConnection.Call.Failed on 0" }));
        Assert.That(
            talk.Say("publish", 0, 1, AmfValue.Null, AmfValue.Of("cam")),
            Is.EqualTo(new[] { "onStatus 0 Null error:NetStream.Failed on 1" }));
        Assert.That(talk.Calls, Is.Empty);
    }

    [TestCase(MessageType.Audio)]
    [TestCase(MessageType.Video)]
    [TestCase(MessageType.Data)]
    [TestCase(MessageType.DataAmf3)]
    [TestCase(MessageType.Aggregate)]
    public void Media_before_connect_is_left_out(MessageType type)          // nginx-rtmp died of it
    {
        using var talk = new Talk();
        byte[] tag = [8, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 12];

        Assert.That(talk.Hear(talk.Message(type, 1, tag)), Is.Empty);
        Assert.That(talk.Calls, Is.Empty);
        Assert.That(talk.Conversation.Skipped, Is.EqualTo(1));
    }

    [Test]
    public void A_ping_before_connect_is_answered()
    {
        using var talk = new Talk();

        Assert.That(
            talk.Hear(talk.Message(MessageType.UserControl, 0, [0, 6, 0, 0, 0, 9])),
            Is.EqualTo(new[] { "UserControl 000700000009" }));
    }

    [Test]
    public void We_ping_once_connected()
    {
        using var talk = new Talk();
        talk.Conversation.Ping(5);
        Assert.That(talk.Answers(), Is.Empty);
        talk.Say("connect", 1, 0);

        talk.Conversation.Ping(0x1_0000_0005);

        Assert.That(talk.Answers(), Is.EqualTo(new[] { "UserControl 000600000005" }));
    }

    private static AmfValue Enhanced(string key) => key switch
    {
        "capsEx" => AmfValue.Of(2),
        "fourCcList" => new Amf0Reader([10, 0, 0, 0, 1, 2, 0, 4, .. "hvc1"u8]).Read(),
        _ => Talk.Object(("hvc1", AmfValue.Of(4))),
    };

    private static RtmpCommand Result(Talk talk)
    {
        var messages = Heard.All([talk.Handler.Wire.Skip(Talk.GreetingBytes).ToArray()]);
        var payload = new Primitives.PacketPool().Copy(messages[^1].Payload);
        return RtmpCommand.Read(new RtmpMessage(MessageType.Command, 0, 0, payload));
    }
}
