using System;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Mp4;

namespace Reactor.Streaming.Hls;

/// <summary>The video track of fragmented MP4.</summary>
internal sealed class Mp4Video(Mp4Container container)
    : Mp4HlsTrack<VideoTagHeader, Mp4VideoTrack>
{
    public override bool IsSupported(in VideoTagHeader header) =>
        Mp4VideoTrack.IsSupported(header.Codec);

    public override bool TryWrite(in VideoTagHeader header, in MediaFrame frame) =>
        container.WriterFor(frame).TryAdd(header, frame.Payload, frame.TimeMs);

    protected override Mp4VideoTrack? Read(
        in VideoTagHeader header, ReadOnlySpan<byte> payload, Mp4VideoTrack? known) =>
        Mp4VideoTrack.Read(header, payload, known);

    protected override bool CanBegin(in VideoTagHeader header) => header.IsKeyframe;
}
