using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Unicode;
using Reactor.Primitives;
using Reactor.Protocol.WebSocket;

namespace Reactor.Testing.Fuzzing;

/// <summary>Frames of either side; the first byte of an input says which one reads.</summary>
public sealed class WebSocketTarget : FuzzTarget
{
    private const int BytesMax = 300;

    private static readonly byte[] FirstBytes =
        [0x82, 0x81, 0x01, 0x02, 0x00, 0x80, 0x88, 0x89, 0x8A, 0x83, 0xC2, 0x09];

    private static readonly int[] Lengths = [0, 1, 2, 3, 8, 124, 125, 126, 127, 200, 301];

    private static readonly string[] Texts = ["", "hé", "\u20AC", "plain"];

    public override string Name => "websocket";

    public override byte[] Generate(Random random)
    {
        var isMasked = random.Next(2) == 0;
        var wire = new List<byte> { (byte)(isMasked ? 1 : 0) };
        for (var i = random.Next(8); i >= 0; i--)
        {
            var payload = new byte[Lengths[random.Next(Lengths.Length)]];
            if (random.Next(3) == 0)
                payload = System.Text.Encoding.UTF8.GetBytes(Texts[random.Next(Texts.Length)]);
            var first = FirstBytes[random.Next(FirstBytes.Length)];
            if (first == 0x88 && payload.Length > 1)
                (payload[0], payload[1]) = (3, (byte)(0xE8 + random.Next(16)));
            var frame = new byte[payload.Length + 14];
            var to = new ByteWriter(frame);
            if (isMasked)
            {
                var key = (uint)random.Next();
                WebSocketFrameWriter.MaskedFrame(ref to, WebSocketOpcode.Binary, payload, key);
            }
            else
            {
                WebSocketFrameWriter.Header(ref to, WebSocketOpcode.Binary, payload.Length);
                to.Bytes(payload);
            }
            frame[0] = first;
            wire.AddRange(frame[..to.Length]);
        }
        return [.. wire];
    }

    protected override void Read(IEnumerable<byte[]> pieces, PacketPool pool, Features seen)
    {
        WebSocketReader? reader = null;
        try
        {
            foreach (var piece in pieces.Where(piece => piece.Length > 0))
            {
                ReadOnlySpan<byte> input = piece;
                if (reader is null)
                {
                    reader = new WebSocketReader(pool, BytesMax, isMasked: (input[0] & 1) != 0);
                    input = input[1..];
                }
                while (reader.TryRead(ref input, out var message))
                    Take(message, seen);
                Invariant.Holds(input.IsEmpty && pool.OutstandingBytes <= 512 + 256);
            }
        }
        catch (WebSocketProtocolException refused)
        {
            seen.Add($"{refused.Code} {refused.Detail[..6]}", refused.Detail);
        }
        finally
        {
            reader?.Dispose();
        }
    }

    private static void Take(WebSocketMessage message, Features seen)
    {
        var payload = message.Payload.Written;
        var isControl = message.Opcode >= WebSocketOpcode.Close;
        Invariant.Holds(payload.Length <= (isControl ? 125 : BytesMax));
        Invariant.Holds(message.Opcode != WebSocketOpcode.Text || Utf8.IsValid(payload));
        Invariant.Holds(message.Opcode != WebSocketOpcode.Continuation);
        seen.Add($"{message.Opcode} {int.Log2(payload.Length | 1)}", payload);
        if (message.Opcode == WebSocketOpcode.Close)
            seen.Add($"{(int)message.CloseCode / 1000}", message.CloseReason);
        message.Payload.Release();
    }
}
