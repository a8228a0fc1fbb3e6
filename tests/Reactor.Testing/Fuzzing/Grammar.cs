using System;
using System.Collections.Generic;
using System.Linq;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Rtmp;

namespace Reactor.Testing.Fuzzing;

/// <summary>Inputs that are right for the most part: random ones end at the first byte.</summary>
internal static class Grammar
{
    private const int GreetingBytes = 1 + (2 * 1536);
    private const int PartBytesMax = 4000;

    private static readonly string[] Asked =
    [
        "connect", "close", "createStream", "releaseStream", "FCPublish", "FCUnpublish",
        "FCSubscribe", "getStreamLength", "deleteStream", "publish", "play", "play2",
        "closeStream", "pause", "pauseRaw", "seek", "receiveAudio", "receiveVideo", "_checkbw",
    ];

    private static readonly string[] Answered = ["_result", "_error", "onStatus", "onBWDone"];

    private static readonly byte[] Types =
        [1, 2, 3, 4, 5, 6, 8, 9, 15, 16, 17, 18, 19, 20, 22, 0, 7, 255];

    /// <summary>Version 3 and two blocks of zeros: what either side accepts of the other.</summary>
    public static byte[] Greeting { get; } = [3, .. new byte[GreetingBytes - 1]];

    /// <summary>The first chunks of recordings, from behind their handshakes.</summary>
    public static IEnumerable<byte[]> CaptureParts(string[] names) =>
        from name in names
        let wire = Samples.Load(name)
        select wire[GreetingBytes..Math.Min(wire.Length, GreetingBytes + PartBytesMax)];

    /// <summary>What a client may send behind its handshake.</summary>
    public static byte[] Client(Random random)
    {
        var time = 0u;
        var wire = new List<byte>();
        if (random.Next(8) > 0)
            wire.AddRange(Call("connect", 1, 0, random));
        if (random.Next(4) > 0)
            wire.AddRange(Call(random.Next(2) == 0 ? "publish" : "play", 0, 1, random));
        for (var i = random.Next(12); i > 0; i--)
        {
            var name = Asked[random.Next(Asked.Length)];
            wire.AddRange(random.Next(3) == 0
                ? Call(name, random.Next(3), (uint)random.Next(3), random)
                : Chunk(random, ref time));
        }
        return [.. wire];
    }

    /// <summary>What a server may answer.</summary>
    public static byte[] Server(Random random)
    {
        var time = 0u;
        var wire = new List<byte>();
        for (var i = random.Next(12); i > 0; i--)
        {
            wire.AddRange(random.Next(2) == 0
                ? Call(Answered[random.Next(4)], random.Next(6), (uint)random.Next(3), random)
                : Chunk(random, ref time));
        }
        return [.. wire];
    }

    public static byte[] Chunks(Random random)
    {
        var time = 0u;
        var wire = new List<byte>();
        for (var i = random.Next(40); i > 0; i--)
            wire.AddRange(Chunk(random, ref time));
        return [.. wire];
    }

    public static byte[] Command(Random random) =>
        Body(Asked[random.Next(Asked.Length)], random.Next(3), random);

    public static byte[] Amf0(Random random)
    {
        var body = new List<byte>();
        for (var i = random.Next(1, 4); i > 0; i--)
            body.AddRange(Value(random, depth: 0));
        return [.. body];
    }

    /// <summary>One value of AMF3: markers 0 to 12, lengths and references small.</summary>
    public static byte[] Amf3(Random random)
    {
        var body = new byte[random.Next(1, 60)];
        for (var i = 0; i < body.Length; i++)
            body[i] = (byte)(random.Next(4) == 0 ? random.Next(256) : random.Next(14));
        return body;
    }

    /// <summary>
    /// A chunk of any type on one of few chunk streams, mostly of the right length.
    /// </summary>
    private static byte[] Chunk(Random random, ref uint time)
    {
        var id = (uint)(random.Next(10) == 0 ? random.Next(2, 65_600) : random.Next(2, 7));
        time = random.Next(6) switch
        {
            0 => 0xFF_FFFEu + (uint)random.Next(3),
            1 => (uint)random.NextInt64(1L << 32),
            2 => (uint)random.Next(3000),
            _ => time,                          // again: a type 3 chunk may repeat it (Q8)
        };
        var type = (MessageType)Types[random.Next(Types.Length)];
        var payload = Payload(type, random);
        var length = random.Next(20) == 0 ? random.Next(300) : payload.Length;
        var stream = (uint)random.Next(3);
        return random.Next(6) switch
        {
            0 => Testing.Chunks.Type1(id, time, length, type, payload),
            1 => Testing.Chunks.Type2(id, time, payload),
            2 => Testing.Chunks.Type3(id, payload),
            3 => Testing.Chunks.Type3(id, time, payload),
            _ => Testing.Chunks.Type0(id, time, length, type, stream, payload),
        };
    }

    private static byte[] Payload(MessageType type, Random random)
    {
        byte[] payload = type switch
        {
            MessageType.Command or MessageType.CommandAmf3 => Command(random),
            MessageType.Data or MessageType.DataAmf3 => Data(random),
            MessageType.UserControl => [0, (byte)random.Next(9), 0, 0, 0, (byte)random.Next(9)],
            MessageType.Aggregate => Tags(random),
            < MessageType.Audio => Testing.Chunks.Number(random.Next(500), random.Next(6)),
            _ => new byte[random.Next(20)],
        };
        return payload.Length > 128 ? payload[..128] : payload;
    }

    private static byte[] Data(Random random)
    {
        string[] names = ["@setDataFrame", "@clearDataFrame", "onMetaData", "onTextData"];
        var (first, second) = (names[random.Next(4)], names[random.Next(4)]);
        return [.. String(first), .. String(second), .. Amf0(random)];
    }

    private static byte[] Tags(Random random)
    {
        var body = new List<byte>();
        for (var i = random.Next(5); i > 0; i--)
        {
            var length = random.Next(5);
            body.Add(Types[random.Next(Types.Length)]);
            body.AddRange(Testing.Chunks.Number(length, 3));
            body.AddRange(Testing.Chunks.Number(random.Next(), 4));
            body.AddRange(new byte[3 + length + 4]);
        }
        return [.. body];
    }

    /// <summary>A command in chunks of 128 bytes.</summary>
    private static byte[] Call(string name, double transaction, uint stream, Random random)
    {
        var body = Body(name, transaction, random);
        var wire = new List<byte>();
        for (var at = 0; at < body.Length; at += 128)
        {
            var piece = body.AsSpan(at, Math.Min(128, body.Length - at));
            wire.AddRange(at == 0
                ? Testing.Chunks.Type0(3, 0, body.Length, MessageType.Command, stream, piece)
                : Testing.Chunks.Type3(3, piece));
        }
        return [.. wire];
    }

    private static byte[] Body(string name, double transaction, Random random)
    {
        string[] names = ["cam", "taken", "", "a/b?c=d"];
        byte[] argument = random.Next(3) switch
        {
            0 => String(names[random.Next(names.Length)]),
            1 => Number(random.Next(-2, 5)),
            _ => Value(random, depth: 0),
        };
        byte[] rest = random.Next(3) == 0 ? Amf0(random) : [];
        byte[] about = name == "connect" ? Value(random, depth: 0) : [5];
        return [.. String(name), .. Number(transaction), .. about, .. argument, .. rest];
    }

    private static byte[] Value(Random random, int depth) => random.Next(depth > 3 ? 8 : 12) switch
    {
        0 or 1 => Number(random.Next(-3, 100)),
        2 => [1, (byte)random.Next(2)],
        3 or 4 => String(random.Next(2) == 0 ? "live" : new string('x', random.Next(40))),
        5 => [5],
        6 => [6],
        7 => [7, 0, (byte)random.Next(3)],
        8 => [3, .. Members(random, depth), 0, 0, 9],
        9 => [8, 0, 0, 0, 2, .. Members(random, depth), 0, 0, 9],
        10 => [10, 0, 0, 0, 2, .. Value(random, depth + 1), .. Value(random, depth + 1)],
        _ => [0x11, .. Amf3(random)],
    };

    private static IEnumerable<byte> Members(Random random, int depth)
    {
        string[] keys =
            ["app", "tcUrl", "objectEncoding", "capsEx", "fourCcList", "streamName", "code"];
        return Enumerable.Range(0, random.Next(4)).SelectMany(_ =>
            String(keys[random.Next(keys.Length)])[1..].Concat(Value(random, depth + 1)));
    }

    private static byte[] String(string text)
    {
        var room = new byte[3 + text.Length];
        new Amf0Writer(room).String(text);
        return room;
    }

    private static byte[] Number(double value)
    {
        var room = new byte[9];
        new Amf0Writer(room).Number(value);
        return room;
    }
}
