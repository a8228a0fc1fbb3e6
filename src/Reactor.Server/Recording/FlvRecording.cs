using System;
using Reactor.Primitives;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Rtmp;

namespace Reactor.Server.Recording;

/// <summary>The end of a file of FLV that is written on.</summary>
/// <param name="Metadata">What stands in its first tag.</param>
/// <param name="Index">Keyframes that are in it.</param>
/// <param name="LastMs">Time of its last tag.</param>
/// <param name="NextMs">Time of the tag that goes behind it.</param>
/// <param name="HasAudio">Whether there is sound in it.</param>
/// <param name="HasVideo">Whether there is a picture in it.</param>
internal sealed record FlvTail(
    FlvMetadata Metadata, FlvIndex Index, uint LastMs, uint NextMs, bool HasAudio, bool HasVideo);

/// <summary>A recording in FLV.</summary>
/// <remarks>
/// Tags are whole in every write, with their back pointers. The first one has room for the whole
/// index, and is written anew in the end.
/// </remarks>
/// <param name="metadata">What the first tag of a new file says.</param>
/// <param name="pool">Where packets come from.</param>
internal sealed class FlvRecording(FlvMetadata metadata, PacketPool pool) : IRecordingFormat
{
    private const int MetadataAt = FlvWriter.HeaderLength + FlvWriter.TagHeaderLength;

    private FlvMetadata _metadata = metadata;
    private FlvIndex _index = new();
    private bool _hasAudio;
    private bool _hasVideo;

    public long HeldBytes => 0;

    public void Begin(FlvTail? tail, RecordingBytes to)
    {
        if (tail is not null)
        {
            (_metadata, _index) = (tail.Metadata, tail.Index);
            (_hasAudio, _hasVideo) = (tail.HasAudio, tail.HasVideo);
            return;
        }
        var head = new byte[FlvWriter.HeaderLength];
        var writer = new ByteWriter(head);
        FlvWriter.Header(ref writer, hasAudio: true, hasVideo: true);
        to.Append(head);
        var body = pool.Rent(_metadata.Length);
        _metadata.Write(body.Free, default, _index);
        body.Advance(_metadata.Length);
        Tag(new RecordedFrame(MessageType.Data, 0, body, false), to);
        body.Release();
    }

    public bool Fits(MessageType type, Packet payload) => true;

    public void Add(in RecordedFrame frame, RecordingBytes to)
    {
        if (frame.Payload.Length > FlvWriter.PayloadBytesMax)
            return;
        if (frame.IsKeyframe)
            _index.Add(frame.TimeMs, to.Length);
        _hasVideo |= frame.Type == MessageType.Video;
        _hasAudio |= frame.Type == MessageType.Audio;
        Tag(frame, to);
    }

    public void EndPart(RecordingBytes to)
    {
    }

    public RecordingHead? End(uint lastMs, RecordingBytes to)
    {
        var body = new byte[_metadata.Length];
        _metadata.Write(body, new FlvSummary(lastMs, to.Length, _hasAudio, _hasVideo), _index);
        return new RecordingHead(MetadataAt, body);
    }

    public void Drop()
    {
    }

    private static void Tag(in RecordedFrame frame, RecordingBytes to)
    {
        Span<byte> around = stackalloc byte[FlvWriter.TagHeaderLength];
        var header = new ByteWriter(around);
        FlvWriter.TagHeader(ref header, frame.Type, frame.TimeMs, frame.Payload.Length);
        to.Append(around);
        to.Append(frame.Payload);
        var behind = around[..FlvWriter.BackPointerLength];
        var pointer = new ByteWriter(behind);
        FlvWriter.BackPointer(ref pointer, frame.Payload.Length);
        to.Append(behind);
    }
}
