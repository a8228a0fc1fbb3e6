using System;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Mp4;

namespace Reactor.Streaming.Hls;

/// <summary>The audio track of fragmented MP4.</summary>
internal sealed class Mp4Audio(Mp4Container container)
    : Mp4HlsTrack<AudioTagHeader, Mp4AudioTrack>
{
    public override bool IsSupported(in AudioTagHeader header) =>
        Mp4AudioTrack.IsSupported(header.Codec);

    public override bool TryWrite(in AudioTagHeader header, in MediaFrame frame) =>
        container.WriterFor(frame).TryAdd(header, frame.Payload, frame.TimeMs);

    protected override Mp4AudioTrack? Read(
        in AudioTagHeader header, ReadOnlySpan<byte> payload, Mp4AudioTrack? known) =>
        Mp4AudioTrack.Read(header, payload, known);

    protected override bool CanBegin(in AudioTagHeader header) => header.Kind == TagKind.Frames;
}
