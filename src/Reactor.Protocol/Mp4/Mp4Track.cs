using System;
using Reactor.Protocol.Flv;

namespace Reactor.Protocol.Mp4;

/// <summary>A track as the head of a file describes it; it never changes.</summary>
/// <param name="codec">As payloads name it.</param>
/// <param name="timescale">Ticks of its times in a second.</param>
/// <param name="sampleEntry">The box in stsd that tells its codec (ISO 14496-12 §8.5.2).</param>
public abstract class Mp4Track(FourCc codec, int timescale, byte[] sampleEntry)
{
    /// <summary>What is longer is no configuration: real ones have some hundred bytes.</summary>
    public const int ConfigBytesMax = 64 << 10;

    public const int VideoId = 1;
    public const int AudioId = 2;

    public FourCc Codec => codec;

    public int Timescale => timescale;

    public bool IsVideo => this is Mp4VideoTrack;

    internal int Id => IsVideo ? VideoId : AudioId;

    internal ReadOnlySpan<byte> SampleEntry => sampleEntry;

    /// <summary>The one that is known, where the other one would tell a decoder the same.</summary>
    private protected static T? Same<T>(T? known, T? other)
        where T : Mp4Track =>
        other is null || (known is not null && known.SampleEntry.SequenceEqual(other.SampleEntry))
            ? known
            : other;
}
