namespace Reactor.Testing.Hls;

/// <summary>A part of a segment as a playlist lists it.</summary>
/// <param name="Sequence">Its segment's number.</param>
/// <param name="Index">Its place in it.</param>
/// <param name="Uri">As it stands there.</param>
/// <param name="Duration">In seconds.</param>
/// <param name="IsIndependent">Whether decoding can begin with it.</param>
public sealed record ListedPart(
    long Sequence, int Index, string Uri, decimal Duration, bool IsIndependent);
