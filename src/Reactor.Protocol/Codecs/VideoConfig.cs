using System;

namespace Reactor.Protocol.Codecs;

/// <summary>Codecs that are made of NAL units.</summary>
public enum NaluCodec
{
    Avc,
    Hevc,
}

/// <summary>What a muxer needs of a decoder configuration.</summary>
/// <param name="Codec">Tells how to read a NAL unit's type.</param>
/// <param name="Facts">For people.</param>
/// <param name="NaluLengthBytes">
/// How long the length before each NAL unit is, in bytes: 1 to 4.
/// </param>
/// <param name="ParameterSets">
/// SPS and PPS, for HEVC the VPS too, each behind a start code of four bytes. Empty when they
/// come with the frames.
/// </param>
public sealed record VideoConfig(
    NaluCodec Codec, VideoFacts Facts, int NaluLengthBytes, ReadOnlyMemory<byte> ParameterSets)
{
    /// <summary>Reads the body of a sequence header.</summary>
    /// <param name="body">An avcC, an hvcC, or parameter sets behind start codes (Q52).</param>
    /// <param name="expected">What the header before it says; the bytes overrule it (Q53).</param>
    /// <returns>Null when it is neither.</returns>
    public static VideoConfig? Read(ReadOnlySpan<byte> body, NaluCodec expected) =>
        expected == NaluCodec.Avc
            ? AvcConfig.Read(body) ?? HevcConfig.Read(body)
            : HevcConfig.Read(body) ?? AvcConfig.Read(body);
}
