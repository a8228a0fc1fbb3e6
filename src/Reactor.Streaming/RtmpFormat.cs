using System;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;

namespace Reactor.Streaming;

/// <summary>Frames as RTMP messages in chunks.</summary>
/// <param name="chunkBytes">Payload of a chunk, as announced to the peer.</param>
public sealed class RtmpFormat(int chunkBytes) : IFrameFormat
{
    public int WireLength(in QueuedFrame frame) => ChunkWriter.WireLength(
        ChunkStreamOf(frame.Kind), frame.Timestamp, frame.Payload.Length, chunkBytes);

    /// <remarks>
    /// Found by sum: a long message in small chunks would be walked through for each write, and
    /// its headers alone would fill the scratch area.
    /// </remarks>
    public int FindUnsent(in QueuedFrame frame, int sent, out int skip)
    {
        skip = sent;
        var chunkStream = ChunkStreamOf(frame.Kind);
        var first = ChunkWriter.HeaderLength(chunkStream, frame.Timestamp) + chunkBytes;
        if (sent < first)
            return 0;
        var each = ChunkWriter.ContinuationLength(chunkStream, frame.Timestamp) + chunkBytes;
        (var more, skip) = Math.DivRem(sent - first, each);
        return (1 + more) * chunkBytes;
    }

    public bool TryAdd(GatherList into, in QueuedFrame frame, int offset, int bytesMax)
    {
        var payload = frame.Payload;
        var chunkStream = ChunkStreamOf(frame.Kind);
        for (; offset < payload.Length; offset += chunkBytes)
        {
            if (into.Bytes >= bytesMax || !into.HasRoom(2, ChunkWriter.HeaderBytesMax))
                return false;
            var header = into.Scratch(ChunkWriter.HeaderBytesMax);
            into.AddScratch(offset > 0
                ? ChunkWriter.WriteContinuation(header, chunkStream, frame.Timestamp)
                : ChunkWriter.WriteHeader(
                    header, chunkStream, frame.Timestamp, payload.Length,
                    MediaFrame.TypeOf(frame.Kind), frame.StreamId));
            into.Add(payload, offset, Math.Min(chunkBytes, payload.Length - offset));
        }
        return true;
    }

    /// <summary>
    /// Audio, video and data have a chunk stream each, as players know them (S1.38).
    /// </summary>
    private static uint ChunkStreamOf(FrameKind kind) => kind switch
    {
        FrameKind.Audio => RtmpClientConversation.AudioChunkStream,
        FrameKind.Video => RtmpClientConversation.VideoChunkStream,
        _ => RtmpLink.StatusChunkStream,
    };
}
