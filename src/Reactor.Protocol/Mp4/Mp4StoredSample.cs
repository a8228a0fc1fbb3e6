namespace Reactor.Protocol.Mp4;

/// <summary>A sample of a fragment in a file.</summary>
/// <param name="Track">Its track.</param>
/// <param name="TimeMs">When it is decoded.</param>
/// <param name="CompositionMs">From then to when it is shown.</param>
/// <param name="IsSync">Whether decoding can begin here.</param>
/// <param name="Offset">Bytes from the beginning of the fragment.</param>
/// <param name="Length">Bytes.</param>
public readonly record struct Mp4StoredSample(
    Mp4StoredTrack Track, uint TimeMs, int CompositionMs, bool IsSync, long Offset, int Length);
