using System;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Mp4;

namespace Reactor.Streaming.Hls;

/// <summary>The video track of fragmented MP4.</summary>
internal sealed class Mp4Video(Mp4Container container) : HlsTrack<VideoTagHeader>
{
    /// <summary>Null before a configuration has come.</summary>
    public Mp4VideoTrack? Track { get; private set; }

    public override uint Type => Track?.Codec.Value ?? 0;

    public override bool IsSupported(in VideoTagHeader header) =>
        Mp4VideoTrack.IsSupported(header.Codec);

    public override void See(in VideoTagHeader header, ReadOnlySpan<byte> payload)
    {
        var track = Mp4VideoTrack.Read(header, payload, Track);
        if (track != Track)
        {
            IsChanged |= Track is not null;
            IsReady = false;
            Track = track;
        }
        IsReady |= Track is not null && header.IsKeyframe;
    }

    public override bool TryWrite(in VideoTagHeader header, in MediaFrame frame) =>
        container.WriterFor(frame).TryAdd(header, frame.Payload, frame.TimeMs);

    public override void Reset()
    {
        Track = null;
        IsReady = IsChanged = false;
    }
}
