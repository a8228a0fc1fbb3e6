using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Rtmp;

namespace Reactor.Protocol.Tests.Rtmp;

/// <summary>Commands: each is answered when it asks to be, in whatever order they come.</summary>
[TestFixture]
public sealed class RtmpServerConversationTests
{
    private static readonly AmfValue Null = AmfValue.Null;
    private static readonly AmfValue Cam = AmfValue.Of("cam");

    private static readonly string[] Names =
    [
        "connect", "close", "createStream", "releaseStream", "FCPublish", "FCUnpublish",
        "FCSubscribe", "getStreamLength", "deleteStream", "publish", "play", "play2",
        "closeStream", "pause", "pauseRaw", "seek", "receiveAudio", "receiveVideo", "_result",
        "_error", "onStatus", "_checkbw", "checkBandwidth", "", "Connect", "strange",
    ];

    [Test]
    public void An_encoder_is_answered_as_S1_39_has_it()
    {
        using var talk = Talk.Connected();

        Assert.That(
            talk.Say("releaseStream", 2, 0, Null, Cam),
            Is.EqualTo(new[] { "_result 2 Null Undefined on 0" }));
        Assert.That(
            talk.Say("FCPublish", 3, 0, Null, Cam),
            Is.EqualTo(new[]
            {
                "onFCPublish 3 Null status:NetStream.Publish.Start on 0",   // Q25
                "_result 3 Null Undefined on 0",
            }));
        Assert.That(
            talk.Say("createStream", 4, 0, Null),
            Is.EqualTo(new[] { "_result 4 Null 1 on 0" }));
        Assert.That(
            talk.Say("_checkbw", 5, 0, Null),
            Is.EqualTo(new[] { "_result 5 Null Undefined on 0" }));
        Assert.That(
            talk.Say("publish", 6, 1, Null, Cam, AmfValue.Of("LIVE")),      // Q31
            Is.EqualTo(new[] { "onStatus 0 Null status:NetStream.Publish.Start on 1" }));
        Assert.That(talk.Calls, Is.EqualTo(new[] { "publish 1 cam" }));
    }

    [Test]
    public void A_player_is_answered_as_S1_26_has_it()
    {
        using var talk = Talk.Connected();
        talk.Say("createStream", 2, 0);

        Assert.That(
            talk.Say("getStreamLength", 3, 0, Null, Cam),                   // Q27
            Is.EqualTo(new[] { "_result 3 Null 0 on 0" }));
        Assert.That(
            talk.Say("FCSubscribe", 0, 0, Null, Cam),                       // Q28
            Is.EqualTo(new[] { "onFCSubscribe 0 Null status:NetStream.Play.Start on 0" }));
        Assert.That(
            talk.Say("play", 4, 1, Null, Cam, AmfValue.Of(-2000)),
            Is.EqualTo(new[]
            {
                "UserControl 000000000001",
                "onStatus 0 Null status:NetStream.Play.Reset on 1",
                "onStatus 0 Null status:NetStream.Play.Start on 1",
                "|RtmpSampleAccess true true on 1",                         // Q36
            }));
        Assert.That(talk.Calls, Is.EqualTo(new[] { "play 1 cam -2000 -1000 True" }));
    }

    // Seconds by the text, milliseconds by librtmp (S2.29); reset is a Boolean or a Number.
    [TestCase("-2 -1 true", "-2000 -1000 True")]
    [TestCase("-1000 5 false", "-1000 5 False")]
    [TestCase("-1 -1 0", "-1000 -1000 False")]
    [TestCase("0", "0 -1000 True")]
    [TestCase("", "-2000 -1000 True")]
    public void Plays_arguments_may_be_missing_or_of_two_units(string arguments, string request)
    {
        using var talk = Talk.Connected();
        var values = arguments.Split(' ', System.StringSplitOptions.RemoveEmptyEntries)
            .Select(word => bool.TryParse(word, out var truth)
                ? AmfValue.Of(truth)
                : AmfValue.Of(double.Parse(word)));

        talk.Say("play", 4, 1, [Null, Cam, .. values]);

        Assert.That(talk.Calls, Is.EqualTo(new[] { $"play 1 cam {request}" }));
    }

    /// <summary>The whole table, in every state, with and without a wish for an answer.</summary>
    [Test]
    public void Every_command_in_every_state_is_answered_when_it_asks([Range(0, 4)] int state)
    {
        foreach (var name in Names)
        {
            foreach (var streamId in new[] { 0u, 1u, 99u })
            {
                foreach (var values in new AmfValue[][] { [], [Null], [Null, Cam], [Null, Null] })
                {
                    using var talk = InState(state);
                    var answers = talk.Say(name, 77, streamId, values);
                    var isAnswer = name is "_result" or "_error" or "onStatus";
                    Assert.That(
                        answers.Count > 0 || isAnswer, Is.True, $"{name} on {streamId}: no answer");
                    talk.Say(name, 0, streamId, values);
                    talk.Say(name, double.NaN, streamId, values);
                }
            }
        }
    }

    /// <summary>Any two commands in a row, then the talk still works: nothing is stuck.</summary>
    [Test]
    public void No_two_commands_leave_a_conversation_stuck()
    {
        foreach (var first in Names)
        {
            foreach (var second in Names)
            {
                using var talk = InState(1);
                talk.Say(first, 10, 1, Null, Cam);
                talk.Say(second, 11, 1, Null, Cam);

                var created = talk.Say("createStream", 12, 0, Null);
                Assert.That(created[^1], Does.StartWith("_result 12 Null "), $"{first} {second}");
                var id = uint.Parse(created[^1].Split(' ')[3]);
                Assert.That(
                    talk.Say("publish", 0, id, Null, Cam),
                    Is.EqualTo(new[] { $"onStatus 0 Null status:NetStream.Publish.Start on {id}" }),
                    $"{first} {second}");
            }
        }
    }

    [Test]
    public void Stream_1_is_there_without_createStream([Values(0u, 1u)] uint id)   // Q19
    {
        using var talk = Talk.Connected();

        Assert.That(
            talk.Say("publish", 0, id, Null, Cam),
            Is.EqualTo(new[] { "onStatus 0 Null status:NetStream.Publish.Start on 1" }));
        talk.Hear(talk.Message(MessageType.Audio, id, [1]));
        Assert.That(talk.Calls[1], Does.StartWith("Audio 1 at 0: 1 "));
    }

    [Test]
    public void A_stream_that_was_not_given_out_is_refused()
    {
        using var talk = Talk.Connected();
        talk.Say("createStream", 2, 0);

        Assert.That(
            talk.Say("publish", 0, 2, Null, Cam),
            Is.EqualTo(new[] { "onStatus 0 Null error:NetStream.Failed on 2" }));
        Assert.That(talk.Calls, Is.Empty);
    }

    [Test]
    public void A_65th_stream_is_refused_until_one_is_deleted()
    {
        using var talk = Talk.Connected();
        for (var i = 1; i <= 64; i++)
        {
            var answer = talk.Say("createStream", i, 0)[0];
            Assert.That(answer, Is.EqualTo($"_result {i} Null {i} on 0"));
        }

        Assert.That(talk.Say("createStream", 65, 0)[0], Does.StartWith("_error 65 "));
        talk.Say("deleteStream", 0, 0, Null, AmfValue.Of(7));
        Assert.That(talk.Say("createStream", 66, 0)[0], Is.EqualTo("_result 66 Null 65 on 0"));
    }

    [Test]
    public void A_taken_name_is_refused_at_releaseStream_and_at_publish()   // S1.21, S1.24, S1.28
    {
        using var talk = Talk.Connected();
        talk.Handler.Taken.Add("cam");

        Assert.That(
            talk.Say("releaseStream", 2, 0, Null, Cam),
            Is.EqualTo(new[]
            {
                "onStatus 0 Null error:NetStream.Publish.BadName on 0",
                "_result 2 Null Undefined on 0",
            }));
        Assert.That(
            talk.Say("publish", 0, 1, Null, Cam),
            Is.EqualTo(new[] { "onStatus 0 Null error:NetStream.Publish.BadName on 1" }));

        talk.Handler.Taken.Clear();
        Assert.That(
            talk.Say("publish", 0, 1, Null, Cam),
            Is.EqualTo(new[] { "onStatus 0 Null status:NetStream.Publish.Start on 1" }),
            "a refused stream is idle again");
    }

    [TestCase("publish")]
    [TestCase("play")]
    public void A_stream_that_publishes_does_nothing_else(string name)
    {
        using var talk = Talk.Publishing();

        var answers = talk.Say(name, 0, 1, Null, AmfValue.Of("other"));

        Assert.That(answers, Has.Count.EqualTo(1));
        Assert.That(answers[0], Does.StartWith("onStatus 0 Null error:"));
        talk.Hear(talk.Message(MessageType.Audio, 1, [1]));
        Assert.That(talk.Calls, Has.Count.EqualTo(1), "it publishes as before");
    }

    [TestCase("play")]
    [TestCase("play2")]
    public void Play_on_a_stream_that_plays_switches(string name)           // S2.28
    {
        using var talk = Talk.Playing();
        var other = name == "play"
            ? AmfValue.Of("other")
            : Talk.Object(("streamName", AmfValue.Of("other")));

        talk.Say(name, 0, 1, Null, other);

        Assert.That(talk.Calls[0], Is.EqualTo("ended 1 play of another stream"));
        Assert.That(talk.Calls[1], Does.StartWith("play 1 other"));
        Assert.That(talk.Calls, Has.Count.EqualTo(2));
    }

    [Test]
    public void A_stream_that_plays_does_not_publish()
    {
        using var talk = Talk.Playing();

        Assert.That(
            talk.Say("publish", 0, 1, Null, Cam),
            Is.EqualTo(new[] { "onStatus 0 Null error:NetStream.Publish.BadName on 1" }));
    }

    [Test]
    public void Pause_is_answered_and_told()                                // Q35
    {
        using var talk = Talk.Playing();

        Assert.That(
            talk.Say("pause", 5, 1, Null, AmfValue.Of(true), AmfValue.Of(0)),
            Is.EqualTo(new[]
            {
                "UserControl 000100000001",
                "onStatus 0 Null status:NetStream.Pause.Notify on 1",
                "_result 5 Null Undefined on 0",
            }));
        Assert.That(
            talk.Say("pauseRaw", 0, 1, Null, AmfValue.Of(false), AmfValue.Of(0)),
            Is.EqualTo(new[]
            {
                "UserControl 000000000001",
                "onStatus 0 Null status:NetStream.Unpause.Notify on 1",
            }));
        Assert.That(talk.Calls, Is.EqualTo(new[] { "pause 1 True", "pause 1 False" }));
    }

    [Test]
    public void Seek_is_asked_of_the_owner_and_answered()                   // Q35
    {
        using var talk = Talk.Playing();

        Assert.That(
            talk.Say("seek", 0, 1, Null, AmfValue.Of(5000)),
            Is.EqualTo(new[]
            {
                "onStatus 0 Null status:NetStream.Seek.Notify on 1",
                "onStatus 0 Null status:NetStream.Play.Start on 1",
            }));
        Assert.That(talk.Calls, Is.EqualTo(new[] { "seek 1 5000" }));
    }

    [Test]
    public void ReceiveAudio_and_receiveVideo_are_told()
    {
        using var talk = Talk.Playing();

        talk.Say("receiveVideo", 0, 1, Null, AmfValue.Of(false));
        talk.Say("receiveAudio", 0, 1, Null, AmfValue.Of(true));

        Assert.That(
            talk.Calls, Is.EqualTo(new[] { "receive 1 Video False", "receive 1 Audio True" }));
    }

    [Test]
    public void An_unknown_call_is_answered_and_told_of()                   // S1.30
    {
        using var talk = Talk.Connected();

        Assert.That(
            talk.Say("getMovLen", 9, 0), Is.EqualTo(new[] { "_result 9 Null Undefined on 0" }));
        Assert.That(talk.Say("getMovLen", 0, 0), Is.Empty);
        Assert.That(
            talk.Handler.Oddities[0], Is.EqualTo("unknown command: \"getMovLen\""));
    }

    [Test]
    public void A_command_of_type_17_is_read_behind_its_first_byte()        // Q30
    {
        using var talk = Talk.Connected();
        byte[] body = [0, .. Talk.Body("createStream", 3)];

        Assert.That(
            talk.Hear(talk.Message(MessageType.CommandAmf3, 0, body)),
            Is.EqualTo(new[] { "_result 3 Null 1 on 0" }));
    }

    [Test]
    public void A_body_that_is_no_command_ends_the_connection()             // S1.16
    {
        using var talk = Talk.Connected();

        Assert.That(
            () => talk.Hear(talk.Message(MessageType.Command, 0, [3, 0, 0, 9])),
            Throws.TypeOf<ProtocolException>());
    }

    [Test]
    public void Commands_are_limited_by_the_second()
    {
        using var talk = Talk.Connected();
        for (var i = 1; i < 200; i++)           // connect was the first of the burst
            talk.Say("_checkbw", 0, 0);

        talk.NowMs = 10;
        talk.Say("_checkbw", 0, 0);
        Assert.That(
            () => talk.Say("_checkbw", 0, 0),
            Throws.TypeOf<ProtocolException>()
                .With.Property("Error").EqualTo(ProtocolError.TooManyCommands));
    }

    [Test]
    public void A_turn_takes_its_share_and_leaves_the_rest([Values(1, 64)] int share)
    {
        var settings = new ServerConversationSettings { MessagesPerTurn = share };
        using var talk = Talk.Publishing(settings);
        var media = talk.Message(MessageType.Audio, 1, [1]);
        var ping = talk.Message(MessageType.UserControl, 0, [0, 6, 0, 0, 0, 9]);
        byte[] wire = [.. Enumerable.Repeat(media, 50).Concat(Enumerable.Repeat(ping, 50))
            .SelectMany(bytes => bytes)];
        System.ReadOnlySpan<byte> input = wire;
        var turns = 0;
        for (; !input.IsEmpty; turns++)
            talk.Conversation.Receive(ref input, 0);

        Assert.That(turns, Is.EqualTo((100 + share - 1) / share));
        Assert.That(talk.Calls, Has.Count.EqualTo(50));
        Assert.That(talk.Answers(), Has.Count.EqualTo(50));
    }

    private static Talk InState(int state) => state switch
    {
        0 => new Talk(),
        1 => Talk.Connected(),
        2 => Talk.Publishing(),
        3 => Talk.Playing(),
        _ => Refused(),
    };

    private static Talk Refused()
    {
        var talk = Talk.Connected();
        talk.Handler.Taken.Add("cam");
        talk.Say("publish", 0, 1, Null, Cam);
        return talk;
    }
}
