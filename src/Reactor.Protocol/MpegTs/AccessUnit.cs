using System;
using Reactor.Protocol.Codecs;

namespace Reactor.Protocol.MpegTs;

/// <summary>One frame of video as a transport stream has it.</summary>
/// <remarks>
/// ISO 13818-1 §2.14.1 for H.264, §2.17.1 for H.265.
/// Start codes instead of lengths, a delimiter in front, and before a keyframe the parameter sets,
/// unless it brings its own. The length is summed first, because the packets need it.
/// </remarks>
public readonly ref struct AccessUnit
{
    private readonly ReadOnlySpan<byte> _frame;
    private readonly VideoConfig _config;

    /// <param name="frame">As in FLV: NAL units behind lengths, or start codes (Q52).</param>
    /// <param name="config">Its configuration.</param>
    /// <param name="isKeyframe">Whether decoding can begin here.</param>
    public AccessUnit(ReadOnlySpan<byte> frame, VideoConfig config, bool isKeyframe)
    {
        _frame = frame;
        _config = config;
        var types = 0UL;
        var units = new NaluReader(frame, config.NaluLengthBytes);
        while (units.TryRead(out var nalu))
        {
            var type = TypeOf(nalu);
            if (type == DelimiterType)
                continue;
            types |= 1UL << type;
            Length += StartCodeOf(type).Length + nalu.Length;
        }
        if (Length == 0)
            return;
        Length += Delimiter.Length;
        NeedsSets = isKeyframe && (types & SetTypes) != SetTypes;
        Length += NeedsSets ? config.ParameterSets.Length : 0;
    }

    /// <summary>Bytes to write; 0 for a frame without a NAL unit, which is not to be.</summary>
    public int Length { get; }

    private bool NeedsSets { get; }

    private bool IsAvc => _config.Codec == NaluCodec.Avc;

    private int DelimiterType =>
        IsAvc ? AvcConfig.AccessUnitDelimiter : HevcConfig.AccessUnitDelimiter;

    private ulong SetTypes => IsAvc
        ? (1UL << AvcConfig.Sps) | (1UL << AvcConfig.Pps)
        : (1UL << HevcConfig.Vps) | (1UL << HevcConfig.Sps) | (1UL << HevcConfig.Pps);

    /// <summary>Any kind of picture may follow: 7 of three bits, or 2.</summary>
    private ReadOnlySpan<byte> Delimiter => IsAvc
        ? [0, 0, 0, 1, 0x09, 0xF0]
        : [0, 0, 0, 1, 0x46, 0x01, 0x50];

    public void WriteTo(TsWriter writer)
    {
        writer.Write(Delimiter);
        if (NeedsSets)
            writer.Write(_config.ParameterSets.Span);
        var units = new NaluReader(_frame, _config.NaluLengthBytes);
        while (units.TryRead(out var nalu))
        {
            var type = TypeOf(nalu);
            if (type == DelimiterType)
                continue;
            writer.Write(StartCodeOf(type));
            writer.Write(nalu);
        }
    }

    private int TypeOf(ReadOnlySpan<byte> nalu) =>
        IsAvc ? AvcConfig.TypeOf(nalu[0]) : HevcConfig.TypeOf(nalu[0]);

    /// <summary>Four bytes before parameter sets, three before the rest (H.264 §B.1.2).</summary>
    private ReadOnlySpan<byte> StartCodeOf(int type) =>
        (SetTypes & (1UL << type)) != 0 ? [0, 0, 0, 1] : [0, 0, 1];
}
