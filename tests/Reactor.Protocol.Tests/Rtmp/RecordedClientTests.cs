using System;
using System.Collections.Generic;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;
using Reactor.Testing;

namespace Reactor.Protocol.Tests.Rtmp;

/// <summary>
/// Real clients, from their first byte: heard alike however the network cut them.
/// </summary>
[TestFixture]
public sealed class RecordedClientTests
{
    private static string[] Captures => Samples.ClientCaptures;

    [TestCaseSource(nameof(Captures))]
    public void A_client_is_heard_alike_at_all_cuts(string capture)
    {
        var wire = Samples.Load(capture);
        var whole = Replay([wire]).Digest;

        Assert.That(Replay(Wire.ByteByByte(wire)).Digest, Is.EqualTo(whole));
        for (var seed = 0; seed < 20; seed++)
        {
            var pieces = Wire.RandomCuts(wire, seed, bytesMax: 4000);
            Assert.That(Replay(pieces).Digest, Is.EqualTo(whole), $"seed {seed}");
        }
    }

    // Counted by another program; the first pictures and sounds are sequence headers.
    //        capture                       video     audio
    [TestCase("ffmpeg-publish", 72, "17", 123)]
    [TestCase("ffmpeg-publish-end", 52, "17", 88)]
    [TestCase("ffmpeg-publish-audio", 0, "", 124)]
    [TestCase("ffmpeg7-publish-hevc", 78, "90", 107)]
    [TestCase("ffmpeg8-publish-multitrack", 91, "17", 157)]
    public void A_publisher_brings(string capture, int video, string videoHeader, int audio)
    {
        var heard = Replay([Samples.Load(capture + ".client.bin")]);

        Assert.That(heard.Calls[0], Does.StartWith("connect live rtmp://"));
        Assert.That(heard.Calls[1], Is.EqualTo($"publish 1 {capture}"));
        Assert.That(heard.Calls[2], Does.StartWith("Data 1 at 0: ").And.Contain(" 0200 "));
        Assert.That(Of(heard, "Data"), Has.Count.EqualTo(1));
        Assert.That(Of(heard, "Video"), Has.Count.EqualTo(video));
        Assert.That(Of(heard, "Audio"), Has.Count.EqualTo(audio));
        Assert.That(Of(heard, "Audio")[0], Does.Contain(" AF00 "));
        if (video > 0)
            Assert.That(Of(heard, "Video")[0], Does.Contain($" {videoHeader}"));
        Assert.That(heard.Oddities, Is.Empty);
        Assert.That(heard.Conversation.Skipped, Is.Zero);
        Assert.That(
            heard.Calls[^1] == "ended 1 FCUnpublish", Is.EqualTo(capture == "ffmpeg-publish-end"));
    }

    [TestCase("ffmpeg-play")]
    [TestCase("rtmpdump-play")]
    [TestCase("rtmpdump-play-digest")]
    public void A_player_asks(string capture)
    {
        var heard = Replay([Samples.Load(capture + ".client.bin")]);

        Assert.That(heard.Calls, Has.Count.EqualTo(2), string.Join('\n', heard.Calls));
        Assert.That(heard.Calls[0], Does.StartWith("connect live rtmp://"));
        Assert.That(heard.Calls[1], Does.StartWith("play 1 "));
        Assert.That(heard.Conversation.UsedDigest, Is.EqualTo(capture != "rtmpdump-play"), "Q1");
    }

    /// <summary>What nginx-rtmp answered real clients, to a client of ours.</summary>
    [Test]
    public void A_client_of_ours_understands_nginx(
        [ValueSource(nameof(Answers))] string capture, [Range(0, 4)] int seed)
    {
        var pool = new PacketPool();
        var client = new RecordingClient();
        var request = new ClientRequest("live", "rtmp://h/live", "s", capture.Contains("publish"));
        var conversation = new RtmpClientConversation(
            pool, new LinkSettings(), request, client, new Random(1));
        conversation.Begin();
        foreach (var piece in Wire.RandomCuts(Samples.Load(capture), seed, bytesMax: 3000))
        {
            ReadOnlySpan<byte> input = piece;
            conversation.Receive(ref input);
        }
        conversation.Close();

        // librtmp's createStream has another transaction than ours, so it gets no further.
        if (!capture.StartsWith("rtmpdump"))
            Assert.That(client.Calls, Does.Contain("started"));
        Assert.That(pool.Outstanding, Is.Zero);
    }

    private static string[] Answers => Samples.ServerCaptures;

    private static List<string> Of(RecordingHandler heard, string kind) =>
        heard.Calls.FindAll(call => call.StartsWith(kind + " "));

    private static RecordingHandler Replay(IEnumerable<byte[]> pieces)
    {
        var pool = new PacketPool();
        var handler = new RecordingHandler();
        handler.Conversation = new RtmpServerConversation(
            pool, new ServerConversationSettings(), handler, new Random(1), 0);
        foreach (var piece in pieces)
        {
            ReadOnlySpan<byte> input = piece;
            while (!input.IsEmpty)
                handler.Conversation.Receive(ref input, 0);
        }
        handler.Conversation.Close();
        Assert.That(pool.Outstanding, Is.Zero);
        return handler;
    }
}
