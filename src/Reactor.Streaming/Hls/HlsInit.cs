using System;
using Reactor.Primitives;

namespace Reactor.Streaming.Hls;

/// <summary>What a player reads before segments (RFC 8216 §3.3, an initialization section).
/// </summary>
/// <param name="Sequence">
/// Its name: the number of the first segment that needs it, or <see cref="NameOf"/>.
/// </param>
/// <param name="Packet">Its bytes; every segment that needs it is an owner.</param>
public sealed record HlsInit(long Sequence, Packet Packet)
{
    /// <summary>A name that two servers give to the same bytes: FNV-1a of them.</summary>
    public static long NameOf(ReadOnlySpan<byte> bytes)
    {
        var hash = 0xCBF2_9CE4_8422_2325;
        foreach (var each in bytes)
            hash = unchecked((hash ^ each) * 0x100_0000_01B3);
        return (long)(hash >> 1);
    }
}
