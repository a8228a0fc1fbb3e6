using System;
using Reactor.Primitives;

namespace Reactor.Streaming;

/// <summary>How much a GOP cache may hold, and how long a configuration beside it may be.</summary>
/// <param name="Gops">GOPs kept; 0 turns the cache off.</param>
/// <param name="FramesMax">Frames of all kinds.</param>
/// <param name="BytesMax">Bytes of payload.</param>
/// <param name="ConfigBytesMax">Bytes of metadata, or of one configuration.</param>
public sealed record GopCacheLimits(
    int Gops,
    int FramesMax,
    int BytesMax,
    int ConfigBytesMax = CodecState.DefaultConfigBytesMax);

/// <summary>The frames since the last keyframes, so that a joiner sees a picture at once.</summary>
/// <remarks>
/// Begins at a keyframe; a stream without video is not cached, for each of its frames can begin.
/// At a bound the oldest GOP goes, and the only one too: then the cache waits for the next
/// keyframe. So it does when the codec or its configuration changes, for a joiner is sent the new
/// one first. Invariant: _frames[_head] is a keyframe unless empty, and every frame is retained.
/// </remarks>
public sealed class GopCache(GopCacheLimits limits)
{
    private const int FetchedAhead = 4;

    private GopCacheLimits _limits = limits;
    private MediaFrame[] _frames = [];
    private int _head;
    private int _gops;

    public int Count { get; private set; }

    public long Bytes { get; private set; }

    public MediaFrame this[int index] => _frames[(_head + index) & (_frames.Length - 1)];

    /// <summary>Other limits are in force from now on.</summary>
    public void Limit(GopCacheLimits limits)
    {
        _limits = limits;
        while (_gops > limits.Gops)
            DropOldestGop();
    }

    /// <summary>A frame comes soon.</summary>
    internal void FetchAhead() => Prefetch.Object(_frames, lines: 1);

    /// <summary>Keeps a frame that somebody who joins can begin with, or go on with.</summary>
    /// <returns>False when a bound cost a GOP, this one or an older one.</returns>
    internal bool Add(in MediaFrame frame)
    {
        if (_limits.Gops == 0 || frame.IsConfig || (Count == 0 && !frame.IsKeyframe))
            return true;
        var isWithin = true;
        if (frame.IsKeyframe && _gops == _limits.Gops)
            DropOldestGop();
        while (Count > 0 && (Count >= _limits.FramesMax
            || Bytes + frame.Payload.Length > _limits.BytesMax))
        {
            DropOldestGop();
            isWithin = false;
        }
        if (Count == 0 && (!frame.IsKeyframe || frame.Payload.Length > _limits.BytesMax))
            return false;

        if (Count == _frames.Length)
            Grow();
        _frames[(_head + Count++) & (_frames.Length - 1)] = frame;
        frame.Payload.Retain();
        Bytes += frame.Payload.Length;
        _gops += frame.IsKeyframe ? 1 : 0;
        return isWithin;
    }

    internal void Clear()
    {
        while (Count > 0)
            DropOldestGop();
    }

    private void DropOldestGop()
    {
        do
        {
            if (Count > FetchedAhead)           // where nobody has been for a GOP
                Prefetch.Object(this[FetchedAhead].Payload, lines: 1);
            ref var frame = ref _frames[_head];
            Bytes -= frame.Payload.Length;
            frame.Payload.Release();
            frame = default;
            _head = (_head + 1) & (_frames.Length - 1);
            Count--;
        }
        while (Count > 0 && !_frames[_head].IsKeyframe);
        _gops--;
    }

    private void Grow()
    {
        var frames = new MediaFrame[Math.Max(64, _frames.Length * 2)];
        for (var i = 0; i < Count; i++)
            frames[i] = this[i];
        _frames = frames;
        _head = 0;
    }
}
