using System;

namespace Reactor.Testing.Hls;

/// <summary>A segment as a playlist lists it.</summary>
/// <param name="Sequence">Its number, by its place.</param>
/// <param name="Uri">As it stands there.</param>
/// <param name="Duration">In seconds.</param>
/// <param name="IsDiscontinuity">Whether the tag stands before it.</param>
/// <param name="Discontinuities">Its discontinuity sequence number (RFC 8216 §3).</param>
/// <param name="Date">Of its first frame.</param>
public sealed record ListedSegment(
    long Sequence,
    string Uri,
    decimal Duration,
    bool IsDiscontinuity,
    long Discontinuities,
    DateTimeOffset? Date)
{
    /// <summary>What has to be read before it; null for a transport stream.</summary>
    public string? Init { get; init; }
}
