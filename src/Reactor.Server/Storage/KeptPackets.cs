using System;
using Reactor.Primitives;

namespace Reactor.Server.Storage;

/// <summary>Packets that stay owned until their bytes are written.</summary>
internal sealed class KeptPackets
{
    private readonly Packet[] _packets;

    public KeptPackets(ReadOnlySpan<Packet> packets)
    {
        _packets = packets.ToArray();
        Bytes = new ReadOnlyMemory<byte>[packets.Length];
        for (var i = 0; i < packets.Length; i++)
            Bytes[i] = packets[i].Retain().Memory;
    }

    /// <summary>For another thread, until <see cref="Release"/>.</summary>
    public ReadOnlyMemory<byte>[] Bytes { get; }

    public void Release()
    {
        foreach (var packet in _packets)
            packet.Release();
    }
}
