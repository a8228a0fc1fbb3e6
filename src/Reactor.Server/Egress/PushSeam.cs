using Reactor.Primitives;
using Reactor.Server.Relays;
using Reactor.Streaming;

namespace Reactor.Server.Egress;

/// <summary>Where a push that was cut goes on in its stream.</summary>
/// <remarks>
/// A feed begins with the last GOP, of which the peer may have had the most. So the frame is
/// remembered up to which the last connection got, and what the cache has before it is left out:
/// sound goes on with the next frame, and the picture, as for whoever publishes, at a keyframe.
/// A frame that the cache does not hold is older than all that is in it. What the system took and
/// the peer never got is lost with the connection. Invariant: <see cref="_frame"/> is retained.
/// </remarks>
internal sealed class PushSeam
{
    private RelayTarget? _target;
    private Packet? _frame;
    private bool _wasSent;

    /// <summary>A peer has accepted: another than the last one has had nothing.</summary>
    public void Begin(RelayTarget target)
    {
        if (target != _target)
            Drop();
        _target = target;
    }

    /// <summary>A frame is given to the peer.</summary>
    public void Pass(Packet frame)
    {
        frame.Retain();
        _frame?.Release();
        (_frame, _wasSent) = (frame, true);
    }

    /// <summary>The connection was cut.</summary>
    /// <param name="waiting">The first frame that was not sent whole.</param>
    public void Cut(Packet? waiting)
    {
        if (waiting is null)
            return;
        Pass(waiting);
        _wasSent = false;
    }

    /// <summary>The first frame of the cache that the peer has not had.</summary>
    public int FirstOf(GopCache gops)
    {
        for (var i = 0; i < gops.Count; i++)
        {
            if (gops[i].Payload == _frame)
                return _wasSent ? i + 1 : i;
        }
        return 0;
    }

    /// <summary>There is nothing to go on with any more.</summary>
    public void Drop()
    {
        _frame?.Release();
        _frame = null;
        _target = null;
    }
}
