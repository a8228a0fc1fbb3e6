using System.Diagnostics;
using Reactor.Protocol.Rtmp;

namespace Reactor.Load.Measures;

/// <summary>What players saw of the frames that were sent within the measured window.</summary>
/// <remarks>
/// A frame belongs to the window by when it was sent, not by when it came: so each frame that
/// was sent in it is owed once to each steady player, and what is late still counts.
/// </remarks>
internal sealed class Tally
{
    private long _from = long.MaxValue;
    private long _to = long.MaxValue;

    /// <summary>Frames that publishers sent, each counted once for each steady player.</summary>
    public long Expected { get; set; }

    public long Delivered { get; private set; }

    /// <summary>Frames that are missing before one that came.</summary>
    public long Gaps { get; set; }

    /// <summary>Frames that came twice or late: order is a promise of RTMP.</summary>
    public long Disordered { get; set; }

    /// <summary>Frames whose bytes are not those that were sent.</summary>
    public long Corrupt { get; set; }

    /// <summary>Peers that could not connect, were refused, or lost before the end.</summary>
    public long Lost { get; set; }

    /// <summary>Frames that slow players had to do without.</summary>
    public long SlowGaps { get; set; }

    public Histogram Video { get; } = new();

    public Histogram Audio { get; } = new();

    /// <summary>From connecting to the first keyframe.</summary>
    public Histogram Joins { get; } = new();

    public static long Microseconds(long ticks) => ticks * 1_000_000 / Stopwatch.Frequency;

    public void BeginWindow() => _from = Stopwatch.GetTimestamp();

    public void EndWindow() => _to = Stopwatch.GetTimestamp();

    public bool IsInWindow(long ticks) => ticks >= _from && ticks < _to;

    /// <summary>A frame of the window came to a steady player.</summary>
    public void Deliver(MessageType track, long microseconds)
    {
        Delivered++;
        (track == MessageType.Video ? Video : Audio).Add(microseconds);
    }
}
