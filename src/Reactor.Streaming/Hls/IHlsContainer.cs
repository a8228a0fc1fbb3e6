using Reactor.Primitives;
using Reactor.Protocol.Flv;

namespace Reactor.Streaming.Hls;

/// <summary>What segments are written in: a transport stream, or fragmented MP4.</summary>
/// <remarks>
/// A segment is begun, its tracks write frames, and it ends, or is dropped. In between it may be
/// cut into parts, whose bytes in order are the segment's.
/// </remarks>
internal interface IHlsContainer
{
    HlsTrack<VideoTagHeader> Video { get; }

    HlsTrack<AudioTagHeader> Audio { get; }

    /// <summary>Bytes of the segment so far, and of what is held back.</summary>
    long Bytes { get; }

    /// <summary>
    /// What a player reads before the segment, and again where it is another object; null where a
    /// segment can be read alone. Borrowed.
    /// </summary>
    Packet? Init { get; }

    /// <param name="program">Not empty. Another one than before needs a discontinuity.</param>
    /// <param name="isDiscontinuity">Whether the clock may leap.</param>
    /// <param name="number">
    /// The segment's, where its bytes are to follow from that and its frames alone, whatever was
    /// written before.
    /// </param>
    void BeginSegment(HlsProgram program, bool isDiscontinuity, long? number = null);

    /// <summary>Gives away what was written since the last cut, owned by the caller.</summary>
    /// <param name="endMs">When the next frame is decoded.</param>
    Packet[] CutPart(long endMs);

    /// <summary>Gives the rest of the segment away, owned by the caller.</summary>
    /// <param name="endMs">When the next frame is decoded.</param>
    Packet[] EndSegment(long endMs);

    /// <summary>Forgets a segment that was begun.</summary>
    void DropSegment();

    /// <summary>Gives back what outlasts a segment.</summary>
    void Clear();
}
