using Reactor.Primitives;

namespace Reactor.Streaming;

/// <summary>One entry of an outbox: a frame that waits, or a reply ready for the wire.</summary>
public struct QueuedFrame
{
    /// <summary>Shared bytes, owned by the entry.</summary>
    public Packet Payload { get; set; }

    /// <summary>When it began to wait, on the loop's clock.</summary>
    public long QueuedMs { get; set; }

    public int WireLength { get; set; }

    /// <summary>The player's message stream; 0 where a connection plays one stream.</summary>
    public uint StreamId { get; set; }

    /// <summary>Milliseconds on the player's clock, modulo 2^32.</summary>
    public uint Timestamp { get; set; }

    public FrameKind Kind { get; set; }

    public FrameRole Role { get; set; }

    public bool IsReply { get; set; }

    /// <summary>Whether no drop takes it away.</summary>
    public readonly bool IsKept => IsReply || (Role & FrameRole.Config) != 0;
}
