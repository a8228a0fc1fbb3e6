using System;
using static System.FormattableString;

namespace Reactor.Protocol.Codecs;

/// <summary>Reads VP9's decoder configuration, a vpcC (VP Codec ISO-BMFF §2.2).</summary>
/// <remarks>
/// It tells no size: see <see cref="Vp9Frame"/>.
/// <code>
/// | profile 8 | level 8 | bits 4 | subsampling 3 | full range 1 | colours 24 | length 16, is 0 |
/// </code>
/// Some write the version and flags of the MP4 box before it: 01 00 00 00.
/// </remarks>
public static class Vp9Config
{
    private const int Length = 8;
    private const int ProfileMax = 3;

    private static ReadOnlySpan<byte> BoxHead => [1, 0, 0, 0];

    /// <returns>Null when the bytes are no such configuration.</returns>
    public static VideoFacts? Read(ReadOnlySpan<byte> body)
    {
        body = RecordOf(body);
        if (body.Length < Length)
            return null;
        var (profile, level, depth) = (body[0], body[1], body[2] >> 4);
        if (profile > ProfileMax || depth is not (8 or 10 or 12))
            return null;
        return new VideoFacts(
            "VP9",
            Invariant($"vp09.{profile:00}.{level:00}.{depth:00}"),
            Width: 0,
            Height: 0,
            FramesPerSecond: 0,
            Invariant($"{profile}"),
            level == 0 ? "" : Invariant($"{level / 10}.{level % 10}"));
    }

    /// <summary>The configuration itself, without what some write before and behind it.</summary>
    /// <returns>Empty when there is none.</returns>
    public static ReadOnlySpan<byte> RecordOf(ReadOnlySpan<byte> body)
    {
        if (body.Length >= BoxHead.Length + Length && body.StartsWith(BoxHead))
            body = body[BoxHead.Length..];
        return body.Length < Length ? default : body[..Length];
    }
}
