namespace Reactor.Protocol.Mp4;

/// <summary>What a fragment says of one frame, in ticks of its track.</summary>
/// <param name="Duration">Until the next one is decoded.</param>
/// <param name="Length">Bytes.</param>
/// <param name="CompositionOffset">From when it is decoded to when it is shown.</param>
/// <param name="IsSync">Whether decoding can begin here.</param>
public readonly record struct Mp4Sample(
    uint Duration, int Length, int CompositionOffset, bool IsSync);
