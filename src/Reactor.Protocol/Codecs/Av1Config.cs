using System;
using static System.FormattableString;

namespace Reactor.Protocol.Codecs;

/// <summary>Reads AV1's decoder configuration, an av1C (AV1-ISOBMFF §2.3).</summary>
/// <remarks>
/// <code>
/// | 1 | version 7, is 1 | profile 3 | level 5 | tier 1 | high bit depth 1 | 12 bits 1 | ... 5 |
/// | ... 8 | OBUs, of which one is the sequence header ...
/// </code>
/// </remarks>
public static class Av1Config
{
    private const int HeaderLength = 4;
    private const int SequenceHeader = 1;

    /// <summary>A length of OBUs has 1 to 8 bytes of 7 bits each (AV1 §4.10.5).</summary>
    private const int LengthBytesMax = 8;

    private static readonly string[] Profiles = ["Main", "High", "Professional"];

    /// <returns>Null when the bytes are no such configuration.</returns>
    public static VideoFacts? Read(ReadOnlySpan<byte> body)
    {
        if (body.Length < HeaderLength || body[0] != 0x81)
            return null;
        var profile = body[1] >> 5;
        var level = body[1] & 31;
        var tier = (body[2] & 0x80) != 0 ? 'H' : 'M';
        var isHigh = (body[2] & 0x40) != 0;
        var depth = !isHigh ? 8 : profile == 2 && (body[2] & 0x20) != 0 ? 12 : 10;
        var sequence = FindSequence(body[HeaderLength..]);
        return new VideoFacts(
            "AV1",
            Invariant($"av01.{profile}.{level:00}{tier}.{depth:00}"),
            sequence.Width,
            sequence.Height,
            sequence.FramesPerSecond,
            profile < Profiles.Length ? Profiles[profile] : $"{profile}",
            level == 31 ? "" : Invariant($"{2 + (level >> 2)}.{level & 3}"));
    }

    /// <summary>The first sequence header; nothing is known where there is none.</summary>
    private static Av1Sequence FindSequence(ReadOnlySpan<byte> units)
    {
        while (!units.IsEmpty)
        {
            // | 0 | type 4 | has extension 1 | has length 1 | 0 | (AV1 §5.3.2)
            var head = units[0];
            units = units[Math.Min(units.Length, (head & 4) != 0 ? 2 : 1)..];
            var length = units.Length;
            if ((head & 2) != 0 && !TryReadLength(ref units, out length))
                break;
            if ((head >> 3 & 15) == SequenceHeader)
                return Av1Sequence.Read(units[..length]);
            units = units[length..];
        }
        return default;
    }

    /// <summary>leb128, of no more than there is (AV1 §4.10.5).</summary>
    private static bool TryReadLength(ref ReadOnlySpan<byte> units, out int length)
    {
        length = 0;
        var value = 0L;
        for (var i = 0; i < LengthBytesMax && i < units.Length; i++)
        {
            value |= (long)(units[i] & 0x7F) << (7 * i);
            if ((units[i] & 0x80) != 0)
                continue;
            units = units[(i + 1)..];
            length = (int)Math.Min(value, int.MaxValue);
            return length <= units.Length;
        }
        return false;
    }
}
