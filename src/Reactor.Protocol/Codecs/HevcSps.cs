using System;

namespace Reactor.Protocol.Codecs;

/// <summary>What stands in a sequence parameter set of H.265 (§7.3.2.2).</summary>
/// <param name="Profile">Profile, tier and level: 12 bytes, laid out as in an hvcC.</param>
/// <param name="Width">Of the cropped picture.</param>
/// <param name="Height">Likewise.</param>
/// <param name="FramesPerSecond">0 without timing.</param>
/// <param name="Format">How samples are coded.</param>
internal sealed record HevcSps(
    byte[] Profile, int Width, int Height, double FramesPerSecond, SampleFormat Format)
{
    private const int PixelsMax = 65_535;
    private const int ProfileLength = 12;
    private const int ShortTermSetsMax = 64;
    private const int PicturesInSetMax = 16;
    private const int LongTermPicturesMax = 32;

    /// <param name="nalu">With its header of two bytes.</param>
    /// <returns>Null when it ends too early, or says what cannot be.</returns>
    public static HevcSps? Read(ReadOnlySpan<byte> nalu)
    {
        if (nalu.Length < 3)
            return null;
        var bits = new BitReader(nalu[2..], hasEmulation: true);
        bits.Skip(4);
        var layers = (int)bits.Bits(3);         // above the base one
        bits.Skip(1);
        var profile = ReadProfile(ref bits, layers);
        bits.Unsigned();                        // its id
        var chroma = bits.Unsigned(3);
        var isApart = chroma == 3 && bits.Flag();
        var codedWidth = bits.Unsigned(PixelsMax);
        var codedHeight = bits.Unsigned(PixelsMax);
        var crop = Crop.Read(ref bits, isApart ? 0 : chroma, fields: 1);
        var (width, height) = (codedWidth - crop.X, codedHeight - crop.Y);
        if (bits.IsOverrun || width <= 0 || height <= 0)
            return null;
        var format = new SampleFormat(
            chroma,
            bits.Unsigned(SampleFormat.DepthMax),
            bits.Unsigned(SampleFormat.DepthMax));
        SkipCodingTools(ref bits, layers);
        var rate = bits.Flag() ? ReadRate(ref bits) : 0;
        return new HevcSps(profile, width, height, bits.IsOverrun ? 0 : rate, format);
    }

    // profile_tier_level (§7.3.3)
    private static byte[] ReadProfile(ref BitReader bits, int layers)
    {
        var profile = new byte[ProfileLength];
        foreach (ref var part in profile.AsSpan())
            part = (byte)bits.Bits(8);
        var toSkip = 0;
        for (var i = 0; i < layers; i++)
            toSkip += (bits.Flag() ? 88 : 0) + (bits.Flag() ? 8 : 0);
        if (layers > 0)
            toSkip += 2 * (8 - layers);
        bits.Skip(toSkip);
        return profile;
    }

    private static void SkipCodingTools(ref BitReader bits, int layers)
    {
        var orderBits = bits.Unsigned(12) + 4;
        for (var i = bits.Flag() ? 0 : layers; i <= layers; i++)
        {
            bits.Unsigned();
            bits.Unsigned();
            bits.Unsigned();
        }
        for (var i = 0; i < 6; i++)             // sizes and depths of coding and transform blocks
            bits.Unsigned();
        if (bits.Flag() && bits.Flag())
            SkipScalingLists(ref bits);
        bits.Skip(2);
        if (bits.Flag())                        // PCM
        {
            bits.Skip(8);
            bits.Unsigned();
            bits.Unsigned();
            bits.Skip(1);
        }
        SkipShortTermSets(ref bits);
        if (bits.Flag())
            bits.Skip(bits.Unsigned(LongTermPicturesMax) * (orderBits + 1));
        bits.Skip(2);
    }

    // scaling_list_data (§7.3.4)
    private static void SkipScalingLists(ref BitReader bits)
    {
        for (var size = 0; size < 4; size++)
        {
            for (var matrix = 0; matrix < 6; matrix += size == 3 ? 3 : 1)
            {
                if (!bits.Flag())
                {
                    bits.Unsigned();
                    continue;
                }
                var numbers = Math.Min(64, 1 << (4 + (size << 1))) + (size > 1 ? 1 : 0);
                for (; numbers > 0 && !bits.IsOverrun; numbers--)
                    bits.Signed();
            }
        }
    }

    // st_ref_pic_set (§7.3.7), of which the number of pictures tells the length of the next one
    private static void SkipShortTermSets(ref BitReader bits)
    {
        var pictures = 0;
        var count = bits.Unsigned(ShortTermSetsMax);
        for (var i = 0; i < count && !bits.IsOverrun; i++)
        {
            if (i > 0 && bits.Flag())
            {
                bits.Skip(1);
                bits.Unsigned();
                var kept = 0;
                for (var j = 0; j <= pictures; j++)
                    kept += bits.Flag() || bits.Flag() ? 1 : 0;
                pictures = kept;
                continue;
            }
            pictures = bits.Unsigned(PicturesInSetMax) + bits.Unsigned(PicturesInSetMax);
            for (var j = 0; j < pictures; j++)
            {
                bits.Unsigned();
                bits.Skip(1);
            }
        }
    }

    private static double ReadRate(ref BitReader bits)
    {
        Vui.SkipToTiming(ref bits);
        bits.Skip(3);
        if (bits.Flag())                        // default display window
        {
            for (var i = 0; i < 4; i++)
                bits.Unsigned();
        }
        return Vui.ReadRate(ref bits, ticksAFrame: 1);
    }
}
