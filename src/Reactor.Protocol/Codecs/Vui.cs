namespace Reactor.Protocol.Codecs;

/// <summary>
/// Video usability information, as far as both codecs write it alike (H.264 §E.1.1, H.265 §E.2.1).
/// </summary>
internal static class Vui
{
    private const int ExtendedAspectRatio = 255;

    /// <summary>Aspect ratio, overscan, colour, and where chroma samples lie.</summary>
    public static void SkipToTiming(ref BitReader bits)
    {
        if (bits.Flag() && bits.Bits(8) == ExtendedAspectRatio)
            bits.Skip(32);
        if (bits.Flag())
            bits.Skip(1);
        if (bits.Flag())
        {
            bits.Skip(4);
            if (bits.Flag())
                bits.Skip(24);
        }
        if (bits.Flag())
        {
            bits.Unsigned();
            bits.Unsigned();
        }
    }

    /// <param name="bits">Stands at the flag that says whether timing is there.</param>
    /// <param name="ticksAFrame">2 in H.264, which counts fields; 1 in H.265.</param>
    /// <returns>Frames a second, or 0.</returns>
    public static double ReadRate(ref BitReader bits, int ticksAFrame)
    {
        if (!bits.Flag())
            return 0;
        double unit = bits.Bits(32);
        double scale = bits.Bits(32);
        return unit > 0 ? scale / (unit * ticksAFrame) : 0;
    }
}
