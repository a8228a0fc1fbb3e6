using System;
using Reactor.Protocol.Mp4;

namespace Reactor.Streaming.Hls;

/// <summary>A track of fragmented MP4.</summary>
/// <typeparam name="THeader">How a payload's head is read.</typeparam>
/// <typeparam name="TTrack">What the head of the file says of it.</typeparam>
internal abstract class Mp4HlsTrack<THeader, TTrack> : HlsTrack<THeader>
    where THeader : struct
    where TTrack : Mp4Track
{
    /// <summary>Null before the format is known.</summary>
    public TTrack? Track { get; private set; }

    public override uint Type => Track?.Codec.Value ?? 0;

    public override void See(in THeader header, ReadOnlySpan<byte> payload)
    {
        var track = Read(header, payload, Track);
        if (track != Track)
        {
            IsChanged |= Track is not null;
            IsReady = false;
            Track = track;
        }
        IsReady |= Track is not null && CanBegin(header);
    }

    public override void Reset()
    {
        Track = null;
        IsReady = IsChanged = false;
    }

    /// <returns>The same object where a decoder need not begin anew.</returns>
    protected abstract TTrack? Read(
        in THeader header, ReadOnlySpan<byte> payload, TTrack? known);

    /// <summary>Whether a segment can begin with this payload.</summary>
    protected abstract bool CanBegin(in THeader header);
}
