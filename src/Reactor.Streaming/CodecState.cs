using System;
using System.Collections.Generic;
using Reactor.Protocol.Codecs;
using Reactor.Protocol.Flv;

namespace Reactor.Streaming;

/// <summary>
/// What a joiner must have before the first frame: metadata and sequence headers.
/// </summary>
/// <remarks>
/// One entry for each kind, track and sort of configuration, in the order of first appearance;
/// a newer one takes the place of the older. Invariant: every frame kept here is retained.
/// </remarks>
public sealed class CodecState
{
    /// <summary>
    /// Tracks of Enhanced RTMP are numbered by a byte; nobody sends as many as this.
    /// </summary>
    public const int ConfigsMax = 64;

    /// <summary>
    /// Bytes of one configuration, unless told otherwise; real ones have some hundred. What is
    /// longer is left out, or a publisher could have us keep 64 messages of 16 MiB.
    /// </summary>
    public const int DefaultConfigBytesMax = 256 << 10;

    private readonly List<(FrameKind Kind, int Id, MediaFrame Frame)> _configs = [];
    private uint _videoId;
    private uint _audioId;
    private VideoFacts? _video;
    private PictureFacts? _picture;

    /// <summary>onMetaData, when there was one.</summary>
    public MediaFrame? Metadata { get; private set; }

    /// <summary>The video codec's name, or empty before it is known.</summary>
    public string VideoCodec { get; private set; } = "";

    public string AudioCodec { get; private set; } = "";

    /// <summary>What the default video track's headers tell; null where they do not.</summary>
    public VideoFacts? Video
    {
        get => _video;
        private set
        {
            if (!ReferenceEquals(_video, value))
                _picture = null;
            _video = value;
        }
    }

    /// <summary>What the default audio track's headers tell; null where they do not.</summary>
    public AudioFacts? Audio { get; private set; }

    /// <summary>What all that says of the picture: read when it has changed, and not for each who
    /// asks.</summary>
    public PictureFacts Picture => _picture ??= PictureFacts.Of(this);

    public bool HasVideo => VideoCodec.Length > 0;

    public bool HasAudio => AudioCodec.Length > 0;

    public int Count => _configs.Count;

    /// <summary>The configurations, oldest kind first.</summary>
    public MediaFrame this[int index] => _configs[index].Frame;

    /// <summary>The codecs, for people: <c>H264 AAC</c>.</summary>
    public override string ToString() => $"{VideoCodec} {AudioCodec}".Trim();

    internal void SetMetadata(in MediaFrame frame)
    {
        frame.Payload.Retain();
        ClearMetadata();
        Metadata = frame;
    }

    internal void ClearMetadata()
    {
        Metadata?.Payload.Release();
        Metadata = null;
        _picture = null;
    }

    /// <summary>
    /// Remembers which codec a default track has; another one ends its configurations.
    /// </summary>
    /// <param name="kind">Audio or video.</param>
    /// <param name="id">Compared for each frame; 0 where the frame does not tell.</param>
    /// <param name="payload">Asked for the name when the codec is new.</param>
    /// <returns>Whether frames of another codec came before.</returns>
    internal bool SetCodec(FrameKind kind, uint id, ReadOnlySpan<byte> payload)
    {
        ref var known = ref kind == FrameKind.Video ? ref _videoId : ref _audioId;
        if (id == 0 || id == known)
            return false;
        var isChange = known != 0;
        if (isChange)
            Remove(kind, defaultTrackOnly: true);
        known = id;
        if (kind == FrameKind.Video)
        {
            VideoCodec = VideoTagHeader.Read(payload).CodecName;
            Video = null;
            _picture = null;                    // metadata counts only where there is video
        }
        else
        {
            AudioCodec = AudioTagHeader.Read(payload).CodecName;
            Audio = TrackFacts.OfAudio(payload);
        }
        return isChange;
    }

    /// <summary>What a keyframe tells that its configuration does not.</summary>
    internal void SeeKeyframe(ReadOnlySpan<byte> payload) =>
        Video = TrackFacts.OfKeyframe(payload, Video);

    /// <summary>Whether there is a configuration that this one would replace.</summary>
    internal bool HasConfig(FrameKind kind, int id)
    {
        foreach (var config in _configs)
        {
            if (config.Kind == kind && config.Id == id)
                return true;
        }
        return false;
    }

    /// <summary>Keeps a configuration in the place of the one with the same id.</summary>
    /// <returns>Whether that one differed, so that older frames want another one (Q48).</returns>
    internal bool SetConfig(in MediaFrame frame, int id)
    {
        for (var i = 0; i < _configs.Count; i++)
        {
            var old = _configs[i];
            if (old.Kind != frame.Kind || old.Id != id)
                continue;
            var isChange = !old.Frame.Payload.Written.SequenceEqual(frame.Payload.Written);
            frame.Payload.Retain();
            old.Frame.Payload.Release();
            _configs[i] = (frame.Kind, id, frame);
            if (isChange)
                ReadFacts(frame, id);
            return isChange;
        }
        if (_configs.Count == ConfigsMax)
            return false;
        frame.Payload.Retain();
        _configs.Add((frame.Kind, id, frame));
        ReadFacts(frame, id);
        return false;
    }

    internal void Clear()
    {
        ClearMetadata();
        Remove(FrameKind.Video, defaultTrackOnly: false);
        Remove(FrameKind.Audio, defaultTrackOnly: false);
        VideoCodec = AudioCodec = "";
        Video = null;
        Audio = null;
        _videoId = _audioId = 0;
    }

    /// <summary>Once for each: encoders repeat it before each keyframe (Q48).</summary>
    private void ReadFacts(in MediaFrame frame, int id)
    {
        if (FrameFacts.TrackOf(id) != 0)
            return;
        if (frame.Kind == FrameKind.Video)
            Video = TrackFacts.OfVideo(frame.Payload.Written) ?? Video;
        else
            Audio = TrackFacts.OfAudio(frame.Payload.Written) ?? Audio;
    }

    private void Remove(FrameKind kind, bool defaultTrackOnly)
    {
        for (var i = _configs.Count - 1; i >= 0; i--)
        {
            var config = _configs[i];
            if (config.Kind != kind || (defaultTrackOnly && FrameFacts.TrackOf(config.Id) != 0))
                continue;
            config.Frame.Payload.Release();
            _configs.RemoveAt(i);
        }
    }
}
