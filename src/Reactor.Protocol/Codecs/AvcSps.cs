using System;

namespace Reactor.Protocol.Codecs;

/// <summary>What stands in a sequence parameter set of H.264 (§7.3.2.1.1, §E.1.1).</summary>
/// <param name="Width">Of the cropped picture.</param>
/// <param name="Height">Of the cropped frame, both fields.</param>
/// <param name="FramesPerSecond">0 without timing.</param>
/// <param name="Format">How samples are coded.</param>
internal sealed record AvcSps(
    int Width, int Height, double FramesPerSecond, SampleFormat Format)
{
    /// <summary>Macroblocks in a row or column: 65,536 pixels.</summary>
    private const int MacroblocksMax = 4096;

    private const int RefFramesInCycleMax = 255;

    /// <param name="nalu">With its header byte.</param>
    /// <returns>Null when it ends too early, or says what cannot be.</returns>
    public static AvcSps? Read(ReadOnlySpan<byte> nalu)
    {
        if (nalu.Length < 4)
            return null;
        var bits = new BitReader(nalu[1..], hasEmulation: true);
        var profile = bits.Bits(8);
        bits.Skip(16);                          // constraints and level
        bits.Unsigned();                        // its id
        var isApart = false;
        var format = HasChromaFormat((byte)profile)
            ? ReadChroma(ref bits, out isApart)
            : new SampleFormat(1, 0, 0);
        bits.Unsigned();                        // log2_max_frame_num
        SkipPictureOrder(ref bits);
        bits.Unsigned();                        // max_num_ref_frames
        bits.Skip(1);
        var columns = bits.Unsigned(MacroblocksMax - 1) + 1;
        var rows = bits.Unsigned(MacroblocksMax - 1) + 1;
        var isFramesOnly = bits.Flag();
        if (!isFramesOnly)
            bits.Skip(1);
        bits.Skip(1);                           // direct_8x8_inference
        var fields = isFramesOnly ? 1 : 2;
        var crop = Crop.Read(ref bits, isApart ? 0 : format.Chroma, fields);
        var (width, height) = ((columns * 16) - crop.X, (rows * fields * 16) - crop.Y);
        if (bits.IsOverrun || width <= 0 || height <= 0)
            return null;
        var rate = bits.Flag() ? ReadRate(ref bits) : 0;
        return new AvcSps(width, height, bits.IsOverrun ? 0 : rate, format);
    }

    /// <summary>Whether sets of this profile tell how samples are coded.</summary>
    public static bool HasChromaFormat(byte profile) => profile
        is 100 or 110 or 122 or 244 or 44 or 83 or 86 or 118 or 128 or 138 or 139 or 134 or 135;

    private static SampleFormat ReadChroma(ref BitReader bits, out bool isApart)
    {
        var chroma = bits.Unsigned(3);
        isApart = chroma == 3 && bits.Flag();
        var format = new SampleFormat(
            chroma,
            bits.Unsigned(SampleFormat.DepthMax),
            bits.Unsigned(SampleFormat.DepthMax));
        bits.Skip(1);
        if (bits.Flag())
        {
            for (var i = 0; i < (chroma == 3 ? 12 : 8); i++)
            {
                if (bits.Flag())
                    SkipScalingList(ref bits, i < 6 ? 16 : 64);
            }
        }
        return format;
    }

    private static void SkipScalingList(ref BitReader bits, int length)
    {
        var (last, next) = (8, 8);
        for (var i = 0; i < length; i++)
        {
            if (next != 0)
                next = (last + bits.Signed()) & 0xFF;
            last = next == 0 ? last : next;
        }
    }

    private static void SkipPictureOrder(ref BitReader bits)
    {
        switch (bits.Unsigned(2))
        {
            case 0:
                bits.Unsigned();
                break;
            case 1:
                bits.Skip(1);
                bits.Signed();
                bits.Signed();
                for (var left = bits.Unsigned(RefFramesInCycleMax); left > 0; left--)
                    bits.Signed();
                break;
            default:
                break;
        }
    }

    private static double ReadRate(ref BitReader bits)
    {
        Vui.SkipToTiming(ref bits);
        return Vui.ReadRate(ref bits, ticksAFrame: 2);
    }
}
