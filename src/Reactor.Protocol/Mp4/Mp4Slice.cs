using System;
using Reactor.Primitives;

namespace Reactor.Protocol.Mp4;

/// <summary>Bytes of a file: a part of a packet, of which whoever has the slice is an owner.
/// </summary>
public readonly record struct Mp4Slice(Packet Packet, int Offset, int Length)
{
    public ReadOnlySpan<byte> Bytes => Packet.Written.Slice(Offset, Length);
}
