using System;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Mp4;

namespace Reactor.Streaming.Hls;

/// <summary>The audio track of fragmented MP4.</summary>
internal sealed class Mp4Audio(Mp4Container container) : HlsTrack<AudioTagHeader>
{
    /// <summary>Null before the format is known.</summary>
    public Mp4AudioTrack? Track { get; private set; }

    public override uint Type => Track?.Codec.Value ?? 0;

    public override bool IsSupported(in AudioTagHeader header) =>
        Mp4AudioTrack.IsSupported(header.Codec);

    public override void See(in AudioTagHeader header, ReadOnlySpan<byte> payload)
    {
        var track = Mp4AudioTrack.Read(header, payload, Track);
        if (track != Track)
        {
            IsChanged |= Track is not null;
            IsReady = false;
            Track = track;
        }
        IsReady |= Track is not null && header.Kind == TagKind.Frames;
    }

    public override bool TryWrite(in AudioTagHeader header, in MediaFrame frame) =>
        container.WriterFor(frame).TryAdd(header, frame.Payload, frame.TimeMs);

    public override void Reset()
    {
        Track = null;
        IsReady = IsChanged = false;
    }
}
