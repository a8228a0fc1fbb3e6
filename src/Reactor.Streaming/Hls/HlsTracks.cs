using System;
using Reactor.Protocol.Flv;

namespace Reactor.Streaming.Hls;

/// <summary>Both tracks of a live stream, as far as a container can carry them.</summary>
internal sealed class HlsTracks(IHlsContainer container, HlsSettings settings)
{
    private readonly HlsTrack<VideoTagHeader> _video = container.Video;
    private readonly HlsTrack<AudioTagHeader> _audio = container.Audio;
    private readonly string?[] _refused = new string?[2];
    private readonly long[] _lastMs = new long[2];

    /// <summary>Called once a publisher for each codec that is left out.</summary>
    public Action<string>? CodecRefused { get; set; }

    /// <summary>Whether frames need another decoder than the segment that is open.</summary>
    public bool IsChanged => _video.IsChanged || _audio.IsChanged;

    public TrackState VideoState =>
        StateOf(FrameKind.Video, _video.Type != 0, _video.IsReady);

    public TrackState AudioState =>
        StateOf(FrameKind.Audio, _audio.Type != 0, _audio.IsReady);

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
    public bool Fits(FrameKind kind, HlsProgram program) => kind == FrameKind.Video
        ? program.HasVideo && program.Video == _video.Type && !_video.IsChanged
        : program.HasAudio && program.Audio == _audio.Type && !_audio.IsChanged;

    /// <summary>What a segment would consist of that began at this time.</summary>
    /// <param name="before">
    /// The program so far: a track stays until it is silent for too long, and joins once it can
    /// begin.
    /// </param>
    /// <param name="nowMs">The stream's time.</param>
    public HlsProgram ProgramAt(long nowMs, HlsProgram before) => new(
        (before.HasVideo || _video.IsReady) && !IsSilent(FrameKind.Video, nowMs)
            ? _video.Type
            : 0,
        (before.HasAudio || _audio.IsReady) && !IsSilent(FrameKind.Audio, nowMs)
            ? _audio.Type
            : 0);

    /// <summary>The stream's clock leapt: no track was silent.</summary>
    public void Leap(long nowMs) => Array.Fill(_lastMs, nowMs);

    /// <summary>A segment begins: from now on frames have the decoder that it tells.</summary>
    public void BeginSegment() => _video.IsChanged = _audio.IsChanged = false;

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
        if (!_video.IsSupported(header))
        {
            _video.Reset();
            Refuse(FrameKind.Video, header.CodecName);
            return isFrame;
        }
        _refused[(int)FrameKind.Video] = null;
        _video.See(header, payload);
        return isFrame;
    }

    private bool SeeAudio(ReadOnlySpan<byte> payload)
    {
        var header = AudioTagHeader.Read(payload);
        var isFrame = header.Kind == TagKind.Frames;
        if (header.TrackId != 0 || header.IsEmptyConfig || !(isFrame || header.IsSequenceHeader))
            return false;
        if (!_audio.IsSupported(header))
        {
            _audio.Flush();
            _audio.Reset();
            Refuse(FrameKind.Audio, header.CodecName);
            return isFrame;
        }
        _audio.See(header, payload);
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

    private uint TypeOf(FrameKind kind) =>
        kind == FrameKind.Video ? _video.Type : _audio.Type;
}
