using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;
using Reactor.Testing;

namespace Reactor.Protocol.Tests.Rtmp;

/// <summary>Client and server back to back, on a wire that cuts as a seed wills.</summary>
[TestFixture]
public sealed class ConversationPairTests
{
    [Test]
    public void A_publisher_is_heard_as_it_spoke([Range(0, 19)] int seed)
    {
        var pair = new Pair(seed, publishes: true);
        pair.Run();
        Assert.That(pair.Client.Calls[0], Is.EqualTo("started"));
        Assert.That(pair.ClientSide.IsStarted, Is.True);

        var sent = new List<string> { "connect live rtmp://h/live True", "publish 1 cam?key=1" };
        for (var i = 0; i < 30; i++)
        {
            var type = (MessageType)(8 + (i % 2));
            var time = (uint)(0xFF_FFF0 + i);   // over the edge of 24 bits
            var payload = Bytes(seed + i, 1 + (i * i * 200));
            pair.ClientSide.SendMedia(type, time, payload);
            sent.Add($"{type} 1 at {time}: {RecordingHandler.Describe(payload)}");
            if (i % 7 == 0)
                pair.Run();
        }
        pair.ClientSide.End();
        pair.Run();

        sent.Add("ended 1 FCUnpublish");
        Assert.That(pair.Server.Calls, Is.EqualTo(sent));
        pair.Close();
    }

    [Test]
    public void A_player_hears_what_was_sent_to_it([Range(0, 19)] int seed)
    {
        var pair = new Pair(seed, publishes: false);
        pair.Run();
        Assert.That(pair.Server.Calls[1], Is.EqualTo("play 1 cam?key=1 -2000 -1000 True"));
        Assert.That(pair.Client.Calls, Does.Contain("status NetStream.Play.Start cam?key=1"));
        pair.Client.Calls.Clear();

        var sent = new List<string>();
        for (var i = 0; i < 30; i++)
        {
            var payload = Bytes(seed + i, 1 + (i * i * 200));
            pair.SendMedia(MessageType.Video, (uint)i * 40, payload);
            sent.Add($"Video at {i * 40}: {RecordingHandler.Describe(payload)}");
        }
        pair.ServerSide.Ping(77);
        pair.Run();
        Assert.That(pair.Client.Calls, Is.EqualTo(sent));

        pair.ServerSide.NotifyUnpublish(1, "cam");
        pair.Run();
        Assert.That(
            pair.Client.Calls[^1], Is.EqualTo("status NetStream.Play.UnpublishNotify cam"));
        pair.Close();
    }

    [Test]
    public void A_client_is_told_of_a_refusal([Range(0, 4)] int seed)
    {
        var pair = new Pair(seed, publishes: true);
        pair.Server.Taken.Add("cam?key=1");

        pair.Run();

        Assert.That(
            pair.Client.Calls,
            Does.Contain("error NetStream.Publish.BadName Already publishing"));
        Assert.That(pair.ClientSide.IsStarted, Is.False);
        pair.Close();
    }

    [Test]
    public void A_server_that_answers_twice_is_asked_once()
    {
        var pair = new Pair(0, publishes: true);
        pair.Run();
        var before = pair.Client.Wire.Count;
        var body = Talk.Body("_result", 1);
        byte[] again =
        [
            .. Chunks.Whole(3, 0, MessageType.Command, 0, body),
            .. Chunks.Whole(3, 0, MessageType.Command, 0, Talk.Body("_result", 4)),
            .. Chunks.Whole(3, 0, MessageType.SharedObject, 0, [1, 2, 3]),
        ];
        pair.Client.Calls.Clear();

        ReadOnlySpan<byte> input = again;
        pair.ClientSide.Receive(ref input);

        Assert.That(pair.Client.Wire, Has.Count.EqualTo(before));
        Assert.That(pair.Client.Calls, Is.Empty);
        pair.Close();
    }

    [TestCase("04", TestName = "A_client_gives_its_packets_back_after_another_version")]
    [TestCase("command", TestName = "A_client_gives_its_packets_back_after_no_command")]
    public void A_client_gives_its_packets_back(string wrong)
    {
        var pool = new PacketPool();
        var client = new RtmpClientConversation(
            pool, new LinkSettings(), new ClientRequest("a", "", "n", true),
            new RecordingClient(), new Random(1));
        client.Begin();
        byte[] wire = wrong == "04"
            ? [4]
            : [3, .. new byte[3072], .. Chunks.Whole(3, 0, MessageType.Command, 0, [0xFF])];

        Assert.That(
            () =>
            {
                ReadOnlySpan<byte> input = wire;
                client.Receive(ref input);
            },
            Throws.TypeOf<ProtocolException>());
        client.Close();
        Assert.That(pool.Outstanding, Is.Zero);
    }

    private static byte[] Bytes(int seed, int count)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Two conversations, and what is on its way between them (quinn's Pair).</summary>
    private sealed class Pair
    {
        private readonly PacketPool _pool = new();
        private readonly Random _random;
        private int _toServer;
        private int _toClient;

        public Pair(int seed, bool publishes)
        {
            _random = new Random(seed);
            var request = new ClientRequest("live", "rtmp://h/live", "cam?key=1", publishes);
            ServerSide = new RtmpServerConversation(
                _pool, new ServerConversationSettings { MessagesPerTurn = 3 }, Server, _random, 9);
            Server.Conversation = ServerSide;
            ClientSide = new RtmpClientConversation(
                _pool, new LinkSettings(), request, Client, _random);
            ClientSide.Begin();
        }

        public RecordingHandler Server { get; } = new();

        public RecordingClient Client { get; } = new();

        public RtmpServerConversation ServerSide { get; }

        public RtmpClientConversation ClientSide { get; }

        /// <summary>Carries bytes to and fro until none is on its way.</summary>
        public void Run()
        {
            while (_toServer < Client.Wire.Count || _toClient < Server.Wire.Count)
            {
                var input = Cut(Client.Wire, ref _toServer);
                while (!input.IsEmpty)
                    ServerSide.Receive(ref input, 0);
                input = Cut(Server.Wire, ref _toClient);
                ClientSide.Receive(ref input);
            }
        }

        public void SendMedia(MessageType type, uint time, byte[] payload)
        {
            var packet = ChunkWriter.Write(
                _pool, 6, time, type, 1, payload, ServerSide.ChunkBytes);
            Server.Send(packet);
            packet.Release();
        }

        public void Close()
        {
            ServerSide.Close();
            ClientSide.Close();
            Assert.That(_pool.Outstanding, Is.Zero);
        }

        private ReadOnlySpan<byte> Cut(List<byte> wire, ref int at)
        {
            var product = _random.NextDouble() * _random.NextDouble();
            var count = Math.Min(wire.Count - at, (int)(product * 20_000) + 1);
            at += count;
            return wire.Skip(at - count).Take(count).ToArray();
        }
    }
}
