using System.Collections.Generic;
using Reactor.Primitives;

namespace Reactor.Streaming.Hls;

/// <summary>A part of a segment, which can be fetched before the segment is complete.</summary>
/// <remarks>Its packets are some of its segment's, who owns them: its bytes exist once.</remarks>
/// <param name="DurationMs">To the beginning of the next one; at least 1.</param>
/// <param name="IsIndependent">Whether decoding can begin with it.</param>
/// <param name="Packets">Its bytes, in order.</param>
public sealed record HlsPart(long DurationMs, bool IsIndependent, IReadOnlyList<Packet> Packets)
{
    public long Bytes { get; } = HlsSegment.Sum(Packets);
}
