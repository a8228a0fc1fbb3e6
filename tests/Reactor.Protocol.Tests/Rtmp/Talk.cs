using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Rtmp;
using Reactor.Testing;

namespace Reactor.Protocol.Tests.Rtmp;

/// <summary>A client's side, command by command, of a talk with a server conversation.</summary>
internal sealed class Talk : IDisposable
{
    public const int GreetingBytes = 1 + (2 * 1536);

    private readonly PacketPool _pool = new();
    private readonly ChunkReader _answers = new(new PacketPool(), new ChunkLimits());
    private int _answered;

    public Talk(ServerConversationSettings? settings = null)
    {
        Conversation = new RtmpServerConversation(
            _pool, settings ?? new ServerConversationSettings(), Handler, new Random(1), 0);
        Handler.Conversation = Conversation;
        Hear([3, .. new byte[GreetingBytes - 1]]);
        _answered = GreetingBytes;
    }

    public RtmpServerConversation Conversation { get; }

    public RecordingHandler Handler { get; } = new();

    public List<string> Calls => Handler.Calls;

    public long NowMs { get; set; }

    /// <summary>A talk whose connect was accepted.</summary>
    public static Talk Connected(ServerConversationSettings? settings = null)
    {
        var talk = new Talk(settings);
        talk.Say("connect", 1, 0, Object(("app", AmfValue.Of("live"))));
        talk.Calls.Clear();
        return talk;
    }

    /// <summary>A talk that publishes "cam" on stream 1.</summary>
    public static Talk Publishing(ServerConversationSettings? settings = null)
    {
        var talk = Connected(settings);
        talk.Say("createStream", 2, 0);
        talk.Say("publish", 0, 1, AmfValue.Null, AmfValue.Of("cam"), AmfValue.Of("live"));
        talk.Calls.Clear();
        return talk;
    }

    /// <summary>A talk that plays "cam" on stream 1.</summary>
    public static Talk Playing(ServerConversationSettings? settings = null)
    {
        var talk = Connected(settings);
        talk.Say("createStream", 2, 0);
        talk.Say("play", 0, 1, AmfValue.Null, AmfValue.Of("cam"));
        talk.Calls.Clear();
        return talk;
    }

    public static AmfValue Object(params (string Key, AmfValue Value)[] members)
    {
        var body = AmfObjects.Write(members);
        return new Amf0Reader(body).Read();
    }

    /// <summary>A call: values behind the transaction, the command object first.</summary>
    /// <returns>What was answered, a line a message.</returns>
    public List<string> Say(
        string name, double transaction, uint streamId, params AmfValue[] values) =>
        Hear(Message(MessageType.Command, streamId, Body(name, transaction, values)));

    public static byte[] Body(string name, double transaction, params AmfValue[] values) =>
        Amf.AmfWire.Of((ref Amf0Writer body) =>
        {
            body.String(name);
            body.Number(transaction);
            foreach (var value in values)
                body.Value(value);
        });

    /// <summary>A message in chunks of 128 bytes.</summary>
    public byte[] Message(MessageType type, uint streamId, ReadOnlySpan<byte> body, uint time = 0)
    {
        var packet = ChunkWriter.Write(_pool, 3, time, type, streamId, body, 128);
        var wire = packet.Written.ToArray();
        packet.Release();
        return wire;
    }

    /// <summary>Gives bytes to the server, as many turns as it takes.</summary>
    public List<string> Hear(byte[] wire)
    {
        ReadOnlySpan<byte> input = wire;
        while (!input.IsEmpty)
        {
            var before = input.Length;
            Conversation.Receive(ref input, NowMs);
            if (input.Length == before)
                break;                          // it was closed
        }
        return Answers();
    }

    /// <summary>What was sent since the last call, a line a message.</summary>
    public List<string> Answers()
    {
        var news = Handler.Wire.Skip(_answered).ToArray();
        _answered = Handler.Wire.Count;
        var messages = new List<Heard>();
        if (Handler.Wire.Count > GreetingBytes)
            Heard.Take(_answers, news, messages);
        return [.. messages.Select(Line)];
    }

    public void Dispose()
    {
        Conversation.Close();
        Assert.That(_pool.Outstanding, Is.Zero);
    }

    private static string Line(Heard heard)
    {
        if (heard.Type is not (MessageType.Command or MessageType.Data))
            return $"{heard.Type} {Convert.ToHexString(heard.Payload)}";
        var reader = new Amf0Reader(heard.Payload);
        var words = new List<string>();
        while (!reader.AtEnd)
            words.Add(Word(reader.Read()));
        return $"{string.Join(' ', words)} on {heard.Stream}";
    }

    private static string Word(AmfValue value) => value.Kind switch
    {
        AmfKind.String => value.AsString()!,
        AmfKind.Number => value.AsNumber()!.Value.ToString(CultureInfo.InvariantCulture),
        AmfKind.Object when value["code"].AsString() is { } code =>
            $"{value["level"].AsString()}:{code}",
        _ => value.ToString(),
    };
}
