using System;
using System.Security.Cryptography;
using Reactor.Primitives;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Reactor.Streaming.Hls;

/// <summary>What a player reads before segments (RFC 8216 §3.3, an initialization section).
/// </summary>
/// <param name="Sequence">
/// Its name: the number of the first segment that needs it, or <see cref="NameOf"/>.
/// </param>
/// <param name="Packet">Its bytes; every segment that needs it is an owner.</param>
public sealed record HlsInit(long Sequence, Packet Packet)
{
    /// <summary>A name that two servers give to the same bytes: 63 bits of their hash.</summary>
    public static long NameOf(ReadOnlySpan<byte> bytes) =>
        ReadInt64BigEndian(SHA256.HashData(bytes)) & long.MaxValue;
}
