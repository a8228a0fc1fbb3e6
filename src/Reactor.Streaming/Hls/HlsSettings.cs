namespace Reactor.Streaming.Hls;

/// <summary>How a live stream is cut into segments, and how many of them are kept.</summary>
/// <remarks>All times in milliseconds of the stream's own clock.</remarks>
public sealed record HlsSettings
{
    /// <summary>
    /// Segments are fragmented MP4, which carries AV1, VP9, Opus, FLAC, AC-3 and E-AC-3 too,
    /// instead of a transport stream.
    /// </summary>
    public bool IsMp4 { get; init; }

    /// <summary>
    /// Two servers that have the same publisher make the same segments (<see cref="HlsGrid"/>).
    /// </summary>
    public bool IsAligned { get; init; }

    /// <summary>A segment ends at the first keyframe after so long.</summary>
    public int FragmentMs { get; init; } = 2000;

    /// <summary>Where no keyframe comes, it ends after so long at any frame.</summary>
    public int FragmentMaxMs { get; init; } = 10_000;

    /// <summary>A segment of sound alone ends after so long.</summary>
    public int AudioOnlyFragmentMs { get; init; } = 4000;

    /// <summary>Segments come in parts of about so long; 0 for whole ones (RFC 8216bis).</summary>
    public int PartMs { get; init; }

    /// <summary>How long a track that has not come yet is waited for (Q47).</summary>
    public int TrackWaitMs { get; init; } = 2000;

    /// <summary>Segments in the playlist; more where these are too short for players.</summary>
    public int Window { get; init; } = 6;

    /// <summary>
    /// Segments that can be fetched beyond those that viewers may still ask for, because they left
    /// the playlist a short time ago: a publisher may come in bursts.
    /// </summary>
    public int DeleteThreshold { get; init; } = 2;

    /// <summary>Bytes of all segments together; the oldest go, and the window is shorter.</summary>
    public long BytesMax { get; init; } = 64 << 20;

    /// <summary>Without a frame of any track for more than this the clock has leapt.</summary>
    public int GapMs => FragmentMaxMs / 2;

    /// <summary>A segment that grows beyond this ends at once: three have to fit.</summary>
    public long SegmentBytesMax => BytesMax / 4;
}
