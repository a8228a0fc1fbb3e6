using System;

namespace Reactor.Protocol.Codecs;

/// <summary>AAC's decoder configuration, an AudioSpecificConfig (ISO 14496-3 §1.6.2.1).</summary>
/// <remarks>
/// <code>
/// | object type 5 | rate index 4 | channels 4 | frame length 1 | core coder 1 | extension 1 |
/// </code>
/// Two bytes as a rule. SBR is told in front, by object type 5 or 29 (4 bytes), or behind, after
/// the sync word 0x2B7 (5 bytes), or not at all: then decoders find it themselves (Q55).
/// </remarks>
public sealed record AacConfig
{
    private const int Escape = 31;
    private const int Sbr = 5;
    private const int ParametricStereo = 29;
    private const int SbrSync = 0x2B7;
    private const int StereoSync = 0x548;

    /// <summary>Of the core coder: 2 is LC, also where SBR is on top of it.</summary>
    public int ObjectType { get; private init; }

    /// <summary>Of the core coder, in Hz.</summary>
    public int SampleRate { get; private init; }

    /// <summary>As it is heard: where SBR is told, twice that of the core coder.</summary>
    public int OutputRate { get; private init; }

    /// <summary>channelConfiguration: 1 to 6 are as many channels, 7 is eight.</summary>
    public int ChannelConfig { get; private init; }

    /// <summary>Samples of the core coder in a frame: 1,024 or 960.</summary>
    public int FrameSamples { get; private init; } = 1024;

    public bool HasSbr { get; private init; }

    public bool HasParametricStereo { get; private init; }

    /// <summary>Why no ADTS header can tell this configuration; null when one can.</summary>
    public string? AdtsObstacle => this switch
    {
        { ObjectType: < 1 or > 4 } => $"AAC object type {ObjectType}",
        { ChannelConfig: < 1 or > 7 } => $"AAC channel configuration {ChannelConfig}",
        { FrameSamples: not 1024 } => $"AAC frames of {FrameSamples} samples",
        _ when AdtsHeader.RateIndexOf(SampleRate) < 0 => $"AAC at {SampleRate} Hz",
        _ => null,
    };

    public AudioFacts Facts => new(
        "AAC",
        $"mp4a.40.{(HasParametricStereo ? ParametricStereo : HasSbr ? Sbr : ObjectType)}",
        OutputRate,
        HasParametricStereo ? 2 : ChannelConfig switch
        {
            7 or 12 or 14 => 8,
            11 => 7,
            <= 6 => ChannelConfig,
            _ => 0,
        },
        this switch
        {
            { HasParametricStereo: true } => "HE-AAC v2",
            { HasSbr: true } => "HE-AAC",
            { ObjectType: 1 } => "Main",
            { ObjectType: 2 } => "LC",
            { ObjectType: 3 } => "SSR",
            { ObjectType: 4 } => "LTP",
            _ => $"{ObjectType}",
        });

    /// <returns>Null when the bytes end too early, or name no rate.</returns>
    public static AacConfig? Read(ReadOnlySpan<byte> body)
    {
        var bits = new BitReader(body, hasEmulation: false);
        var objectType = ReadObjectType(ref bits);
        var rate = ReadRate(ref bits);
        var channels = (int)bits.Bits(4);
        var output = rate;
        var (hasSbr, hasStereo) = (objectType is Sbr or ParametricStereo, false);
        if (hasSbr)
        {
            hasStereo = objectType == ParametricStereo;
            output = ReadRate(ref bits);
            objectType = ReadObjectType(ref bits);
        }
        var isShort = bits.Flag();
        if (bits.IsOverrun || rate == 0 || output == 0)
            return null;
        if (!hasSbr && channels > 0)
        {
            SkipRestOfGeneral(ref bits, objectType);
            hasSbr = TryReadSbrBehind(ref bits, ref output, out hasStereo);
        }
        return new AacConfig
        {
            ObjectType = objectType,
            SampleRate = rate,
            OutputRate = output,
            ChannelConfig = channels,
            FrameSamples = isShort && objectType is >= 1 and <= 4 ? 960 : 1024,
            HasSbr = hasSbr,
            HasParametricStereo = hasStereo,
        };
    }

    /// <summary>What an ADTS header says, where a configuration is missing (Q55).</summary>
    public static AacConfig Of(AdtsHeader header) => new()
    {
        ObjectType = header.ObjectType,
        SampleRate = header.SampleRate,
        OutputRate = header.SampleRate,
        ChannelConfig = header.ChannelConfig,
    };

    private static int ReadObjectType(ref BitReader bits)
    {
        var type = (int)bits.Bits(5);
        return type == Escape ? 32 + (int)bits.Bits(6) : type;
    }

    private static int ReadRate(ref BitReader bits)
    {
        var index = (int)bits.Bits(4);
        return index == 15 ? (int)bits.Bits(24) : AdtsHeader.RateOf(index);
    }

    /// <summary>GASpecificConfig behind its first bit (ISO 14496-3 §4.4.1).</summary>
    private static void SkipRestOfGeneral(ref BitReader bits, int objectType)
    {
        if (bits.Flag())
            bits.Skip(14);
        bits.Skip(objectType is 6 or 20 ? 4 : 1);
    }

    private static bool TryReadSbrBehind(ref BitReader bits, ref int output, out bool hasStereo)
    {
        hasStereo = false;
        if (bits.Bits(11) != SbrSync || ReadObjectType(ref bits) != Sbr || !bits.Flag())
            return false;
        var rate = ReadRate(ref bits);
        if (bits.IsOverrun || rate == 0)
            return false;
        output = rate;
        hasStereo = bits.Bits(11) == StereoSync && bits.Flag();
        return true;
    }
}
