using System;
using System.Collections.Generic;
using Reactor.Primitives;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Mp4;
using Reactor.Protocol.Rtmp;

namespace Reactor.Server.Recording;

/// <summary>A recording in fragmented MP4.</summary>
/// <remarks>
/// <para>A part is a fragment, or several: one begins with each keyframe. So a file plays up to its
/// last fragment whenever the server ends. In the end its index (mfra) is added, and its head is
/// written anew with the duration.</para>
/// <para>The head names all tracks, and some are known with their first frame only: it is written
/// with the first part, and until then frames are held. A track that comes later, or changes, needs
/// another file.</para>
/// Invariant: each held frame is retained, and its track is known.
/// </remarks>
internal sealed class Mp4Recording(PacketPool pool) : IRecordingFormat
{
    /// <summary>Frames that wait for the head: more than a part of any usual stream has.</summary>
    private const int HeldMax = 1024;

    private readonly Mp4Writer _writer = new(pool);
    private readonly FlvIndex _index = new();
    private readonly Queue<RecordedFrame> _held = new();
    private readonly List<Mp4Slice> _slices = [];
    private Mp4VideoTrack? _video;
    private Mp4AudioTrack? _audio;
    private long _heldBytes;
    private uint? _keyframeMs;
    private bool _hasHead;
    private bool _hasVideo;
    private bool _hasAudio;
    private bool _isOver;

    public long HeldBytes => _heldBytes + _writer.Bytes;

    /// <summary>It begins with its first part.</summary>
    public void Begin(FlvTail? tail, RecordingBytes to)
    {
    }

    public bool Fits(MessageType type, Packet payload) =>
        !_isOver && Fits(See(type, payload.Written));

    public void Add(in RecordedFrame frame, RecordingBytes to)
    {
        var seen = See(frame.Type, frame.Payload.Written);
        _isOver |= !Fits(seen);
        if (_isOver)
            return;                             // it came before the file was open
        (_video, _audio) = (seen.Video, seen.Audio);
        if (!seen.IsFrame)
            return;
        _hasVideo |= frame.Type == MessageType.Video;
        _hasAudio |= frame.Type == MessageType.Audio;
        if (_hasHead)
        {
            Put(frame, to);
            return;
        }
        frame.Payload.Retain();
        _held.Enqueue(frame);
        _heldBytes += frame.Payload.Length;
        if (_held.Count == HeldMax || _heldBytes >= Mp4Writer.BytesMax / 2)
            WriteHead(to);
    }

    public void EndPart(RecordingBytes to)
    {
        if (!_hasHead && _held.Count > 0)
            WriteHead(to);
        if (!_writer.IsEmpty)
            Cut(to, null);
    }

    public RecordingHead? End(uint lastMs, RecordingBytes to)
    {
        EndPart(to);
        if (!_hasHead)
            return null;
        var durationMs = Math.Max(lastMs, _writer.VideoEndMs);
        Mp4Track track = _hasVideo ? _video! : _audio!;
        to.Append(Mp4Index.Write(track, _index));
        var head = Head(Math.Max(durationMs, 1));
        var bytes = head.Written.ToArray();
        head.Release();
        return new RecordingHead(0, bytes);
    }

    public void Drop()
    {
        while (_held.TryDequeue(out var frame))
            frame.Payload.Release();
        _heldBytes = 0;
        _writer.Drop();
    }

    private Seen See(MessageType type, ReadOnlySpan<byte> payload)
    {
        if (type == MessageType.Video && VideoTagHeader.Read(payload) is { TrackId: 0 } picture)
        {
            var video = Mp4VideoTrack.IsSupported(picture.Codec)
                ? Mp4VideoTrack.Read(picture, payload, _video)
                : _video;
            return new Seen(video, _audio, video is not null && picture.Kind == TagKind.Frames);
        }
        if (type == MessageType.Audio && AudioTagHeader.Read(payload) is { TrackId: 0 } sound)
        {
            var audio = Mp4AudioTrack.IsSupported(sound.Codec)
                ? Mp4AudioTrack.Read(sound, payload, _audio)
                : _audio;
            return new Seen(_video, audio, audio is not null && sound.Kind == TagKind.Frames);
        }
        return new Seen(_video, _audio, IsFrame: false);
    }

    /// <summary>Whether the head says so, or still can.</summary>
    private bool Fits(in Seen seen) =>
        (ReferenceEquals(seen.Video, _video) || !(_hasHead || _hasVideo))
        && (ReferenceEquals(seen.Audio, _audio) || !(_hasHead || _hasAudio));

    private void WriteHead(RecordingBytes to)
    {
        _hasHead = true;
        _writer.Begin(_video, _audio);
        var head = Head(durationMs: 0);
        to.Append(head.Written);
        head.Release();
        while (_held.TryDequeue(out var frame))
        {
            Put(frame, to);
            frame.Payload.Release();
        }
        _heldBytes = 0;
    }

    private Packet Head(long durationMs) => Mp4Init.Write(pool, _video, _audio, durationMs);

    private void Put(in RecordedFrame frame, RecordingBytes to)
    {
        if (!_writer.IsEmpty && (frame.IsKeyframe || _writer.IsFull))
            Cut(to, frame.Type == MessageType.Video ? frame.TimeMs : null);
        var payload = frame.Payload.Written;
        if (frame.Type == MessageType.Audio)
        {
            var wasEmpty = _writer.IsEmpty;
            var isTaken = _writer.TryAdd(AudioTagHeader.Read(payload), frame.Payload, frame.TimeMs);
            if (isTaken && wasEmpty && !_hasVideo)
                _keyframeMs = frame.TimeMs;
            return;
        }
        var header = VideoTagHeader.Read(payload);
        if (!_writer.TryAdd(header, frame.Payload, frame.TimeMs))
            return;
        if (frame.IsKeyframe)
            _keyframeMs = (uint)Math.Max(0, frame.TimeMs + header.CompositionTimeMs);
    }

    private void Cut(RecordingBytes to, long? nextVideoMs)
    {
        if (_keyframeMs is { } shownMs)
            _index.Add(shownMs, to.Length);
        _keyframeMs = null;
        _writer.Cut(_slices, nextVideoMs);
        foreach (var slice in _slices)
        {
            to.Append(slice.Bytes);
            slice.Packet.Release();
        }
        _slices.Clear();
    }

    /// <summary>What is known of the tracks with a payload.</summary>
    /// <param name="Video">Null while there is no configuration.</param>
    /// <param name="Audio">Null while the format is not known.</param>
    /// <param name="IsFrame">Whether it is a frame of a track that is known.</param>
    private readonly record struct Seen(Mp4VideoTrack? Video, Mp4AudioTrack? Audio, bool IsFrame);
}
