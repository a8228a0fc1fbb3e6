using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Reactor.Protocol.Codecs;

namespace Reactor.Protocol.Mp4;

/// <summary>The configuration records of H.264 and H.265, for units behind four bytes.</summary>
/// <remarks>
/// What a publisher sent in the right form is kept but for the length of lengths; where it sent
/// parameter sets behind start codes (Q52) a record is made of them.
/// </remarks>
internal static class DecoderRecord
{
    /// <summary>Lengths of four bytes: | other bits | length - 1: 2 |.</summary>
    private const int FourBytes = 3;

    private const int HevcArraysAt = 23;

    /// <summary>ISO 14496-15 §5.3.3.1.</summary>
    /// <returns>Null where the first set is too short to tell a profile.</returns>
    public static byte[]? OfAvc(VideoConfig config, ReadOnlySpan<byte> body)
    {
        if (!NaluReader.StartsWithCode(body))
            return WithFourBytes(body, at: 4);
        var sets = new List<byte>();
        var first = ReadOnlySpan<byte>.Empty;
        var spsCount = AppendSets(sets, config, AvcConfig.Sps, 31, ref first);
        if (first.Length < 4)
            return null;
        var profile = first[1..4];
        var format = AvcSps.Read(first)?.Format ?? default;
        List<byte> record = [1, .. profile, 0xFC | FourBytes, (byte)(0xE0 | spsCount), .. sets];
        sets.Clear();
        record.Add((byte)AppendSets(sets, config, AvcConfig.Pps, 255, ref first));
        record.AddRange(sets);
        if (AvcSps.HasChromaFormat(profile[0]))
        {
            record.AddRange([
                (byte)(0xFC | format.Chroma), (byte)(0xF8 | format.LumaDepth),
                (byte)(0xF8 | format.ChromaDepth), 0]);
        }
        return [.. record];
    }

    /// <summary>ISO 14496-15 §8.3.3.1.</summary>
    /// <returns>Null where the first SPS cannot be read.</returns>
    public static byte[]? OfHevc(VideoConfig config, ReadOnlySpan<byte> body)
    {
        if (!NaluReader.StartsWithCode(body))
            return Completed(WithFourBytes(body, at: 21));
        var sps = ReadOnlySpan<byte>.Empty;
        AppendSets([], config, HevcConfig.Sps, 1, ref sps);
        if (HevcSps.Read(sps) is not { } facts)
            return null;
        List<byte> record =
        [
            1, .. facts.Profile,
            0xF0, 0, 0xFC,                      // how it is sliced is not told
            (byte)(0xFC | facts.Format.Chroma), (byte)(0xF8 | facts.Format.LumaDepth),
            (byte)(0xF8 | facts.Format.ChromaDepth),
            0, 0, 0x0C | FourBytes,             // frame rate and layers: not told, one
            3,
        ];
        foreach (var type in (ReadOnlySpan<int>)[HevcConfig.Vps, HevcConfig.Sps, HevcConfig.Pps])
        {
            List<byte> sets = [];
            var count = AppendSets(sets, config, type, ushort.MaxValue, ref sps);
            record.AddRange([(byte)(0x80 | type), (byte)(count >> 8), (byte)count, .. sets]);
        }
        return [.. record];
    }

    /// <summary>
    /// Says that no frame brings sets of its own, as hvc1 means (§8.4.1), and that this is no
    /// draft: many write neither.
    /// </summary>
    /// <param name="record">One that was read to its end.</param>
    private static byte[] Completed(byte[] record)
    {
        record[0] = 1;
        var at = HevcArraysAt;
        for (int arrays = record[HevcArraysAt - 1]; arrays > 0; arrays--)
        {
            if ((record[at] & 0x3F) is HevcConfig.Vps or HevcConfig.Sps or HevcConfig.Pps)
                record[at] |= 0x80;
            var count = BinaryPrimitives.ReadUInt16BigEndian(record.AsSpan(at + 1));
            for (at += 3; count > 0; count--)
                at += 2 + BinaryPrimitives.ReadUInt16BigEndian(record.AsSpan(at));
        }
        return record;
    }

    private static byte[] WithFourBytes(ReadOnlySpan<byte> body, int at)
    {
        var record = body.ToArray();
        record[at] |= FourBytes;
        return record;
    }

    /// <summary>Sets of a type, each behind a length of 16 bits.</summary>
    private static int AppendSets(
        List<byte> to, VideoConfig config, int type, int countMax, ref ReadOnlySpan<byte> first)
    {
        var count = 0;
        var sets = NaluReader.AnnexB(config.ParameterSets.Span);
        while (count < countMax && sets.TryRead(out var nalu))
        {
            var isType = type == (config.Codec == NaluCodec.Avc
                ? AvcConfig.TypeOf(nalu[0])
                : HevcConfig.TypeOf(nalu[0]));
            if (!isType || nalu.Length > ushort.MaxValue)
                continue;
            if (count++ == 0)
                first = nalu;
            to.AddRange([(byte)(nalu.Length >> 8), (byte)nalu.Length, .. nalu]);
        }
        return count;
    }
}
