using System;
using Reactor.Primitives;

namespace Reactor.Protocol.Codecs;

/// <summary>Reads H.264's decoder configuration (ISO 14496-15 §5.3.3.1).</summary>
/// <remarks>
/// <code>
/// | version 8, is 1 | profile 8 | compatibility 8 | level 8 | 1's 6 | length size - 1: 2 |
/// | 1's 3 | number of SPS 5 | length 16, SPS | ... | number of PPS 8 | length 16, PPS | ...
/// </code>
/// What follows for high profiles stands in the SPS too.
/// </remarks>
public static class AvcConfig
{
    public const int Sps = 7;
    public const int Pps = 8;
    public const int AccessUnitDelimiter = 9;

    private const int HeaderLength = 6;

    public static int TypeOf(byte first) => first & 0x1F;

    /// <returns>Null when the bytes are no such configuration.</returns>
    public static VideoConfig? Read(ReadOnlySpan<byte> body)
    {
        if (NaluReader.StartsWithCode(body))
            return ReadAnnexB(body);
        var input = new ByteReader(body);
        if (!input.TryRead(HeaderLength, out var header) || header[0] != 1)
            return null;
        var sets = new ParameterSets();
        AvcSps? sps = null;
        for (var left = header[5] & 0x1F; left > 0; left--)
        {
            if (!TryReadSet(ref input, Sps, out var nalu))
                return null;
            sets.Add(nalu);
            sps ??= AvcSps.Read(nalu);
        }
        if (!input.TryReadByte(out var count))
            return null;
        for (; count > 0; count--)
        {
            if (!TryReadSet(ref input, Pps, out var nalu))
                return null;
            sets.Add(nalu);
        }
        return new VideoConfig(
            NaluCodec.Avc, Facts(header[1..4], sps), (header[4] & 3) + 1, sets.ToArray());
    }

    /// <summary>Some encoders send their parameter sets as they stand in a file (Q52).</summary>
    private static VideoConfig? ReadAnnexB(ReadOnlySpan<byte> body)
    {
        var sets = new ParameterSets();
        AvcSps? sps = null;
        ReadOnlySpan<byte> profile = default;
        var input = NaluReader.AnnexB(body);
        while (input.TryRead(out var nalu))
        {
            if (TypeOf(nalu[0]) is not (Sps or Pps))
                continue;
            sets.Add(nalu);
            if (TypeOf(nalu[0]) != Sps || nalu.Length < 4 || sps is not null)
                continue;
            sps = AvcSps.Read(nalu);
            profile = nalu[1..4];
        }
        return profile.IsEmpty
            ? null
            : new VideoConfig(NaluCodec.Avc, Facts(profile, sps), 4, sets.ToArray());
    }

    private static bool TryReadSet(ref ByteReader input, int type, out ReadOnlySpan<byte> nalu)
    {
        nalu = default;
        return input.TryReadUInt16(out var length)
            && input.TryRead(length, out nalu)
            && length > 0
            && TypeOf(nalu[0]) == type;
    }

    private static VideoFacts Facts(ReadOnlySpan<byte> profile, AvcSps? sps) => new(
        "H264",
        $"avc1.{Convert.ToHexString(profile)}",
        sps?.Width ?? 0,
        sps?.Height ?? 0,
        sps?.FramesPerSecond ?? 0,
        ProfileName(profile[0], profile[1]),
        $"{profile[2] / 10}.{profile[2] % 10}");

    private static string ProfileName(byte profile, byte compatibility) => profile switch
    {
        66 => (compatibility & 0x40) != 0 ? "Constrained Baseline" : "Baseline",
        77 => "Main",
        88 => "Extended",
        100 => "High",
        110 => "High 10",
        122 => "High 4:2:2",
        244 => "High 4:4:4",
        _ => $"{profile}",
    };
}
