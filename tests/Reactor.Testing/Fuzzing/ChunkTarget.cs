using System;
using System.Collections.Generic;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;

namespace Reactor.Testing.Fuzzing;

/// <summary>The chunk reader, with bounds small enough to be met.</summary>
public sealed class ChunkTarget : FuzzTarget
{
    private const int HalfReceivedMax = 3000;
    private const int MessageMax = 2000;

    public override string Name => "chunks";

    public override byte[] Generate(Random random) => Grammar.Chunks(random);

    public override IEnumerable<byte[]> Seeds() => Grammar.CaptureParts(Samples.ClientCaptures);

    protected override void Read(IEnumerable<byte[]> pieces, PacketPool pool, Features seen)
    {
        var reader = new ChunkReader(pool, new ChunkLimits
        {
            MessageBytesMax = MessageMax,
            HalfReceivedBytesMax = HalfReceivedMax,
            ChunkStreamsMax = 4,
        });
        try
        {
            foreach (var piece in pieces)
            {
                ReadOnlySpan<byte> input = piece;
                while (reader.TryRead(ref input, out var message))
                    Take(reader, message, seen);
                Invariant.Holds(input.IsEmpty && reader.HalfReceivedBytes <= HalfReceivedMax);
                Invariant.Holds(pool.OutstandingBytes <= 2 * (HalfReceivedMax + (4 * 4096)));
            }
        }
        finally
        {
            reader.Close();
        }
        seen.Add("skipped", reader.Skipped.ToString());
    }

    private static void Take(ChunkReader reader, RtmpMessage message, Features seen)
    {
        var payload = message.Payload.Written;
        Invariant.Holds(payload.Length is > 0 and <= MessageMax);
        seen.Add($"{message.Type}", payload);
        seen.Add("at", $"{message.Timestamp} {message.StreamId}");
        if (message.Type == MessageType.SetChunkSize)
            reader.ChunkBytesMax = payload[0];
        else if (message.Type == MessageType.Abort)
            reader.Abort(payload[0]);
        message.Payload.Release();
    }
}
