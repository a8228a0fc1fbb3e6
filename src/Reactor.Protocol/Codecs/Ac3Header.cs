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
/// <param name="Version">bsid.</param>
/// <param name="RateCode">fscod.</param>
/// <param name="SampleRate">In Hz.</param>
/// <param name="Mode">acmod: which channels there are.</param>
/// <param name="HasLfe">Whether there is one for low frequencies too.</param>
public readonly record struct Ac3Header(
    int Version, int RateCode, int SampleRate, int Mode, bool HasLfe)
{
    /// <summary>Samples of an audio block; a frame of AC-3 has six.</summary>
    private const int BlockSamples = 256;
    private const int BlocksMax = 6;

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
    private static readonly int[] ModeChannels = [2, 1, 2, 3, 3, 4, 4, 5];

    /// <summary>bsmod: what the sound is for. Not read in E-AC-3, where it is optional.</summary>
    public int Use { get; private init; }

    /// <summary>bit_rate_code: frmsizecod without its last bit. Of AC-3.</summary>
    public int BitRateCode { get; private init; }

    /// <summary>Bytes of the frame. Of E-AC-3.</summary>
    public int FrameLength { get; private init; }

    /// <summary>Samples of each channel; 0 for what only adds channels to the frame before.
    /// </summary>
    public int Samples { get; private init; }

    public bool IsEnhanced => Version > Ac3Max;

    public int Channels => ModeChannels[Mode] + (HasLfe ? 1 : 0);

    public AudioFacts Facts => IsEnhanced
        ? new AudioFacts("EAC3", "ec-3", SampleRate, Channels, "")
        : new AudioFacts("AC3", "ac-3", SampleRate, Channels, "");

    /// <returns>Null when the bytes are no such head.</returns>
    public static AudioFacts? Read(ReadOnlySpan<byte> frame) =>
        TryRead(frame, out var header) ? header.Facts : null;

    /// <summary>Whether such a head is there; the frame may be cut short.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frame, out Ac3Header header)
    {
        header = default;
        if (frame.Length < LengthMin)
            return false;
        var bits = new BitReader(frame, hasEmulation: false);
        var version = frame[VersionAt] >> 3;    // in the same place of both
        if (bits.Bits(16) != SyncWord || version > Eac3Max)
            return false;
        header = version <= Ac3Max ? ReadAc3(ref bits, version) : ReadEac3(ref bits, version);
        return header.SampleRate > 0;
    }

    /// <summary>Samples of all frames in a row: E-AC-3 may have several of fewer blocks.</summary>
    public static int SamplesOf(ReadOnlySpan<byte> frames)
    {
        var samples = 0;
        while (TryRead(frames, out var header))
        {
            samples += header.Samples;
            if (!header.IsEnhanced || header.FrameLength >= frames.Length)
                break;
            frames = frames[header.FrameLength..];
        }
        return samples;
    }

    private static Ac3Header ReadAc3(ref BitReader bits, int version)
    {
        bits.Skip(16);
        var rate = (int)bits.Bits(2);
        var size = (int)bits.Bits(6);
        bits.Skip(5);
        var use = (int)bits.Bits(3);
        var mode = (int)bits.Bits(3);
        bits.Skip((mode & 1) != 0 && mode != 1 ? 2 : 0);    // the centre's level
        bits.Skip((mode & 4) != 0 ? 2 : 0);                 // the surround channels'
        bits.Skip(mode == Stereo ? 2 : 0);                  // whether surround is in two
        return rate == Rates.Length
            ? default
            : new(version, rate, Rates[rate] >> Math.Max(0, version - Ac3Usual), mode, bits.Flag())
            {
                Use = use,
                BitRateCode = size >> 1,
                Samples = BlockSamples * BlocksMax,
            };
    }

    private static Ac3Header ReadEac3(ref BitReader bits, int version)
    {
        var adds = bits.Bits(2) == 1;
        adds |= bits.Bits(3) != 0;
        var length = ((int)bits.Bits(11) + 1) * 2;
        var code = (int)bits.Bits(2);
        var isHalf = code == Rates.Length;
        var blocksOrRate = (int)bits.Bits(2);   // a reduced rate takes the place of the blocks
        var rate = isHalf ? blocksOrRate : code;
        var blocks = isHalf || blocksOrRate == 3 ? BlocksMax : blocksOrRate + 1;
        var mode = (int)bits.Bits(3);
        return rate == Rates.Length
            ? default
            : new(version, code, Rates[rate] >> (isHalf ? 1 : 0), mode, bits.Flag())
            {
                FrameLength = length,
                Samples = adds ? 0 : blocks * BlockSamples,
            };
    }
}
