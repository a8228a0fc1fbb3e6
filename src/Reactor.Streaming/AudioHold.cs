using System;
using Reactor.Primitives;

namespace Reactor.Streaming;

/// <summary>Audio that waits for the next picture, to leave with it in one send.</summary>
/// <remarks>
/// Two thirds of all messages are audio, nobody can present it before its picture, and a send
/// costs the same whatever is in it. It waits in one place for all players, so that a wait costs
/// one deadline, which the picture takes back. Invariant: every frame kept here is retained.
/// </remarks>
/// <param name="deadline">Ends the wait.</param>
internal sealed class AudioHold(IDeadline deadline)
{
    /// <summary>Frames of several tracks; a publisher in a hurry does not wait.</summary>
    public const int FramesMax = 16;

    private MediaFrame[] _frames = new MediaFrame[FramesMax];
    private MediaFrame[] _leaving = new MediaFrame[FramesMax];
    private int _count;
    private bool _isLeaving;

    /// <summary>How much of it may wait at the publisher's socket already.</summary>
    public AudioLull Lull { get; } = new();

    public bool IsEmpty => _count == 0;

    public bool IsFull => _count == FramesMax;

    /// <param name="frame">Waits.</param>
    /// <param name="waitMs">What is left of its wait; all of them leave with the first.</param>
    public void Add(in MediaFrame frame, int waitMs)
    {
        Invariant.Holds(!IsFull);
        frame.Payload.Retain();
        _frames[_count++] = frame;
        if (_count == 1)
            deadline.Set(waitMs);
    }

    /// <summary>Ends the wait of all; they are the caller's until <see cref="End"/>.</summary>
    public ReadOnlySpan<MediaFrame> Begin()
    {
        Invariant.Holds(!_isLeaving);
        _isLeaving = true;
        deadline.Cancel();
        (_frames, _leaving) = (_leaving, _frames);
        var leaving = _leaving.AsSpan(0, _count);
        _count = 0;
        return leaving;
    }

    public void End(ReadOnlySpan<MediaFrame> left)
    {
        _isLeaving = false;
        foreach (var frame in left)
            frame.Payload.Release();
        _leaving.AsSpan(0, left.Length).Clear();
    }
}
