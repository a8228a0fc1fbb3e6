using System;

namespace Reactor.Protocol.Codecs;

/// <summary>The head of a keyframe of VP9 (VP9 bitstream §6.2).</summary>
/// <remarks>
/// <code>
/// | 2: 2 | profile 2, low bit first | 0, of profile 3 | shows another 1 | inter 1 | ... 2 |
/// | 49 83 42 | colour: 3 to 8 | width - 1: 16 | height - 1: 16 | shown otherwise 1 | ... |
/// </code>
/// </remarks>
/// <param name="Profile">0 to 3.</param>
/// <param name="Width">Of the picture that is shown, in pixels.</param>
/// <param name="Height">Likewise.</param>
public readonly record struct Vp9Frame(int Profile, int Width, int Height)
{
    private const uint SyncCode = 0x498342;
    private const uint Rgb = 7;

    /// <summary>Whether a keyframe begins here; it may be cut short behind its size.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Vp9Frame frame)
    {
        frame = default;
        var bits = new BitReader(bytes, hasEmulation: false);
        if (bits.Bits(2) != 2)
            return false;
        var profile = (int)(bits.Bits(1) | (bits.Bits(1) << 1));
        if (profile == 3 && bits.Flag())
            return false;
        var isKey = bits.Bits(2) == 0;          // it shows no other frame, and is not inter
        bits.Skip(2);                           // whether it is shown, and resilient
        if (!isKey || bits.Bits(24) != SyncCode)
            return false;
        SkipColour(ref bits, profile);
        var (width, height) = ReadSize(ref bits);
        if (bits.Flag())
            (width, height) = ReadSize(ref bits);
        frame = new Vp9Frame(profile, width, height);
        return !bits.IsOverrun;
    }

    private static void SkipColour(ref BitReader bits, int profile)
    {
        var isSubsampled = (profile & 1) != 0;
        bits.Skip(profile >= 2 ? 1 : 0);        // 10 or 12 bits
        if (bits.Bits(3) != Rgb)
            bits.Skip(isSubsampled ? 4 : 1);    // range; how it is subsampled
        else if (isSubsampled)
            bits.Skip(1);
    }

    private static (int Width, int Height) ReadSize(ref BitReader bits) =>
        ((int)bits.Bits(16) + 1, (int)bits.Bits(16) + 1);
}
