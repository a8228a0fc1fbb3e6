using Reactor.Primitives;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Http;
using Reactor.Protocol.WebSocket;

namespace Reactor.Streaming;

/// <summary>What an FLV tag is wrapped in on its way.</summary>
public enum FlvWrapping
{
    /// <summary>Tag after tag, to the end of the connection.</summary>
    None,

    /// <summary>Each tag is a chunk of HTTP/1.1 (RFC 9112 §7.1).</summary>
    HttpChunk,

    /// <summary>Each tag is a binary message of WebSocket (RFC 6455 §5.2).</summary>
    WebSocketMessage,
}

/// <summary>Frames as FLV tags, with whatever carries them.</summary>
/// <remarks>
/// <code>
/// chunk size, CRLF | tag header (11) | payload | back pointer (4) | CRLF       HttpChunk
/// frame header     | tag header (11) | payload | back pointer (4)              WebSocketMessage
/// </code>
/// </remarks>
public sealed class FlvFormat : IFrameFormat
{
    private const int HeadBytesMax =
        WebSocketFrameWriter.HeaderLengthMax + FlvWriter.TagHeaderLength;
    private const int TailBytesMax = FlvWriter.BackPointerLength + 2;
    private const int AroundBytes = FlvWriter.TagHeaderLength + FlvWriter.BackPointerLength;

    private readonly FlvWrapping _wrapping;

    private FlvFormat(FlvWrapping wrapping) => _wrapping = wrapping;

    public static FlvFormat Bare { get; } = new(FlvWrapping.None);

    public static FlvFormat Chunked { get; } = new(FlvWrapping.HttpChunk);

    public static FlvFormat WebSocket { get; } = new(FlvWrapping.WebSocketMessage);

    public int WireLength(in QueuedFrame frame)
    {
        var tag = AroundBytes + frame.Payload.Length;
        return tag + _wrapping switch
        {
            FlvWrapping.HttpChunk => HttpChunk.SizeLength(tag) + HttpChunk.End.Length,
            FlvWrapping.WebSocketMessage => WebSocketFrameWriter.HeaderLength(tag),
            _ => 0,
        };
    }

    public int FindUnsent(in QueuedFrame frame, int sent, out int skip)
    {
        skip = sent;                            // a tag is one piece: nothing is looked for
        return 0;
    }

    public bool TryAdd(GatherList into, in QueuedFrame frame, int offset, int bytesMax)
    {
        var payload = frame.Payload;
        if (into.Bytes >= bytesMax || !into.HasRoom(3, HeadBytesMax + TailBytesMax))
            return false;
        var head = new ByteWriter(into.Scratch(HeadBytesMax));
        WriteWrapping(ref head, AroundBytes + payload.Length);
        FlvWriter.TagHeader(
            ref head, MediaFrame.TypeOf(frame.Kind), frame.Timestamp, payload.Length);
        into.AddScratch(head.Length);
        into.Add(payload, 0, payload.Length, keepFree: TailBytesMax);

        var tail = new ByteWriter(into.Scratch(TailBytesMax));
        FlvWriter.BackPointer(ref tail, payload.Length);
        if (_wrapping == FlvWrapping.HttpChunk)
            tail.Bytes(HttpChunk.End);
        into.AddScratch(tail.Length);
        return true;
    }

    private void WriteWrapping(ref ByteWriter to, int tagLength)
    {
        switch (_wrapping)
        {
            case FlvWrapping.HttpChunk:
                HttpChunk.Size(ref to, tagLength);
                break;
            case FlvWrapping.WebSocketMessage:
                WebSocketFrameWriter.Header(ref to, WebSocketOpcode.Binary, tagLength);
                break;
        }
    }
}
