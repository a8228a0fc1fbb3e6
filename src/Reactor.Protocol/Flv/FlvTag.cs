using Reactor.Primitives;
using Reactor.Protocol.Rtmp;

namespace Reactor.Protocol.Flv;

/// <summary>One tag of an FLV file (FLV §E.4.1).</summary>
/// <param name="Type">Audio, Video or Data: tags and messages share their numbers.</param>
/// <param name="TimestampMs">All 32 bits of it, the extended byte included.</param>
/// <param name="Payload">Owned by whoever was given the tag, who releases it.</param>
public readonly record struct FlvTag(MessageType Type, uint TimestampMs, Packet Payload);
