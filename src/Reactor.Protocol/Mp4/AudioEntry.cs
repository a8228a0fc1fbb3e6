using System;
using Reactor.Protocol.Codecs;

namespace Reactor.Protocol.Mp4;

/// <summary>The sample entries of audio, by their fields (ISO 14496-12 §12.2.3).</summary>
/// <remarks>
/// <code>
/// | zeros 64 | channels 16 | bits 16, is 16 | zeros 32 | rate 16, or 0 where it is more |
/// | zeros 16 |
/// </code>
/// </remarks>
internal static class AudioEntry
{
    public const int FieldsLength = 20;

    // Object types and descriptors (ISO 14496-1 §7.2.6).
    public const byte Aac = 0x40;
    public const int DescriptorHeadLength = 5;

    private const int ChannelsUsual = 2;
    private const byte Mpeg2Mp3 = 0x69;
    private const byte Mpeg1Mp3 = 0x6B;

    /// <summary>The AudioSpecificConfig that an ADTS header stands for.</summary>
    public static byte[] ConfigOf(AdtsHeader adts)
    {
        var bits = (adts.ObjectType << 11)
            | (AdtsHeader.RateIndexOf(adts.SampleRate) << 7)
            | (adts.ChannelConfig << 3);
        return [(byte)(bits >> 8), (byte)bits];
    }

    public static byte[] OfAac(AacConfig config, ReadOnlySpan<byte> body) =>
        Write("mp4a"u8, config.Facts, config.SampleRate, "esds"u8, Descriptor(Aac, body));

    public static byte[] OfMp3(Mp3Header mp3) =>
        Write(
            "mp4a"u8, mp3.Facts, mp3.SampleRate, "esds"u8,
            Descriptor(mp3.IsMpeg1 ? Mpeg1Mp3 : Mpeg2Mp3, default));

    /// <summary>
    /// Opus in ISOBMFF §4.3.2: as its identification header, but big-endian and of version 0.
    /// </summary>
    /// <returns>Null where the table of channels is missing.</returns>
    public static byte[]? OfOpus(AudioFacts facts, ReadOnlySpan<byte> head)
    {
        const int fixedLength = 19;
        var family = head[fixedLength - 1];
        var length = fixedLength + (family == 0 ? 0 : 2 + head[9]);
        if (head.Length < length)
            return null;
        var fields = head["OpusHead"u8.Length..length].ToArray();
        fields[0] = 0;
        TurnOpus(fields);
        return Write("Opus"u8, facts, facts.SampleRate, "dOps"u8, fields);
    }

    /// <summary>Makes fields of an Opus head big-endian, and little-endian again.</summary>
    /// <param name="fields">
    /// | version 8 | channels 8 | pre-skip 16 | input rate 32 | gain 16 | family 8 | ... |
    /// </param>
    public static void TurnOpus(Span<byte> fields)
    {
        fields[2..4].Reverse();
        fields[4..8].Reverse();
        fields[8..10].Reverse();
    }

    /// <summary>FLAC in ISOBMFF §3.3.2: the stream's information, as the last block.</summary>
    public static byte[] OfFlac(AudioFacts facts, ReadOnlySpan<byte> block) =>
        Write(
            "fLaC"u8, facts, facts.SampleRate, "dfLa"u8,
            [0, 0, 0, 0, 0x80, 0, 0, (byte)block.Length, .. block]);

    /// <summary>ETSI TS 102 366 §F.3 to §F.6.</summary>
    /// <remarks>
    /// <code>
    /// dac3: | rate 2 | version 5 | use 3 | mode 3 | LFE 1 | bit rate 5 | 0: 5 |
    /// dec3: | kbit/s 13 | streams - 1: 3 | rate 2 | version 5 | 0 | 0 | use 3 | mode 3 | LFE 1 |
    ///       | 0: 3 | dependent streams 4 | 0 |
    /// </code>
    /// </remarks>
    public static byte[] OfAc3(Ac3Header ac3)
    {
        var lfe = ac3.HasLfe ? 1 : 0;
        if (!ac3.IsEnhanced)
        {
            var bits = (ac3.RateCode << 22) | (ac3.Version << 17) | (ac3.Use << 14)
                | (ac3.Mode << 11) | (lfe << 10) | (ac3.BitRateCode << 5);
            return Write(
                "ac-3"u8, ac3.Facts, ac3.SampleRate, "dac3"u8,
                [(byte)(bits >> 16), (byte)(bits >> 8), (byte)bits]);
        }
        var bytesASecond = (long)ac3.FrameLength * ac3.SampleRate / Math.Max(1, ac3.Samples);
        var kilobits = (int)Math.Min(bytesASecond * 8 / 1000, 0x1FFF);
        var stream = (ac3.RateCode << 22) | (ac3.Version << 17) | (ac3.Mode << 9) | (lfe << 8);
        return Write(
            "ec-3"u8, ac3.Facts, ac3.SampleRate, "dec3"u8,
            [
                (byte)(kilobits >> 5), (byte)(kilobits << 3),
                (byte)(stream >> 16), (byte)(stream >> 8), (byte)stream,
            ]);
    }

    private static byte[] Write(
        ReadOnlySpan<byte> type,
        AudioFacts facts,
        int rate,
        ReadOnlySpan<byte> configType,
        ReadOnlySpan<byte> config)
    {
        Span<byte> fields = stackalloc byte[FieldsLength];
        var to = new BoxWriter(fields);
        to.Zeros(8);
        to.UInt16(facts.Channels > 0 ? facts.Channels : ChannelsUsual);
        to.UInt16(16);
        to.Zeros(4);
        to.UInt16(rate <= ushort.MaxValue ? rate : 0);
        to.Zeros(2);
        return SampleEntry.Write(type, fields, configType, config);
    }

    /// <summary>
    /// What an esds holds (ISO 14496-14 §5.6): the stream, within it its decoder, and what the
    /// decoder has to know; lengths in four bytes of seven bits.
    /// </summary>
    private static byte[] Descriptor(byte objectType, ReadOnlySpan<byte> config)
    {
        var configLength = config.IsEmpty ? 0 : DescriptorHeadLength + config.Length;
        var decoderLength = 13 + configLength;
        var length = 3 + DescriptorHeadLength + decoderLength + DescriptorHeadLength + 1;
        var bytes = new byte[4 + DescriptorHeadLength + length];
        var to = new BoxWriter(bytes);
        to.UInt32(0);                           // version and flags
        BeginDescriptor(ref to, 3, length);
        to.UInt16(0);
        to.Byte(0);
        BeginDescriptor(ref to, 4, decoderLength);
        to.Byte(objectType);
        to.Byte(0x15);                          // audio, towards the decoder, and a 1
        to.UInt24(0);                           // buffer
        to.UInt32(0);                           // bit rates: not known
        to.UInt32(0);
        if (!config.IsEmpty)
        {
            BeginDescriptor(ref to, 5, config.Length);
            to.Bytes(config);
        }
        BeginDescriptor(ref to, 6, 1);
        to.Byte(2);                             // as MP4 files have it
        return bytes;
    }

    private static void BeginDescriptor(ref BoxWriter to, byte tag, int length)
    {
        to.Byte(tag);
        for (var shift = 21; shift > 0; shift -= 7)
            to.Byte((byte)(0x80 | (length >> shift)));
        to.Byte((byte)(length & 0x7F));
    }
}
