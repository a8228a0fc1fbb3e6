using System;
using Reactor.Primitives;
using Reactor.Protocol.Codecs;

namespace Reactor.Protocol.Mp4;

/// <summary>The sample entries of video, by their fields (ISO 14496-12 §12.1.3).</summary>
/// <remarks>
/// <code>
/// | zeros 128 | width 16 | height 16 | 72 dpi 32, twice | zeros 32 | frames 16, is 1 |
/// | name 256 | depth 16, is 24 | −1: 16 |
/// </code>
/// </remarks>
internal static class VideoEntry
{
    public const int FieldsLength = 70;

    private const int SizeAt = BoxWriter.HeadLength + SampleEntry.HeadLength + 16;
    private const int SizeMax = 0xFFFF;
    private const uint Dpi72 = 0x0048_0000;

    /// <param name="config">What was read from the body.</param>
    /// <param name="body">An avcC, an hvcC, or sets behind start codes.</param>
    /// <remarks>Where the sets come with the frames it has to say so (14496-15 §5.3.2).</remarks>
    /// <returns>Null where no record can be made of it.</returns>
    public static byte[]? Of(VideoConfig config, ReadOnlySpan<byte> body)
    {
        var (isAvc, hasSets) = (config.Codec == NaluCodec.Avc, !config.ParameterSets.IsEmpty);
        var record = isAvc
            ? DecoderRecord.OfAvc(config, body)
            : DecoderRecord.OfHevc(config, body);
        if (record is null)
            return null;
        return isAvc
            ? Write(hasSets ? "avc1"u8 : "avc3"u8, config.Facts, "avcC"u8, record)
            : Write("hvc1"u8, config.Facts, "hvcC"u8, record);
    }

    /// <summary>AV1-ISOBMFF §2.2, §2.3.</summary>
    public static byte[] OfAv1(VideoFacts facts, ReadOnlySpan<byte> record) =>
        Write("av01"u8, facts, "av1C"u8, record);

    /// <summary>VP Codec ISO-BMFF §2.1, §2.2: a full box of version 1.</summary>
    public static byte[] OfVp9(VideoFacts facts, ReadOnlySpan<byte> record) =>
        Write("vp09"u8, facts, "vpcC"u8, [1, 0, 0, 0, .. record]);

    public static byte[] WithSize(ReadOnlySpan<byte> entry, VideoFacts facts)
    {
        var copy = entry.ToArray();
        var size = new ByteWriter(copy.AsSpan(SizeAt));
        size.UInt16((ushort)Math.Min(facts.Width, SizeMax));
        size.UInt16((ushort)Math.Min(facts.Height, SizeMax));
        return copy;
    }

    private static byte[] Write(
        ReadOnlySpan<byte> type,
        VideoFacts facts,
        ReadOnlySpan<byte> configType,
        ReadOnlySpan<byte> config)
    {
        Span<byte> fields = stackalloc byte[FieldsLength];
        var to = new BoxWriter(fields);
        to.Zeros(16);
        to.UInt16(Math.Min(facts.Width, SizeMax));
        to.UInt16(Math.Min(facts.Height, SizeMax));
        to.UInt32(Dpi72);
        to.UInt32(Dpi72);
        to.Zeros(4);
        to.UInt16(1);
        to.Zeros(32);
        to.UInt16(24);
        to.UInt16(-1);
        return SampleEntry.Write(type, fields, configType, config);
    }
}
