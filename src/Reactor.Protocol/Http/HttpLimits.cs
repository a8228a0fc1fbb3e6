using Reactor.Primitives;

namespace Reactor.Protocol.Http;

/// <summary>How much one HTTP message may be, checked before it is kept.</summary>
public sealed record HttpLimits
{
    /// <summary>Request line and headers with the empty line behind them, in bytes; 431.</summary>
    public int HeadBytesMax { get; init; } = 16 * 1024;

    /// <summary>Header lines; 431.</summary>
    public int HeadersMax { get; init; } = 64;

    /// <summary>The request's target as sent, in bytes; 414.</summary>
    public int TargetBytesMax { get; init; } = 4096;

    /// <summary>A body, in bytes, up to <see cref="PacketPool.CapacityMax"/>; 413.</summary>
    public int BodyBytesMax { get; init; } = 1 << 20;
}
