using System;
using Reactor.Protocol.Flv;
using Reactor.Protocol.MpegTs;

namespace Reactor.Streaming.Hls;

/// <summary>Both tracks of a live stream, as far as a transport stream can carry them.</summary>
internal sealed class HlsTracks(TsWriter writer, HlsSettings settings)
{
    private readonly HlsVideo _video = new(writer);
    private readonly HlsAudio _audio = new(writer);
    private readonly string?[] _refused = new string?[2];
    private readonly long[] _lastMs = new long[2];

    /// <summary>Called once a publisher for each codec that is left out.</summary>
    public Action<string>? CodecRefused { get; set; }

    /// <summary>Whether frames need another decoder than the segment that is open.</summary>
    public bool IsChanged => _video.IsChanged || _audio.IsChanged;

    public TrackState VideoState =>
        StateOf(FrameKind.Video, _video.Config is not null, _video.HasKeyframe);

    public TrackState AudioState =>
        StateOf(FrameKind.Audio, _audio.StreamType != 0, _audio.HasFrame);

    /// <summary>The codec that is left out, or why; null when none is.</summary>
    public string? RefusedOf(FrameKind kind) => _refused[(int)kind];

    /// <summary>Takes note of a frame's codec, of a header, of a keyframe.</summary>
    /// <returns>Whether it is a frame of audio or video of the default track.</returns>
    public bool IsFrame(in MediaFrame frame)
    {
        var isFrame = frame.Kind switch
        {
            FrameKind.Video => SeeVideo(frame.Payload.Written),
            FrameKind.Audio => SeeAudio(frame.Payload.Written),
            _ => false,
        };
        if (isFrame)
            _lastMs[(int)frame.Kind] = frame.TimeMs;
        return isFrame;
    }

    /// <summary>Whether frames of a kind can be carried at all.</summary>
    public bool IsCarried(FrameKind kind) => TypeOf(kind) != 0;

    /// <summary>Whether a frame belongs into a segment of this program.</summary>
    public bool Fits(FrameKind kind, TsProgram program) => kind == FrameKind.Video
        ? program.HasVideo && program.VideoType == _video.StreamType && !_video.IsChanged
        : program.HasAudio && program.AudioType == _audio.StreamType && !_audio.IsChanged;

    /// <summary>What a segment would consist of that began at this time.</summary>
    /// <param name="before">
    /// The program so far: a track stays until it is silent for too long, and joins once it can
    /// begin.
    /// </param>
    /// <param name="nowMs">The stream's time.</param>
    public TsProgram ProgramAt(long nowMs, TsProgram before) => new(
        (before.HasVideo || _video.HasKeyframe) && !IsSilent(FrameKind.Video, nowMs)
            ? _video.StreamType
            : (byte)0,
        (before.HasAudio || _audio.HasFrame) && !IsSilent(FrameKind.Audio, nowMs)
            ? _audio.StreamType
            : (byte)0);

    /// <summary>The stream's clock leapt: no track was silent.</summary>
    public void Leap(long nowMs) => Array.Fill(_lastMs, nowMs);

    /// <summary>A segment begins: from now on frames have the decoder that it tells.</summary>
    public void BeginSegment() => _video.IsChanged = _audio.IsChanged = false;

    /// <summary>Writes what is held back.</summary>
    public void Flush() => _audio.Flush();

    /// <returns>False for a frame that cannot be carried.</returns>
    public bool TryWrite(in MediaFrame frame) => frame.Kind == FrameKind.Video
        ? _video.TryWrite(VideoTagHeader.Read(frame.Payload.Written), frame)
        : _audio.TryWrite(AudioTagHeader.Read(frame.Payload.Written), frame);

    /// <summary>Another publisher: nothing is known.</summary>
    public void Reset()
    {
        _video.Reset();
        _audio.Reset();
        Array.Clear(_refused);
    }

    private bool SeeVideo(ReadOnlySpan<byte> payload)
    {
        var header = VideoTagHeader.Read(payload);
        var isFrame = header.Kind == TagKind.Frames;
        if (header.TrackId != 0 || header.IsEmptyConfig || !(isFrame || header.IsSequenceHeader))
            return false;                       // also "17 02", which ends nothing here (Q51)
        if (!HlsVideo.IsSupported(header))
        {
            _video.Reset();
            Refuse(FrameKind.Video, header.CodecName);
            return isFrame;
        }
        _refused[(int)FrameKind.Video] = null;
        if (isFrame)
            _video.See(header, payload);
        else
            _video.SetConfig(header, payload);
        return isFrame;
    }

    private bool SeeAudio(ReadOnlySpan<byte> payload)
    {
        var header = AudioTagHeader.Read(payload);
        var isFrame = header.Kind == TagKind.Frames;
        if (header.TrackId != 0 || header.IsEmptyConfig || !(isFrame || header.IsSequenceHeader))
            return false;
        if (!HlsAudio.IsSupported(header))
        {
            _audio.Flush();
            _audio.Reset();
            Refuse(FrameKind.Audio, header.CodecName);
            return isFrame;
        }
        if (isFrame)
            _audio.See(header, payload);
        else
            _audio.SetConfig(header, payload);
        if (_audio.Obstacle is { } obstacle)
            Refuse(FrameKind.Audio, obstacle);
        else
            _refused[(int)FrameKind.Audio] = null;
        return isFrame;
    }

    private void Refuse(FrameKind kind, string codec)
    {
        if (_refused[(int)kind] == codec)
            return;
        _refused[(int)kind] = codec;
        CodecRefused?.Invoke(codec);
    }

    private TrackState StateOf(FrameKind kind, bool isConfigured, bool isReady) =>
        _refused[(int)kind] is not null ? TrackState.Refused
        : isReady ? TrackState.Ready
        : isConfigured ? TrackState.Configured
        : TrackState.Unknown;

    private bool IsSilent(FrameKind kind, long nowMs) =>
        nowMs - _lastMs[(int)kind] >= settings.FragmentMaxMs;

    private byte TypeOf(FrameKind kind) =>
        kind == FrameKind.Video ? _video.StreamType : _audio.StreamType;
}
