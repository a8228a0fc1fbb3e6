using System;
using Reactor.Primitives;

namespace Reactor.Protocol.Codecs;

/// <summary>What stands before an AAC frame outside of containers (ISO 14496-3 §1.A.2.2).</summary>
/// <remarks>
/// <code>
/// | 1's 12 | MPEG-2 1 | layer 2, is 0 | no CRC 1 | object type - 1: 2 | rate index 4 | 0 |
/// | channels 3 | 4 bits | length with header 13 | fullness 11 | blocks - 1: 2 |
/// </code>
/// </remarks>
/// <param name="ObjectType">1 to 4.</param>
/// <param name="SampleRate">In Hz.</param>
/// <param name="ChannelConfig">0 to 7.</param>
/// <param name="HeaderLength">7 bytes, 9 with CRC.</param>
/// <param name="FrameLength">Bytes, header included.</param>
public readonly record struct AdtsHeader(
    int ObjectType, int SampleRate, int ChannelConfig, int HeaderLength, int FrameLength)
{
    /// <summary>Bytes of the header that is written: without CRC.</summary>
    public const int Length = 7;

    /// <summary>The longest frame, header included: its length has 13 bits.</summary>
    public const int FrameBytesMax = 0x1FFF;

    private static readonly int[] Rates =
    [
        96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025,
        8_000, 7_350,
    ];

    /// <summary>The rate of an index, in Hz; 0 for those that are reserved.</summary>
    public static int RateOf(int index) => (uint)index < (uint)Rates.Length ? Rates[index] : 0;

    /// <returns>−1 for a rate that has none.</returns>
    public static int RateIndexOf(int rate) => Array.IndexOf(Rates, rate);

    /// <summary>Whether a frame begins here, and is there to its end.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out AdtsHeader header)
    {
        header = default;
        if (bytes.Length < Length || bytes[0] != 0xFF || (bytes[1] & 0xF6) != 0xF0)
            return false;
        header = new AdtsHeader(
            (bytes[2] >> 6) + 1,
            RateOf((bytes[2] >> 2) & 0x0F),
            ((bytes[2] & 1) << 2) | (bytes[3] >> 6),
            (bytes[1] & 1) != 0 ? Length : Length + 2,
            ((bytes[3] & 3) << 11) | (bytes[4] << 3) | (bytes[5] >> 5));
        return header.SampleRate > 0
            && header.FrameLength > header.HeaderLength
            && header.FrameLength <= bytes.Length;
    }

    /// <param name="to">7 bytes of room.</param>
    /// <param name="config">One without <see cref="AacConfig.AdtsObstacle"/>.</param>
    /// <param name="payloadLength">
    /// Bytes of the frame, at most <see cref="FrameBytesMax"/> less the header.
    /// </param>
    public static void Write(ref ByteWriter to, AacConfig config, int payloadLength)
    {
        var rate = RateIndexOf(config.SampleRate);
        var length = Length + payloadLength;
        Invariant.Holds(rate >= 0 && length <= FrameBytesMax);
        to.Byte(0xFF);
        to.Byte(0xF1);                          // MPEG-4, no CRC
        to.Byte((byte)(((config.ObjectType - 1) << 6) | (rate << 2) | (config.ChannelConfig >> 2)));
        to.Byte((byte)(((config.ChannelConfig & 3) << 6) | (length >> 11)));
        to.Byte((byte)(length >> 3));
        to.Byte((byte)((length << 5) | 0x1F));
        to.Byte(0xFC);                          // fullness unknown: 11 ones; one block
    }
}
