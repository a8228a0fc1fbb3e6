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
internal sealed class HlsVideo(TsWriter writer)
{
    /// <summary>Composition times beyond this are nonsense, and bounded.</summary>
    private const int CompositionMaxMs = 10_000;

    private const int LeadMaxMs = 1000;

    private long _lead;
    private long _lastDts = long.MinValue;

    /// <summary>Null before a configuration has come.</summary>
    public VideoConfig? Config { get; private set; }

    /// <summary>Whether a frame has come since at which decoding can begin.</summary>
    public bool HasKeyframe { get; private set; }

    /// <summary>Whether the open segment began with another configuration.</summary>
    public bool IsChanged { get; set; }

    public byte StreamType => Config is null ? (byte)0 : TsProgram.TypeOf(Config.Codec);

    public static bool IsSupported(in VideoTagHeader header) =>
        header.Codec == FourCc.Avc1 || header.Codec == FourCc.Hvc1;

    /// <summary>Another publisher, or another codec: nothing is known.</summary>
    public void Reset()
    {
        Config = null;
        HasKeyframe = IsChanged = false;
        _lead = 0;
    }

    /// <summary>Takes a sequence header; the same one comes before each keyframe (Q48).</summary>
    public void SetConfig(in VideoTagHeader header, ReadOnlySpan<byte> payload)
    {
        var codec = header.Codec == FourCc.Avc1 ? NaluCodec.Avc : NaluCodec.Hevc;
        if (VideoConfig.Read(header.BodyOf(payload), codec) is not { } config || IsSame(config))
            return;
        IsChanged |= Config is not null;
        Config = config;
        HasKeyframe = false;
    }

    /// <summary>
    /// Takes note of a frame; one behind start codes may bring its own parameter sets (Q52).
    /// </summary>
    public void See(in VideoTagHeader header, ReadOnlySpan<byte> payload)
    {
        if (!header.IsKeyframe)
            return;
        var body = header.BodyOf(payload);
        if (Config is null && NaluReader.StartsWithCode(body))
            SetConfig(header, payload);
        HasKeyframe |= Config is not null;
    }

    /// <summary>Writes a frame; one without a NAL unit is left out.</summary>
    public bool TryWrite(in VideoTagHeader header, in MediaFrame frame)
    {
        Invariant.Holds(Config is not null);
        var unit = new AccessUnit(
            header.BodyOf(frame.Payload.Written), Config, header.IsKeyframe);
        if (unit.Length == 0)
            return false;
        var (pts, dts) = Times(frame.TimeMs, header.CompositionTimeMs);
        writer.BeginFrame(TsTrack.Video, pts, dts, header.IsKeyframe, unit.Length);
        unit.WriteTo(writer);
        return true;
    }

    private bool IsSame(VideoConfig config) =>
        Config is not null
        && config.Codec == Config.Codec
        && config.NaluLengthBytes == Config.NaluLengthBytes
        && config.ParameterSets.Span.SequenceEqual(Config.ParameterSets.Span);

    private (long Pts, long Dts) Times(long timeMs, int compositionMs)
    {
        var decoded = timeMs * TsWriter.TicksPerMs;
        compositionMs = Math.Clamp(compositionMs, -CompositionMaxMs, CompositionMaxMs);
        var pts = decoded + (compositionMs * TsWriter.TicksPerMs);
        _lead = Math.Clamp(decoded - pts, _lead, LeadMaxMs * TsWriter.TicksPerMs);
        var dts = Math.Max(decoded - _lead, _lastDts + 1);
        _lastDts = dts;
        return (Math.Max(pts, dts), dts);
    }
}
