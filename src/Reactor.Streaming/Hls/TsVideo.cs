using System;
using Reactor.Primitives;
using Reactor.Protocol.Codecs;
using Reactor.Protocol.Flv;
using Reactor.Protocol.MpegTs;

namespace Reactor.Streaming.Hls;

/// <summary>The video track of a transport stream: its configuration, and its two times.</summary>
/// <remarks>
/// A frame may not be shown before it is decoded, yet some encoders send negative composition
/// times (Q50). Then decoding is moved forward by as much as the worst frame needs.
/// </remarks>
internal sealed class TsVideo(TsWriter writer) : HlsTrack<VideoTagHeader>
{
    private const int LeadMaxMs = 1000;

    /// <summary>Null before one has come.</summary>
    private VideoConfig? _config;
    private long _lead;
    private long _lastDts = long.MinValue;

    public override uint Type => _config is null ? 0u : TsProgram.TypeOf(_config.Codec);

    public override bool IsSupported(in VideoTagHeader header) =>
        header.Codec == FourCc.Avc1 || header.Codec == FourCc.Hvc1;

    public override void Reset()
    {
        _config = null;
        IsReady = IsChanged = false;
        _lead = 0;
    }

    /// <remarks>A frame behind start codes may bring its own parameter sets (Q52).</remarks>
    public override void See(in VideoTagHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.IsSequenceHeader)
            SetConfig(header, payload);
        if (!header.IsKeyframe)
            return;
        var body = header.BodyOf(payload);
        if (_config is null && NaluReader.StartsWithCode(body))
            SetConfig(header, payload);
        IsReady |= _config is not null;
    }

    /// <remarks>One without a NAL unit is left out.</remarks>
    public override bool TryWrite(in VideoTagHeader header, in MediaFrame frame)
    {
        Invariant.Holds(_config is not null);
        var unit = new AccessUnit(
            header.BodyOf(frame.Payload.Written), _config, header.IsKeyframe);
        if (unit.Length == 0)
            return false;
        var (pts, dts) = Times(frame.TimeMs, header.BoundedCompositionMs);
        writer.BeginFrame(TsTrack.Video, pts, dts, header.IsKeyframe, unit.Length);
        unit.WriteTo(writer);
        return true;
    }

    /// <summary>Takes a sequence header; the same one comes before each keyframe (Q48).</summary>
    private void SetConfig(in VideoTagHeader header, ReadOnlySpan<byte> payload)
    {
        var codec = header.Codec == FourCc.Avc1 ? NaluCodec.Avc : NaluCodec.Hevc;
        if (VideoConfig.Read(header.BodyOf(payload), codec) is not { } config || IsSame(config))
            return;
        IsChanged |= _config is not null;
        _config = config;
        IsReady = false;
    }

    private bool IsSame(VideoConfig config) =>
        _config is not null
        && config.Codec == _config.Codec
        && config.NaluLengthBytes == _config.NaluLengthBytes
        && config.ParameterSets.Span.SequenceEqual(_config.ParameterSets.Span);

    private (long Pts, long Dts) Times(long timeMs, int compositionMs)
    {
        var decoded = timeMs * TsWriter.TicksPerMs;
        var pts = decoded + (compositionMs * TsWriter.TicksPerMs);
        _lead = Math.Clamp(decoded - pts, _lead, LeadMaxMs * TsWriter.TicksPerMs);
        var dts = Math.Max(decoded - _lead, _lastDts + 1);
        _lastDts = dts;
        return (Math.Max(pts, dts), dts);
    }
}
