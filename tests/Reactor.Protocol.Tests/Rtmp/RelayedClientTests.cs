using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Rtmp;
using Reactor.Testing;

namespace Reactor.Protocol.Tests.Rtmp;

/// <summary>What a client conversation does for relays, with servers of many kinds.</summary>
[TestFixture]
public sealed class RelayedClientTests
{
    private static readonly string[] Order =
        ["connect", "releaseStream", "FCPublish", "createStream", "publish"];

    [Test]
    public void A_publisher_asks_in_the_order_that_encoders_recommend()
    {
        using var talk = new ServerTalk(publishes: true);       // S5.11

        talk.Answer("_result", 1, AmfValue.Null, Info("NetConnection.Connect.Success"));
        talk.Answer("_result", 4, AmfValue.Null, AmfValue.Of(1));

        Assert.That(talk.Sent.Select(command => command.Name), Is.EqualTo(Order));
        Assert.That(talk.Sent[^1].Argument(0).AsString(), Is.EqualTo("cam?sign=1/2==&t=3"));
    }

    [Test]
    public void The_path_of_relays_is_told_in_connect_and_read_by_the_server()
    {
        string[] path = [RelayPath.Step("s", "live", "a"), RelayPath.Step("t", "live", "b")];

        var heard = ConnectAs(
            new ClientRequest("live", "rtmp://h/live", "cam", true) { Path = path });

        Assert.That(heard?.Path, Is.EqualTo(path));
    }

    /// <summary>A URL has 2,048 characters at most, of three bytes each.</summary>
    [Test]
    public void The_longest_address_there_is_is_told_whole()
    {
        var app = new string('日', 2048);
        var path = Enumerable.Range(0, RelayPath.StepsMax)
            .Select(i => RelayPath.Step($"{i}", "live", "a")).ToArray();

        var heard = ConnectAs(new ClientRequest(app, $"rtmp://{app}", "cam", true) { Path = path });

        Assert.That((heard?.App, heard?.TcUrl), Is.EqualTo((app, $"rtmp://{app}")));
    }

    [Test]
    public void A_ring_and_too_long_a_path_are_refused()
    {
        var step = RelayPath.Step("s", "live", "a");
        string[] others = [RelayPath.Step("s", "live", "b"), RelayPath.Step("t", "live", "a")];
        var many = Enumerable.Range(0, RelayPath.StepsMax)
            .Select(i => RelayPath.Step("s", "live", $"x{i}")).ToArray();

        Assert.Multiple(() =>
        {
            Assert.That(RelayPath.Refusal(others, step), Is.Null);
            Assert.That(RelayPath.Refusal([.. others, step], step), Does.Contain("ring"));
            Assert.That(RelayPath.Refusal(many[..^1], step), Is.Null);
            Assert.That(RelayPath.Refusal(many, step), Does.Contain("16 relays"));
        });
    }

    [Test]
    public void Media_starts_a_player_whose_server_sends_no_status()
    {
        using var talk = ServerTalk.Playing();

        talk.Hear(MessageType.Video, [0x17, 1, 0, 0, 0]);

        Assert.That(talk.Calls[0], Is.EqualTo("started"));
        Assert.That(talk.Calls[1], Does.StartWith("Video at 0"));
        talk.Answer("onStatus", 0, AmfValue.Null, Info("NetStream.Play.Start"));
        Assert.That(talk.Calls.Count(call => call == "started"), Is.EqualTo(1));
    }

    [TestCase(true, TestName = "A_refusal_is_told_where_its_words_are_an_argument")]
    [TestCase(false, TestName = "A_refusal_is_told_where_its_words_are_the_object")]
    public void A_refusal_is_told(bool isArgument)
    {
        using var talk = new ServerTalk(publishes: true);
        talk.Answer("_result", 1, AmfValue.Null, Info("NetConnection.Connect.Success"));
        talk.Answer("_result", 4, AmfValue.Null, AmfValue.Of(1));
        var info = Info("NetStream.Publish.Denied");

        if (isArgument)
            talk.Answer("_error", 5, AmfValue.Null, info);
        else
            talk.Answer("_error", 5, info);

        Assert.That(talk.Calls, Is.EqualTo(new[] { "error NetStream.Publish.Denied because" }));
    }

    [Test]
    public void A_player_says_how_much_it_buffers()
    {
        using var talk = ServerTalk.Playing();

        var body = talk.Messages.Single(message => message.Type == MessageType.UserControl).Body;

        Assert.That(body, Is.EqualTo(new byte[] { 0, 3, 0, 0, 0, 1, 0, 0, 0x13, 0x88 }));
    }

    [Test]
    public void Aggregates_come_apart_and_metadata_loses_its_wrapping()
    {
        using var talk = ServerTalk.Playing();
        talk.Hear(MessageType.Data, [2, 0, 13, .. "@setDataFrame"u8, 2, 0, 1, (byte)'m']);
        talk.Hear(
            MessageType.Aggregate,
            [9, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 7, 7, 0, 0, 0, 13]);

        Assert.That(talk.Calls, Is.EqualTo(new[]
        {
            "started",
            $"Data at 0: {RecordingHandler.Describe([2, 0, 1, (byte)'m'])}",
            $"Video at 0: {RecordingHandler.Describe([7, 7])}",
        }));
    }

    /// <summary>What a server hears of a client's connect.</summary>
    private static ConnectRequest? ConnectAs(ClientRequest request)
    {
        var pool = new PacketPool();
        var handler = new RecordingHandler();
        var server = new RtmpServerConversation(
            pool, new ServerConversationSettings(), handler, new Random(1), 0);
        handler.Conversation = server;
        var client = new RecordingClient();
        var conversation = new RtmpClientConversation(
            pool, new LinkSettings(), request, client, new Random(2));

        conversation.Begin();
        for (var i = 0; i < 3; i++)
        {
            ReadOnlySpan<byte> up = client.Wire.ToArray();
            client.Wire.Clear();
            server.Receive(ref up, 0);
            ReadOnlySpan<byte> down = handler.Wire.ToArray();
            handler.Wire.Clear();
            conversation.Receive(ref down);
        }

        server.Close();
        conversation.Close();
        Assert.That(pool.Outstanding, Is.Zero);
        return handler.Client;
    }

    private static AmfValue Info(string code) => Talk.Object(
        ("level", AmfValue.Of("status")), ("code", AmfValue.Of(code)),
        ("description", AmfValue.Of("because")));

    /// <summary>A server's side, message by message.</summary>
    private sealed class ServerTalk : IDisposable
    {
        private readonly PacketPool _pool = new();
        private readonly RecordingClient _client = new();
        private readonly ChunkReader _reader = new(new PacketPool(), new ChunkLimits());
        private readonly RtmpClientConversation _conversation;
        private int _read = 1 + (2 * 1536);

        public ServerTalk(bool publishes)
        {
            var request = new ClientRequest(
                "live", "rtmp://h/live", "cam?sign=1/2==&t=3", publishes)
            {
                BufferMs = 5000,
            };
            _conversation = new RtmpClientConversation(
                _pool, new LinkSettings(), request, _client, new Random(1));
            _conversation.Begin();
            ReadOnlySpan<byte> greeting = (byte[])[3, .. new byte[3072]];
            _conversation.Receive(ref greeting);
        }

        public List<string> Calls => _client.Calls;

        public List<(MessageType Type, byte[] Body)> Messages { get; } = [];

        public List<RtmpCommand> Sent { get; } = [];

        public static ServerTalk Playing()
        {
            var talk = new ServerTalk(publishes: false);
            talk.Answer("_result", 1, AmfValue.Null, Info("NetConnection.Connect.Success"));
            talk.Answer("_result", 4, AmfValue.Null, AmfValue.Of(1));
            return talk;
        }

        public void Answer(string name, double transaction, params AmfValue[] values) =>
            Hear(MessageType.Command, Talk.Body(name, transaction, values));

        public void Hear(MessageType type, byte[] body)
        {
            ReadOnlySpan<byte> input = Chunks.Whole(3, 0, type, 1, body);
            _conversation.Receive(ref input);
            ReadOnlySpan<byte> wire = _client.Wire.ToArray();
            wire = wire[_read..];
            _read = _client.Wire.Count;
            while (_reader.TryRead(ref wire, out var message))
            {
                if (message.Type == MessageType.SetChunkSize)
                    _reader.ChunkBytesMax = 60_000;
                Messages.Add((message.Type, message.Payload.Written.ToArray()));
                if (message.Type == MessageType.Command)
                    Sent.Add(RtmpCommand.Read(message));
                message.Payload.Release();
            }
        }

        public void Dispose()
        {
            _conversation.Close();
            Assert.That(_pool.Outstanding, Is.Zero);
        }
    }
}
