using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Rtmp;
using Reactor.Testing;

namespace Reactor.Protocol.Tests.Rtmp;

/// <summary>
/// Message streams and what runs on them: media, data, aggregates, and their end.
/// </summary>
[TestFixture]
public sealed class ServerStreamsTests
{
    private static readonly AmfValue Null = AmfValue.Null;

    [Test]
    public void Streams_of_one_connection_are_told_apart()                  // S1.7
    {
        using var talk = Talk.Publishing();
        talk.Say("createStream", 3, 0);
        talk.Say("createStream", 4, 0);
        talk.Say("publish", 0, 2, Null, AmfValue.Of("other"));
        talk.Say("play", 0, 3, Null, AmfValue.Of("third"));
        talk.Calls.Clear();

        talk.Hear(talk.Message(MessageType.Audio, 1, [1], time: 5));
        talk.Hear(talk.Message(MessageType.Video, 2, [2], time: 6));
        talk.Hear(talk.Message(MessageType.Video, 3, [3], time: 7));    // it plays
        talk.Hear(talk.Message(MessageType.Video, 9, [4], time: 8));    // whose?

        Assert.That(
            talk.Calls.Select(call => call.Split(':')[0]),
            Is.EqualTo(new[] { "Audio 1 at 5", "Video 2 at 6" }));
        Assert.That(talk.Conversation.Skipped, Is.EqualTo(2));
    }

    [Test]
    public void Media_on_a_wrong_stream_belongs_to_the_only_one_that_publishes()   // Q19
    {
        using var talk = Talk.Publishing();

        talk.Hear(talk.Message(MessageType.Audio, 0, [1]));
        talk.Hear(talk.Message(MessageType.Audio, 77, [1]));

        Assert.That(talk.Calls.All(call => call.StartsWith("Audio 1 ")), Is.True);
        Assert.That(talk.Calls, Has.Count.EqualTo(2));
    }

    /// <summary>Found by a simulated world, seed 108: ids go by their life (S1.7, Q19).</summary>
    [TestCase("closeStream", 1u)]
    [TestCase("deleteStream", 0u)]
    [TestCase(null, 0u)]
    public void The_rest_of_an_ended_publish_is_not_the_other_ones(string? how, uint on)
    {
        using var talk = Talk.Publishing();
        talk.Say("createStream", 3, 0);
        talk.Say("publish", 0, 2, Null, AmfValue.Of("other"));
        if (how is null)
            talk.Conversation.RefuseStream(1, StatusCode.PublishIdle, "replaced");
        else
            talk.Say(how, 0, on, Null, AmfValue.Of(1));
        talk.Calls.Clear();

        talk.Hear(talk.Message(MessageType.Audio, 1, [1]));

        Assert.That(talk.Calls, Is.Empty);
        Assert.That(talk.Conversation.Skipped, Is.EqualTo(1));
    }

    /// <summary>Seed 478: who sends before the verdict was heard on another stream.</summary>
    [Test]
    public void What_comes_behind_a_refused_publish_is_not_the_other_ones()
    {
        using var talk = Talk.Publishing();
        talk.Handler.Answers = false;
        talk.Say("createStream", 3, 0);
        talk.Say("publish", 0, 2, Null, AmfValue.Of("other"));
        talk.Conversation.RefuseStream(2, StatusCode.PublishDenied, "no");
        talk.Calls.Clear();

        talk.Hear(talk.Message(MessageType.Audio, 2, [1]));

        Assert.That(talk.Calls, Is.Empty);
        Assert.That(talk.Conversation.Skipped, Is.EqualTo(1));
    }

    [Test]
    public void Media_before_publish_is_granted_is_its_owners_to_hold()     // Q39
    {
        using var talk = Talk.Connected();
        talk.Handler.Answers = false;
        talk.Say("publish", 0, 1, Null, AmfValue.Of("cam"));
        talk.Hear(talk.Message(MessageType.Audio, 1, [1]));

        talk.Conversation.AcceptPublish(1);
        talk.Hear(talk.Message(MessageType.Audio, 1, [2]));

        Assert.That(talk.Calls, Has.Count.EqualTo(3));
        Assert.That(talk.Conversation.Skipped, Is.Zero);
    }

    [TestCase("deleteStream")]
    [TestCase("closeStream")]
    [TestCase("FCUnpublish")]
    public void A_publisher_ends_once_and_may_publish_again(string name)    // Q33, S1.27, S1.29
    {
        using var talk = Talk.Publishing();
        var argument = name == "FCUnpublish" ? AmfValue.Of("cam") : AmfValue.Of(1);

        talk.Say(name, 0, 1, Null, argument);
        talk.Say(name, 0, 1, Null, argument);
        talk.Hear(talk.Message(MessageType.Audio, 1, [1]));
        Assert.That(talk.Calls, Is.EqualTo(new[] { $"ended 1 {name}" }));

        var created = talk.Say("createStream", 5, 0);
        Assert.That(created, Is.EqualTo(new[] { "_result 5 Null 2 on 0" }));
        Assert.That(
            talk.Say("publish", 0, 2, Null, AmfValue.Of("cam")),
            Is.EqualTo(new[] { "onStatus 0 Null status:NetStream.Publish.Start on 2" }));
    }

    [Test]
    public void FCUnpublish_of_another_name_ends_nothing()
    {
        using var talk = Talk.Publishing();

        Assert.That(
            talk.Say("FCUnpublish", 6, 0, Null, AmfValue.Of("other")),
            Is.EqualTo(new[]
            {
                "onFCUnpublish 6 Null status:NetStream.Unpublish.Success on 0",
                "_result 6 Null Undefined on 0",
            }));
        Assert.That(talk.Calls, Is.Empty);
    }

    [Test]
    public void A_decision_that_comes_after_the_end_says_nothing()
    {
        using var talk = Talk.Connected();
        talk.Handler.Answers = false;
        talk.Say("publish", 0, 1, Null, AmfValue.Of("cam"));
        talk.Say("closeStream", 0, 1);

        talk.Conversation.AcceptPublish(1);
        talk.Conversation.AcceptPlay(1);

        Assert.That(talk.Answers(), Is.Empty);
    }

    [Test]
    public void A_recording_is_announced_as_one_and_its_end_is_told()
    {
        using var talk = Talk.Connected();
        talk.Handler.Answers = false;
        talk.Say("play", 0, 1, Null, AmfValue.Of("cam"), AmfValue.Of(0));
        talk.Conversation.AcceptPlay(1, isRecorded: true);
        var begun = talk.Answers();
        talk.Conversation.NotifyComplete(1, 12, 3456);
        var ended = talk.Answers();

        Assert.That(begun[0], Is.EqualTo("UserControl 000400000001"), "StreamIsRecorded");
        Assert.That(begun[1], Is.EqualTo("UserControl 000000000001"), "StreamBegin");
        Assert.That(ended[0], Does.Contain("NetStream.Play.Complete"));
        Assert.That(ended[1], Is.EqualTo("UserControl 000100000001"), "StreamEOF");
        Assert.That(ended[2], Does.Contain("NetStream.Play.Stop"));
    }

    [Test]
    public void What_is_asked_before_play_is_answered_is_done_then_once_and_by_its_last_word()
    {
        using var talk = Talk.Connected();
        talk.Handler.Answers = false;
        talk.Say("play", 0, 1, Null, AmfValue.Of("cam"));
        talk.Say("pause", 0, 1, Null, AmfValue.Of(true), AmfValue.Of(0));
        talk.Say("seek", 0, 1, Null, AmfValue.Of(1000));
        talk.Say("receiveAudio", 0, 1, Null, AmfValue.Of(false));
        talk.Say("pause", 0, 1, Null, AmfValue.Of(false), AmfValue.Of(0));
        talk.Say("seek", 0, 1, Null, AmfValue.Of(2000));
        talk.Say("pause", 0, 1, Null, AmfValue.Of(true), AmfValue.Of(0));
        talk.Calls.Clear();

        talk.Conversation.FulfilWishes(1);
        Assert.That(talk.Calls, Is.Empty, "it does not play yet");
        talk.Conversation.AcceptPlay(1);
        talk.Conversation.FulfilWishes(1);
        talk.Conversation.FulfilWishes(1);

        Assert.That(
            talk.Calls,
            Is.EqualTo(new[] { "receive 1 Audio False", "seek 1 2000", "pause 1 True" }));
        Assert.That(talk.Answers()[^1], Does.Contain("NetStream.Pause.Notify"));
    }

    /// <summary>A wrapper is taken off, and type 15 becomes type 18 (Q45).</summary>
    [TestCase(MessageType.Data, "", "onMetaData")]
    [TestCase(MessageType.Data, "@setDataFrame", "onMetaData")]
    [TestCase(MessageType.DataAmf3, "", "onMetaData")]
    [TestCase(MessageType.DataAmf3, "@setDataFrame", "onMetaData")]
    [TestCase(MessageType.Data, "", "@clearDataFrame")]
    [TestCase(MessageType.Data, "", "onTextData")]
    public void Data_reaches_the_owner_bare(MessageType type, string wrapper, string name)
    {
        using var talk = Talk.Publishing();
        byte[] inner = [.. Text(name), 0, 0, 0, 0, 0, 0, 0, 0, 0];
        byte[] zero = type == MessageType.DataAmf3 ? [0] : [];
        byte[] body = [.. zero, .. wrapper == "" ? [] : Text(wrapper), .. inner];

        talk.Hear(talk.Message(type, 1, body, time: 3));

        Assert.That(
            talk.Calls,
            Is.EqualTo(new[] { $"Data 1 at 3: {RecordingHandler.Describe(inner)}" }));
    }

    [Test]
    public void A_wrapper_around_nothing_is_left_out()
    {
        using var talk = Talk.Publishing();

        talk.Hear(talk.Message(MessageType.Data, 1, Text("@setDataFrame")));
        talk.Hear(talk.Message(MessageType.DataAmf3, 1, [0]));

        Assert.That(talk.Calls, Is.Empty);
        Assert.That(talk.Conversation.Skipped, Is.EqualTo(2));
    }

    [Test]
    public void An_aggregate_is_taken_apart()                               // S2.17
    {
        using var talk = Talk.Publishing();
        byte[] body =
        [
            .. Tag(8, 10, [1]), .. Tag(9, 12, [2]), .. Tag(20, 13, [2]), .. Tag(8, 14, []),
            .. Tag(18, 15, [.. Text("@setDataFrame"), .. Text("onMetaData")]),
        ];

        talk.Hear(talk.Message(MessageType.Aggregate, 1, body, time: 100));

        Assert.That(
            talk.Calls.Select(call => call.Split(':')[0]),
            Is.EqualTo(new[] { "Audio 1 at 100", "Video 1 at 102", "Data 1 at 105" }));
        Assert.That(talk.Conversation.Skipped, Is.EqualTo(2));
    }

    [Test]
    public void An_aggregate_has_1024_parts_at_most()
    {
        using var talk = Talk.Publishing();
        byte[] body = [.. Enumerable.Repeat(Tag(8, 0, [1]), 5000).SelectMany(tag => tag)];

        talk.Hear(talk.Message(MessageType.Aggregate, 1, body));

        Assert.That(talk.Calls, Has.Count.EqualTo(1024));
        Assert.That(talk.Conversation.Skipped, Is.EqualTo(1));
    }

    [TestCase("publish")]
    [TestCase("goodbye")]
    [TestCase("Audio")]
    [TestCase("connect")]
    public void Whoever_closes_the_conversation_hears_no_more_of_it(string call)
    {
        using var talk = call == "Audio" ? Talk.Publishing() : new Talk();
        talk.Handler.ClosesAt = call;
        byte[] audio = talk.Message(MessageType.Audio, 1, [1]);
        byte[] wire =
        [
            .. talk.Message(MessageType.Command, 0, Talk.Body("connect", 1)),
            .. talk.Message(MessageType.Aggregate, 1, [.. Tag(8, 0, [1]), .. Tag(8, 1, [2])]),
            .. talk.Message(MessageType.Command, 1, Talk.Body("publish", 0, Null, Null)),
            .. talk.Message(MessageType.Command, 0, Talk.Body("close", 0)),
            .. audio, .. audio,
            .. talk.Message(MessageType.Command, 1, Talk.Body("publish", 0, Null, Null)),
        ];

        talk.Hear(wire);

        Assert.That(talk.Calls[^1], Does.StartWith(call));
        Assert.That(talk.Conversation.IsConnected, Is.False);
    }

    private static byte[] Text(string text) =>
        [2, 0, (byte)text.Length, .. System.Text.Encoding.ASCII.GetBytes(text)];

    private static byte[] Tag(byte type, int time, byte[] body) =>
    [
        type, .. Chunks.Number(body.Length, 3), .. Chunks.Number(time, 3), 0, 0, 0, 0, .. body,
        .. Chunks.Number(body.Length + 11, 4),
    ];
}
