using System;

namespace Reactor.Protocol.MpegTs;

/// <summary>The check sum of PAT and PMT (ISO 13818-1 annex A).</summary>
/// <remarks>Highest bit first, unlike that of zip and PNG; beginning with ones.</remarks>
internal static class Crc32
{
    private const uint Polynomial = 0x04C1_1DB7;

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var sum = 0xFFFF_FFFFu;
        foreach (var part in bytes)
        {
            sum ^= (uint)part << 24;
            for (var bit = 0; bit < 8; bit++)
                sum = (sum << 1) ^ ((sum & 0x8000_0000) != 0 ? Polynomial : 0);
        }
        return sum;
    }
}
