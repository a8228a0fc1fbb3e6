using System;

namespace Reactor.Streaming.Hls;

/// <summary>A track of a live stream, as a container carries it.</summary>
/// <typeparam name="THeader">How a payload's head is read.</typeparam>
internal abstract class HlsTrack<THeader>
    where THeader : struct
{
    /// <summary>What tells its codec from others; 0 while it is not known, or not carried.
    /// </summary>
    public abstract uint Type { get; }

    /// <summary>Whether a segment can begin with it: a keyframe has come, or any sound.</summary>
    public bool IsReady { get; protected set; }

    /// <summary>Whether the open segment began with another format.</summary>
    public bool IsChanged { get; set; }

    /// <summary>Why its format cannot be carried; null where it can, or is not known.</summary>
    public virtual string? Obstacle => null;

    /// <summary>Whether the codec can be carried.</summary>
    public abstract bool IsSupported(in THeader header);

    /// <summary>Takes note of a configuration, or of a frame before it is written.</summary>
    public abstract void See(in THeader header, ReadOnlySpan<byte> payload);

    /// <returns>False for a frame that cannot be carried.</returns>
    public abstract bool TryWrite(in THeader header, in MediaFrame frame);

    /// <summary>Writes what is held back, if anything.</summary>
    public virtual void Flush()
    {
    }

    /// <summary>Another publisher, or another codec: nothing is known.</summary>
    public abstract void Reset();
}
