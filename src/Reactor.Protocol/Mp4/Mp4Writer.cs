using System;
using System.Collections.Generic;
using Reactor.Primitives;
using Reactor.Protocol.Flv;

namespace Reactor.Protocol.Mp4;

/// <summary>Makes fragments of the payloads of a live stream, which it does not copy.</summary>
/// <remarks>
/// <para><see cref="Begin"/> says which tracks there are (<see cref="Mp4VideoTrack.Read"/>,
/// <see cref="Mp4AudioTrack.Read"/>), <see cref="Mp4Init"/> writes the head of the file, and then
/// frames come, and now and then a <see cref="Cut"/>: what it gives is a moof with its mdat, in the
/// order of the bytes. A frame is held by reference until then.</para>
/// <para>Video is decoded at the frame's time and shown later or, with some encoders, earlier: its
/// composition offset is signed (Q50). Audio is counted in samples, which smooths the milliseconds
/// of RTMP; where a frame's own time is far from that count, one is missing, and the count begins
/// anew. Times count from 0 of the caller's clock and never go back.</para>
/// Invariant: what is held is owned, and belongs to a track that was begun.
/// </remarks>
public sealed class Mp4Writer(PacketPool pool)
{
    /// <summary>Samples that a fragment can have, of both tracks.</summary>
    public const int SamplesMax = 4096;

    /// <summary>Beyond so many bytes a fragment is full; the last frame may exceed them.</summary>
    public const int BytesMax = 16 << 20;

    /// <summary>How far a frame of audio may be from the count of samples.</summary>
    private const int DriftMaxMs = 10;

    /// <summary>How long a picture lasts before two of them have told: as little as any.</summary>
    private const int ShortStepMs = 16;

    /// <summary>A step of the video that may be taken for the next one too.</summary>
    private const int UsualStepMaxMs = 1000;

    private readonly Mp4Run _videoRun = new();
    private readonly Mp4Run _audioRun = new();
    private Mp4VideoTrack? _video;
    private Mp4AudioTrack? _audio;
    private uint _sequence;
    private long _videoStep;
    private long _videoStepBefore;
    private long _audioTime = -1;

    public bool IsEmpty => Count == 0;

    /// <summary>Whether <see cref="Cut"/> is due before another frame.</summary>
    public bool IsFull => Count > SamplesMax - AudioFrames.CountMax || Bytes >= BytesMax;

    /// <summary>Bytes of the frames that are held.</summary>
    public long Bytes => _videoRun.Bytes + _audioRun.Bytes;

    /// <summary>
    /// When the last frame of video that was taken ends, as far as is known; 0 before any.
    /// </summary>
    public long VideoEndMs => _videoRun.LastTime < 0
        ? 0
        : MsOf(_videoRun.LastTime + VideoStep);

    /// <summary>How long a frame of video lasts, if another one is not known to follow.</summary>
    private long VideoStep => Math.Min(_videoStep, _videoStepBefore);

    private int Count => _videoRun.Count + _audioRun.Count;

    /// <summary>Says which tracks follow, and lets times begin anew. Nothing is held.</summary>
    /// <param name="video">Null for none.</param>
    /// <param name="audio">Null for none; one of both there must be.</param>
    public void Begin(Mp4VideoTrack? video, Mp4AudioTrack? audio)
    {
        Invariant.Holds(IsEmpty && (video is not null || audio is not null));
        _video = video;
        _audio = audio;
        _videoRun.Reset();
        _audioRun.Reset();
        ForgetPace();
    }

    /// <summary>
    /// Lets the next fragment follow from its own frames alone, but that times rise. Nothing is
    /// held.
    /// </summary>
    /// <param name="sequence">One less than its number.</param>
    public void BeginAlone(uint sequence)
    {
        Invariant.Holds(IsEmpty);
        _sequence = sequence;
        ForgetPace();
    }

    /// <summary>Takes a frame of video.</summary>
    /// <param name="header">The payload's head.</param>
    /// <param name="payload">Borrowed; retained while it is held.</param>
    /// <param name="timeMs">When it is decoded.</param>
    /// <returns>False for a frame that cannot be carried.</returns>
    public bool TryAdd(in VideoTagHeader header, Packet payload, long timeMs)
    {
        Invariant.Holds(!IsFull);
        if (_video is null || !_video.TryTake(pool, header, payload, out var slice))
            return false;
        var ticks = timeMs * Mp4VideoTrack.TicksPerMs;
        var last = _videoRun.LastTime;
        var time = Math.Max(ticks, last + 1);
        if (last >= 0 && time - last <= UsualStepMaxMs * Mp4VideoTrack.TicksPerMs)
            (_videoStepBefore, _videoStep) = (_videoStep, time - last);
        var shown = ticks + (header.BoundedCompositionMs * Mp4VideoTrack.TicksPerMs);
        _videoRun.Add(
            time, (int)Math.Clamp(shown - time, int.MinValue, int.MaxValue),
            VideoStep, header.IsKeyframe, slice);
        return true;
    }

    /// <summary>Takes the frames of audio in a payload.</summary>
    /// <param name="header">The payload's head.</param>
    /// <param name="payload">Borrowed; retained while it is held.</param>
    /// <param name="timeMs">When the first of them begins.</param>
    /// <returns>False for a payload that cannot be carried.</returns>
    public bool TryAdd(in AudioTagHeader header, Packet payload, long timeMs)
    {
        Invariant.Holds(!IsFull);
        if (_audio is null || header.Codec != _audio.Codec)
            return false;
        var ticks = timeMs * _audio.Timescale / 1000;
        if (Math.Abs(ticks - _audioTime) > (long)DriftMaxMs * _audio.Timescale / 1000)
            _audioTime = ticks;
        var frames = new AudioFrames(_audio, header.BodyOf(payload.Written));
        var any = false;
        for (; frames.TryRead(out var offset, out var length, out var samples); any = true)
        {
            var time = Math.Max(_audioTime, _audioRun.LastTime + 1);
            _audioRun.Add(
                time, offset: 0, samples, isSync: true,
                new Mp4Slice(payload.Retain(), header.BodyOffset + offset, length));
            _audioTime = time + samples;
        }
        return any;
    }

    /// <summary>Ends the fragment: its head, then its samples.</summary>
    /// <param name="target">Where they are added, owned by the caller from then on.</param>
    /// <param name="nextVideoMs">
    /// When the next frame of video is decoded; without it the last one lasts as long as the
    /// shorter of the two before it: milliseconds make 33 and 34 of 30 a second, and no picture is
    /// to last beyond the next.
    /// </param>
    public void Cut(List<Mp4Slice> target, long? nextVideoMs = null)
    {
        Invariant.Holds(!IsEmpty);
        if (nextVideoMs is { } next)
            _videoRun.EndLast(next * Mp4VideoTrack.TicksPerMs);
        var head = Mp4Fragment.Write(pool, ++_sequence, _videoRun, _audioRun);
        target.Add(new Mp4Slice(head, 0, head.Length));
        _videoRun.MoveTo(target);
        _audioRun.MoveTo(target);
    }

    /// <summary>Forgets what is held.</summary>
    public void Drop()
    {
        _videoRun.Drop();
        _audioRun.Drop();
    }

    /// <summary>Whole milliseconds, none too few.</summary>
    private static long MsOf(long ticks) =>
        (ticks + Mp4VideoTrack.TicksPerMs - 1) / Mp4VideoTrack.TicksPerMs;

    private void ForgetPace()
    {
        _videoStep = _videoStepBefore = ShortStepMs * Mp4VideoTrack.TicksPerMs;
        _audioTime = -1;
    }
}
