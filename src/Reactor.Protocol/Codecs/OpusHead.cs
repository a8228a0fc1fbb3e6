using System;

namespace Reactor.Protocol.Codecs;

/// <summary>Reads Opus's identification header (RFC 7845 §5.1).</summary>
/// <remarks>
/// <code>
/// | OpusHead: 64 | version 8, is 0 to 15 | channels 8 | pre-skip 16 | input rate 32 | ...
/// </code>
/// </remarks>
public static class OpusHead
{
    private const int Length = 19;
    private const int VersionMax = 15;

    /// <summary>What is decoded always has this rate, whatever went in (RFC 6716 §2).</summary>
    private const int DecodedRate = 48_000;

    /// <returns>Null when the bytes are no such header.</returns>
    public static AudioFacts? Read(ReadOnlySpan<byte> body) =>
        body.Length >= Length && body.StartsWith("OpusHead"u8)
            && body[8] <= VersionMax && body[9] > 0
            ? new AudioFacts("Opus", "opus", DecodedRate, body[9], "")
            : null;
}
