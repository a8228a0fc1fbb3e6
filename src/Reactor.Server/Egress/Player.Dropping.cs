using System;
using Reactor.Server.Configuration;
using Reactor.Streaming;

namespace Reactor.Server.Egress;

/// <summary>What is dropped when a player is slower than its stream.</summary>
/// <remarks>
/// Queued video older than the newest keyframe that waits goes first, and audio of that age only
/// where this is not enough; where no keyframe waits, all queued video goes and the gate shuts
/// until the next one.
/// </remarks>
internal abstract partial class Player
{
    private static readonly Func<FrameKind, FrameRole, bool> Video =
        (kind, _) => kind == FrameKind.Video;

    private static readonly Func<FrameKind, FrameRole, bool> InterVideo =
        (kind, role) => kind == FrameKind.Video && (role & FrameRole.Keyframe) == 0;

    private static readonly Func<FrameKind, FrameRole, bool> Everything = (_, _) => true;

    /// <summary>Drops all frames that wait; the picture goes on at the next keyframe.</summary>
    public void DropBacklog()
    {
        _gate.IsShut = true;
        _dropped += _outbox.Drop(StreamId, Everything, int.MaxValue);
    }

    /// <summary>
    /// Drops by the policy until the frame fits; false when it is to be dropped itself.
    /// </summary>
    private bool TryMakeRoom(in MediaFrame frame, long nowMs)
    {
        _struck.Add(Limit.Queue);
        switch (_options.QueuePolicy)
        {
            case QueuePolicy.Close:
                return GiveUp();
            case QueuePolicy.DropInter:
                _dropped += _outbox.Drop(StreamId, InterVideo, int.MaxValue);
                _gate.IsShut = !frame.IsKeyframe;
                break;
            default:
                _dropped += DropOldGops(Video, frame);
                break;
        }
        if (_outbox.IsOver(_limits, nowMs))
            _dropped += DropOldGops(Everything, frame);
        if (frame.IsConfig || frame.IsKeyframe)
            return !_outbox.IsOverrun(_limits) || GiveUp();

        // One GOP alone is more than fits: its rest is dropped.
        if (frame.Kind == FrameKind.Video)
            _gate.IsShut |= _outbox.IsOver(_limits, nowMs);
        return !(frame.Kind == FrameKind.Video && _gate.IsShut)
            && !_outbox.IsOver(_limits, nowMs);
    }

    /// <summary>Too slow for what may not be dropped; the frame is not needed any more.</summary>
    private bool GiveUp()
    {
        Finish(PlayEnd.TooSlow, "too slow: its queue is full");
        return false;
    }

    private int DropOldGops(Func<FrameKind, FrameRole, bool> what, in MediaFrame frame)
    {
        var newest = frame.IsKeyframe ? -1 : _outbox.NewestKeyframe(StreamId);
        if (newest >= 0)
            return _outbox.Drop(StreamId, what, newest);
        _gate.IsShut = !frame.IsKeyframe;
        return _outbox.Drop(StreamId, what, int.MaxValue);
    }
}
