using System;

namespace Reactor.Protocol.Codecs;

/// <summary>The head of a frame of AC-3 or E-AC-3 (ETSI TS 102 366 §4.3, §4.4, annex E.1.2).
/// </summary>
/// <remarks>
/// Enhanced RTMP has no configuration for them: each frame tells all.
/// <code>
/// AC-3:    | 0B 77 | check 16 | rate 2 | size 6 | version 5 | use 3 | mode 3 | ... | LFE 1 |
/// E-AC-3:  | 0B 77 | kind 2 | number 3 | size 11 | rate 2 | blocks 2 | mode 3 | LFE 1 | ...
///          | version 5 |
/// </code>
/// </remarks>
public static class Ac3Header
{
    private const uint SyncWord = 0x0B77;
    private const int VersionAt = 5;
    private const int LengthMin = 8;

    /// <summary>Up to this version of the syntax it is AC-3, from the next on E-AC-3.</summary>
    private const int Ac3Max = 10;
    private const int Eac3Max = 16;

    /// <summary>What is 8 in AC-3 halves the rate with each version above.</summary>
    private const int Ac3Usual = 8;
    private const int Stereo = 2;

    private static readonly int[] Rates = [48_000, 44_100, 32_000];
    private static readonly int[] Channels = [2, 1, 2, 3, 3, 4, 4, 5];

    /// <returns>Null when the bytes are no such head.</returns>
    public static AudioFacts? Read(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < LengthMin)
            return null;
        var bits = new BitReader(frame, hasEmulation: false);
        var version = frame[VersionAt] >> 3;    // in the same place of both
        if (bits.Bits(16) != SyncWord || version > Eac3Max)
            return null;
        var (rate, channels) = version <= Ac3Max
            ? ReadAc3(ref bits, version)
            : ReadEac3(ref bits);
        if (rate == 0)
            return null;
        return version <= Ac3Max
            ? new AudioFacts("AC3", "ac-3", rate, channels, "")
            : new AudioFacts("EAC3", "ec-3", rate, channels, "");
    }

    private static (int Rate, int Channels) ReadAc3(ref BitReader bits, int version)
    {
        bits.Skip(16);
        var rate = (int)bits.Bits(2);
        bits.Skip(6 + 5 + 3);
        var mode = (int)bits.Bits(3);
        bits.Skip((mode & 1) != 0 && mode != 1 ? 2 : 0);    // the centre's level
        bits.Skip((mode & 4) != 0 ? 2 : 0);                 // the surround channels'
        bits.Skip(mode == Stereo ? 2 : 0);                  // whether surround is in two
        return rate == Rates.Length
            ? default
            : (Rates[rate] >> Math.Max(0, version - Ac3Usual), Count(ref bits, mode));
    }

    private static (int Rate, int Channels) ReadEac3(ref BitReader bits)
    {
        bits.Skip(2 + 3 + 11);
        var rate = (int)bits.Bits(2);
        var isHalf = rate == Rates.Length;
        var blocksOrRate = (int)bits.Bits(2);   // a reduced rate takes the place of the blocks
        if (isHalf)
            rate = blocksOrRate;
        var mode = (int)bits.Bits(3);
        return rate == Rates.Length
            ? default
            : (Rates[rate] >> (isHalf ? 1 : 0), Count(ref bits, mode));
    }

    /// <summary>Those of the mode, and the one for low frequencies.</summary>
    private static int Count(ref BitReader bits, int mode) =>
        Channels[mode] + (bits.Flag() ? 1 : 0);
}
