using System;
using System.Numerics;
using Reactor.Primitives;

namespace Reactor.Protocol.Codecs;

/// <summary>The head of a frame of FLAC (RFC 9639 §9.1).</summary>
/// <remarks>
/// <code>
/// | 3FFE: 14 | 0 | blocks vary 1 | size 4 | rate 4 | channels 4 | bits 3 | 0 | number 8 to 56 |
/// | size - 1: 8 or 16, where its code says so | ...
/// </code>
/// </remarks>
public static class FlacFrame
{
    private const int NumberBytesMax = 7;

    /// <returns>How many samples it has of each channel; 0 when the bytes are no frame.</returns>
    public static int SamplesOf(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < 5 || frame[0] != 0xFF || (frame[1] & 0xFE) != 0xF8)
            return 0;
        var code = frame[2] >> 4;
        switch (code)
        {
            case 0:
                return 0;
            case 1:
                return 192;
            case <= 5:
                return 144 << code;             // 576, 1,152, 2,304, 4,608
            case >= 8:
                return 1 << code;               // 256 to 32,768
            default:
                break;
        }
        // The number is written as UTF-8 would be: ones in front tell how many bytes it has.
        var ones = BitOperations.LeadingZeroCount((uint)(byte)~frame[4]) - 24;
        if (ones is 1 or > NumberBytesMax)
            return 0;
        var rest = new ByteReader(frame[4..]);
        if (!rest.TrySkip(Math.Max(1, ones)))
            return 0;
        if (code == 6)
            return rest.TryReadByte(out var small) ? small + 1 : 0;
        return rest.TryReadUInt16(out var large) ? large + 1 : 0;
    }
}
