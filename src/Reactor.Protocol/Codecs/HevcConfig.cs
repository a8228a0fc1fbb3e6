using System;
using System.Globalization;
using System.Numerics;
using System.Text;
using Reactor.Primitives;

namespace Reactor.Protocol.Codecs;

/// <summary>Reads H.265's decoder configuration (ISO 14496-15 §8.3.3.1).</summary>
/// <remarks>
/// <code>
/// | version 8, is 1 | profile, tier and level 96 | ... 64 | ... 6 | length size - 1: 2 |
/// | number of arrays 8 | whole 1, 0, type 6 | number 16 | length 16, NAL unit | ...
/// </code>
/// </remarks>
public static class HevcConfig
{
    public const int Vps = 32;
    public const int Sps = 33;
    public const int Pps = 34;
    public const int AccessUnitDelimiter = 35;

    private const int HeaderLength = 23;
    private const int ProfileLength = 12;

    public static int TypeOf(byte first) => (first >> 1) & 0x3F;

    /// <returns>Null when the bytes are no such configuration.</returns>
    public static VideoConfig? Read(ReadOnlySpan<byte> body)
    {
        if (NaluReader.StartsWithCode(body))
            return ReadAnnexB(body);
        var input = new ByteReader(body);
        // Version 0 is what ffmpeg wrote while the standard was a draft.
        if (!input.TryRead(HeaderLength, out var header) || header[0] > 1)
            return null;
        var sets = new ParameterSets();
        HevcSps? sps = null;
        for (int arrays = header[22]; arrays > 0; arrays--)
        {
            if (!input.TryReadByte(out _) || !input.TryReadUInt16(out var count))
                return null;
            for (; count > 0; count--)
            {
                if (!input.TryReadUInt16(out var length) || !input.TryRead(length, out var nalu))
                    return null;
                Add(nalu, sets, ref sps);
            }
        }
        // Some avcC has just the right bytes; a configuration without a set would be of no use.
        return sps is null
            ? null
            : new VideoConfig(
                NaluCodec.Hevc, Facts(header.Slice(1, ProfileLength), sps), (header[21] & 3) + 1,
                sets.ToArray());
    }

    private static VideoConfig? ReadAnnexB(ReadOnlySpan<byte> body)
    {
        var sets = new ParameterSets();
        HevcSps? sps = null;
        var input = NaluReader.AnnexB(body);
        while (input.TryRead(out var nalu))
            Add(nalu, sets, ref sps);
        return sps is null
            ? null
            : new VideoConfig(NaluCodec.Hevc, Facts(sps.Profile, sps), 4, sets.ToArray());
    }

    private static void Add(ReadOnlySpan<byte> nalu, ParameterSets sets, ref HevcSps? sps)
    {
        if (nalu.Length < 3 || TypeOf(nalu[0]) is not (Vps or Sps or Pps))
            return;                             // SEI may stand here too; no decoder needs it
        sets.Add(nalu);
        if (TypeOf(nalu[0]) == Sps)
            sps ??= HevcSps.Read(nalu);
    }

    private static VideoFacts Facts(ReadOnlySpan<byte> profile, HevcSps sps)
    {
        var level = profile[^1] / 30.0;
        return new VideoFacts(
            "HEVC", Rfc6381(profile), sps.Width, sps.Height, sps.FramesPerSecond,
            (profile[0] & 0x1F) switch
            {
                1 => "Main",
                2 => "Main 10",
                3 => "Main Still Picture",
                4 => "Range Extensions",
                var other => $"{other}",
            },
            level.ToString("0.0", CultureInfo.InvariantCulture));
    }

    /// <summary>The string of ISO 14496-15 §E.3, such as <c>hvc1.1.6.L93.B0</c>.</summary>
    /// <param name="profile">
    /// | space 2 | tier 1 | profile 5 | compatibility 32 | constraints 48 | level 8 |
    /// </param>
    private static string Rfc6381(ReadOnlySpan<byte> profile)
    {
        var text = new StringBuilder("hvc1.");
        var space = profile[0] >> 6;
        if (space > 0)
            text.Append((char)('A' + space - 1));
        text.Append(CultureInfo.InvariantCulture, $"{profile[0] & 0x1F}.");
        new ByteReader(profile[1..]).TryReadUInt32(out var compatibility);
        text.Append(CultureInfo.InvariantCulture, $"{Reversed(compatibility):X}");
        text.Append((profile[0] & 0x20) != 0 ? ".H" : ".L");
        text.Append(CultureInfo.InvariantCulture, $"{profile[^1]}");
        foreach (var constraint in profile[5..11].TrimEnd((byte)0))
            text.Append(CultureInfo.InvariantCulture, $".{constraint:X}");
        return text.ToString();
    }

    private static uint Reversed(uint bits)
    {
        var reversed = 0u;
        for (; bits != 0; bits &= bits - 1)
            reversed |= 0x8000_0000u >> BitOperations.TrailingZeroCount(bits);
        return reversed;
    }
}
