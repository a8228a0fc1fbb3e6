using Reactor.Primitives;

namespace Reactor.Streaming.Hls;

/// <summary>What a player reads before segments (RFC 8216 §3.3, an initialization section).
/// </summary>
/// <param name="Sequence">Its name: the number of the first segment that needs it.</param>
/// <param name="Packet">Its bytes; every segment that needs it is an owner.</param>
public sealed record HlsInit(long Sequence, Packet Packet);
