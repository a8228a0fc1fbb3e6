using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using Reactor.Primitives;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Rtmp;
using Reactor.Testing;

namespace Reactor.Server.Tests;

/// <summary>One message that a player was sent.</summary>
internal sealed record Seen(MessageType Type, uint Time, byte[] Payload)
{
    public bool IsKeyframe => Type == MessageType.Video && Payload is [0x17, 1, ..];

    public bool IsHeader => Payload is [0x17 or 0xAF, 0, ..];
}

/// <summary>An RTMP client in memory, which writes down what it is told.</summary>
internal sealed class Peer : IRtmpClientHandler
{
    private readonly PacketPool _pool = new();
    private readonly RtmpClientConversation _conversation;
    private byte[] _rest = [];

    public Peer(ServerInMemory server, string name, bool publishes)
    {
        Socket = server.Network.Visit();
        _conversation = new RtmpClientConversation(
            _pool, new LinkSettings { ChunkBytes = 1 << 20 },
            new ClientRequest("live", "rtmp://host/live", name, publishes), this, new Random(1));
        _conversation.Begin();
    }

    public MemorySocket Socket { get; }

    /// <summary>Bytes of each message that arrive at once; the others do so by
    /// <see cref="ArriveRest"/>.</summary>
    public int? ArriveFirst { get; set; }

    public bool IsStarted => _conversation.IsStarted;

    /// <summary>Codes of statuses, in order.</summary>
    public List<string> Codes { get; } = [];

    public string Last => Codes.LastOrDefault("");

    /// <summary>What the last status said for people.</summary>
    public string LastWords { get; private set; } = "";

    public List<Seen> Seen { get; } = [];

    public IEnumerable<Seen> Video => Seen.Where(seen => seen.Type == MessageType.Video);

    public IEnumerable<Seen> Audio => Seen.Where(seen => seen.Type == MessageType.Audio);

    public void Key(uint time, int bytes = 100) => Media(MessageType.Video, time, 0x17, bytes);

    public void Inter(uint time, int bytes = 100) => Media(MessageType.Video, time, 0x27, bytes);

    public void Sound(uint time, int bytes = 20) => Media(MessageType.Audio, time, 0xAF, bytes);

    public void VideoHeader() => Send(MessageType.Video, 0, 0x17, 0, 0, 0, 0, 1, 0x64);

    public void Headers()
    {
        VideoHeader();
        Send(MessageType.Audio, 0, 0xAF, 0, 0x12, 0x10);
    }

    /// <summary>What a film of 25 pictures a second brings at once: a picture, and sound.</summary>
    /// <param name="turn">Counts from 0, 40 ms each; every second begins with a keyframe.</param>
    /// <param name="keyBytes">How large a keyframe is.</param>
    public void Film(int turn, int keyBytes = 5000)
    {
        var time = (uint)turn * 40;
        if (turn % 25 == 0)
            Key(time, keyBytes);
        else
            Inter(time, 100 + (turn % 7));
        Sound(time);
    }

    public void Send(MessageType type, uint time, params byte[] payload) =>
        _conversation.SendMedia(type, time, payload);

    public void Command(string name, params ReadOnlySpan<AmfValue> arguments) =>
        _conversation.SendCommand(name, arguments);

    /// <summary>A command on any message stream; without an answer.</summary>
    public void Call(uint streamId, string name, params ReadOnlySpan<AmfValue> arguments)
    {
        var scratch = new byte[1000];
        var body = new Amf0Writer(scratch);
        body.String(name);
        body.Number(0);
        body.Null();
        foreach (var argument in arguments)
            body.Value(argument);
        Raw(3, MessageType.Command, streamId, 0, scratch.AsSpan(0, body.Length));
    }

    /// <summary>Numbers that calls were answered with, by transaction.</summary>
    public Dictionary<double, double> Results { get; } = [];

    /// <summary>A call of the connection that wants a number for an answer.</summary>
    public void Ask(double transaction, string name, AmfValue argument)
    {
        var scratch = new byte[1000];
        var body = new Amf0Writer(scratch);
        body.String(name);
        body.Number(transaction);
        body.Null();
        body.Value(argument);
        Raw(3, MessageType.Command, 0, 0, scratch.AsSpan(0, body.Length));
    }

    /// <summary>A message on any message stream.</summary>
    public void Raw(
        uint chunkStream, MessageType type, uint streamId, uint time, ReadOnlySpan<byte> body)
    {
        var packet = ChunkWriter.Write(
            _pool, chunkStream, time, type, streamId, body, chunkBytes: 1 << 20);
        ((IPacketSink)this).Send(packet);
        packet.Release();
    }

    /// <summary>Says goodbye as encoders do, and closes.</summary>
    public void End()
    {
        _conversation.End();
        Socket.Leave();
    }

    /// <summary>Takes what the server sent.</summary>
    public void Read()
    {
        ReadOnlySpan<byte> input = Socket.Sent.ToArray();
        FindResults(input);
        Socket.Sent.Clear();
        _conversation.Receive(ref input);
    }

    /// <summary>The conversation keeps answers to itself: they are found by their bytes.</summary>
    private void FindResults(ReadOnlySpan<byte> sent)
    {
        ReadOnlySpan<byte> begin = [2, 0, 7, .. "_result"u8, 0];
        while (sent.IndexOf(begin) is >= 0 and var at)
        {
            sent = sent[(at + begin.Length)..];
            if (sent.Length < 18 || sent[8] != 5 || sent[9] != 0)
                continue;                       // not a number behind a null
            Results[BinaryPrimitives.ReadDoubleBigEndian(sent)] =
                BinaryPrimitives.ReadDoubleBigEndian(sent[10..]);
        }
    }

    /// <summary>What is left of the last message arrives.</summary>
    public void ArriveRest() => Socket.Arrive(_rest);

    void IPacketSink.Send(Packet packet)
    {
        var bytes = packet.Written.ToArray();
        var count = Math.Min(bytes.Length, ArriveFirst ?? int.MaxValue);
        Socket.Arrive(bytes.AsMemory(0, count));
        _rest = bytes[count..];
    }

    void IRtmpClientHandler.OnStarted()
    {
    }

    void IRtmpClientHandler.OnStatus(string level, string code, string description)
    {
        Codes.Add(code);
        LastWords = description;
    }

    void IRtmpClientHandler.OnMedia(RtmpMessage message) =>
        Seen.Add(new Seen(message.Type, message.Timestamp, message.Payload.Written.ToArray()));

    private void Media(MessageType type, uint time, byte first, int bytes)
    {
        var payload = new byte[bytes];
        payload[0] = first;
        payload[1] = 1;
        Send(type, time, payload);
    }
}
