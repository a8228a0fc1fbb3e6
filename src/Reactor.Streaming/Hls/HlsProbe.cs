using System;
using System.Collections.Generic;
using System.Linq;

namespace Reactor.Streaming.Hls;

/// <summary>How much is known of a track.</summary>
internal enum TrackState
{
    /// <summary>Nothing: it may not exist.</summary>
    Unknown,

    /// <summary>Its format is known, but nothing has come that could begin it.</summary>
    Configured,

    /// <summary>It can begin.</summary>
    Ready,

    /// <summary>Its codec cannot be carried.</summary>
    Refused,
}

/// <summary>
/// The frames of a publisher's first moments, held until it is known which tracks there are (Q47),
/// and how long parts can be.
/// </summary>
/// <remarks>
/// A program that names a track which never comes lets players wait for ever, and one that leaves
/// a late track out needs a discontinuity. So both are waited for, but not long. Parts have to be
/// of one length from the first one on: who plays a segment without any stands still before the
/// next. What can begin no picture is not held.
/// Invariant: what is held is retained, and <see cref="_bytes"/> its sum.
/// </remarks>
internal sealed class HlsProbe(HlsSettings settings)
{
    /// <summary>Sound that may come before the first keyframe; older sound is let go.</summary>
    private const int SoundBeforeMs = 500;

    private const int FramesMax = 1000;

    private readonly List<MediaFrame> _held = [];
    private long _bytes;
    private long _startMs;
    private bool _hasStart;

    public int Count => _held.Count;

    /// <summary>Whether a picture can begin with what is held.</summary>
    private int Keyframe => _held.FindIndex(frame => frame.IsKeyframe);

    /// <summary>Holds a frame of a track that can be carried.</summary>
    public void Hold(in MediaFrame frame)
    {
        if (frame.Kind == FrameKind.Video && !frame.IsKeyframe && Keyframe < 0)
            return;
        if (frame.IsKeyframe && Keyframe < 0)
            DropBefore(frame.TimeMs - SoundBeforeMs);
        frame.Payload.Retain();
        _held.Add(frame);
        _bytes += frame.Payload.Length;
    }

    /// <summary>Whether to wait no longer, as of a frame's time.</summary>
    /// <param name="timeMs">The frame's.</param>
    /// <param name="video">What is known of the video.</param>
    /// <param name="audio">What is known of the audio.</param>
    public bool IsOver(long timeMs, TrackState video, TrackState audio)
    {
        if (!_hasStart)
        {
            _hasStart = true;
            _startMs = timeMs;
        }
        if (_held.Count >= FramesMax || _bytes >= settings.SegmentBytesMax)
            return true;
        var waitedMs = timeMs - _startMs;
        // A keyframe of a known format is worth more patience than a track nobody spoke of.
        var patienceMs = video == TrackState.Configured ? settings.FragmentMaxMs : 0;
        return IsOver(video, waitedMs, patienceMs) && IsOver(audio, waitedMs, 0)
            && (waitedMs >= settings.TrackWaitMs || IsEnough(Leading(video)));
    }

    /// <summary>Tells how far apart the frames are that are held.</summary>
    /// <param name="parts">What wants to know it.</param>
    /// <param name="video">What is known of the video.</param>
    public void Measure(HlsPartClock parts, TrackState video)
    {
        var kind = Leading(video);
        long? lastMs = null;
        foreach (var frame in _held)
        {
            if (frame.Kind != kind)
                continue;
            parts.Measure(frame.TimeMs - (lastMs ?? frame.TimeMs));
            lastMs = frame.TimeMs;
        }
    }

    /// <summary>
    /// Gives what is held to a muxer, which is to begin with the keyframe, and forgets it.
    /// </summary>
    /// <param name="mux">Takes the frames.</param>
    /// <param name="inOrder">What came before the keyframe is not needed behind it.</param>
    public void Release(Action<MediaFrame> mux, bool inOrder)
    {
        MediaFrame[] held = [.. _held];
        var first = inOrder ? -1 : Keyframe;
        _held.Clear();
        Clear();
        if (first >= 0)
            mux(held[first]);
        for (var i = 0; i < held.Length; i++)
        {
            if (i != first)
                mux(held[i]);
        }
        foreach (var frame in held)
            frame.Payload.Release();
    }

    /// <summary>Forgets all, and begins to wait anew.</summary>
    public void Clear()
    {
        Drop();
        _hasStart = false;
    }

    /// <summary>Forgets what is held, and waits on.</summary>
    public void Drop()
    {
        foreach (var frame in _held)
            frame.Payload.Release();
        _held.Clear();
        _bytes = 0;
    }

    private bool IsOver(TrackState track, long waitedMs, int patienceMs) =>
        track is TrackState.Ready or TrackState.Refused
        || waitedMs >= Math.Max(settings.TrackWaitMs, patienceMs);

    private static FrameKind Leading(TrackState video) =>
        video == TrackState.Ready ? FrameKind.Video : FrameKind.Audio;

    private bool IsEnough(FrameKind kind) => settings.PartMs == 0
        || _held.Count(frame => frame.Kind == kind) > HlsPartClock.StepsWanted;

    private void DropBefore(long timeMs)
    {
        var count = 0;
        for (; count < _held.Count && _held[count].TimeMs < timeMs; count++)
        {
            _bytes -= _held[count].Payload.Length;
            _held[count].Payload.Release();
        }
        _held.RemoveRange(0, count);
    }
}
