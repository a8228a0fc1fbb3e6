using System;

namespace Reactor.Protocol.Codecs;

/// <summary>Reads what a FLAC stream begins with (RFC 9639 §6, §8.2).</summary>
/// <remarks>
/// <code>
/// | fLaC: 32 | last 1 | type 7, is 0 | length 24, is 34 |
/// | block sizes 16, 16 | frame sizes 48 | rate 20 | channels - 1: 3 | bits - 1: 5 | ...
/// </code>
/// The letters, and the head of the block too, are left out where a container says as much.
/// </remarks>
public static class FlacInfo
{
    private const int HeadLength = 4;
    private const int Length = 34;
    private const int RateMax = 655_350;

    /// <summary>Samples in a block, at least.</summary>
    private const uint BlockMin = 16;

    /// <returns>Null when the bytes are no such beginning.</returns>
    public static AudioFacts? Read(ReadOnlySpan<byte> body)
    {
        body = BlockOf(body);
        if (body.IsEmpty)
            return null;
        var bits = new BitReader(body, hasEmulation: false);
        if (bits.Bits(16) < BlockMin)
            return null;
        bits.Skip(16 + 48);
        var rate = (int)bits.Bits(20);
        var channels = (int)bits.Bits(3) + 1;
        return rate is > 0 and <= RateMax
            ? new AudioFacts("FLAC", "flac", rate, channels, "")
            : null;
    }

    /// <summary>The 34 bytes of the stream's information, without any head.</summary>
    /// <returns>Empty when there are none.</returns>
    public static ReadOnlySpan<byte> BlockOf(ReadOnlySpan<byte> body)
    {
        var isNamed = body.StartsWith("fLaC"u8);
        body = body[(isNamed ? HeadLength : 0)..];
        if (body.Length >= HeadLength + Length
            && (body[0] & 0x7F) == 0 && body[1] == 0 && body[2] == 0 && body[3] == Length)
        {
            return body.Slice(HeadLength, Length);
        }
        return isNamed || body.Length != Length ? default : body;
    }
}
