using System;

namespace Reactor.Protocol.Codecs;

/// <summary>A sequence header of AV1: size, frames a second (AV1 §5.5.1).</summary>
/// <param name="Width">The largest there will be, in pixels; 0 where it cannot be read.</param>
/// <param name="Height">Likewise.</param>
/// <param name="FramesPerSecond">0 where it is not told, which is usual.</param>
internal readonly record struct Av1Sequence(int Width, int Height, double FramesPerSecond)
{
    /// <summary>A level above this has a tier (3.3 is 7).</summary>
    private const int TierlessMax = 7;

    private const int RateMax = 1000;

    /// <returns>The default where the bytes end too early.</returns>
    public static Av1Sequence Read(ReadOnlySpan<byte> body)
    {
        var bits = new BitReader(body, hasEmulation: false);
        bits.Skip(4);                           // profile, still picture
        var isReduced = bits.Flag();
        var rate = 0.0;
        if (isReduced)
            bits.Skip(5);                       // level
        else
            rate = ReadOperation(ref bits);
        var widthBits = (int)bits.Bits(4) + 1;
        var heightBits = (int)bits.Bits(4) + 1;
        var width = (int)bits.Bits(widthBits) + 1;
        var height = (int)bits.Bits(heightBits) + 1;
        return bits.IsOverrun ? default : new Av1Sequence(width, height, rate);
    }

    /// <summary>Timing, and what each operating point needs.</summary>
    /// <returns>Frames a second.</returns>
    private static double ReadOperation(ref BitReader bits)
    {
        var rate = 0.0;
        var delayBits = 0;
        if (bits.Flag())
        {
            rate = ReadTiming(ref bits);
            if (bits.Flag())
            {
                delayBits = (int)bits.Bits(5) + 1;
                bits.Skip(32 + 5 + 5);
            }
        }
        var hasDisplayDelay = bits.Flag();
        for (var points = bits.Bits(5) + 1; points > 0; points--)
        {
            bits.Skip(12);
            if (bits.Bits(5) > TierlessMax)
                bits.Skip(1);
            if (delayBits > 0 && bits.Flag())
                bits.Skip((2 * delayBits) + 1);
            if (hasDisplayDelay && bits.Flag())
                bits.Skip(4);
        }
        return rate;
    }

    private static double ReadTiming(ref BitReader bits)
    {
        var units = bits.Bits(32);
        var scale = bits.Bits(32);
        if (!bits.Flag())
            return 0;                           // frames of different length
        var rate = scale / ((double)units * (bits.Unsigned() + 1.0));
        return units > 0 && rate <= RateMax ? rate : 0;
    }
}
