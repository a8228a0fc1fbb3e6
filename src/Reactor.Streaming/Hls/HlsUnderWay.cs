using System;
using System.Collections.Generic;

namespace Reactor.Streaming.Hls;

/// <summary>The segment that is not complete yet, as far as there are parts of it.</summary>
/// <param name="Sequence">The number that it will have.</param>
/// <param name="IsDiscontinuity">Whether a decoder has to begin anew with it.</param>
/// <param name="StartUtc">When its first frame came.</param>
/// <param name="Init">What has to be read before it; null where it can be read alone.</param>
/// <param name="Parts">Oldest first; at least one.</param>
public sealed record HlsUnderWay(
    long Sequence, bool IsDiscontinuity, DateTimeOffset StartUtc, HlsInit? Init,
    IReadOnlyList<HlsPart> Parts);
