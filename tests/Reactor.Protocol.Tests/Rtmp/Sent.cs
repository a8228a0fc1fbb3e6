using System.Collections.Generic;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;

namespace Reactor.Protocol.Tests.Rtmp;

/// <summary>What a conversation sent: as bytes, and as the messages that they are.</summary>
internal sealed class Sent : IPacketSink
{
    private readonly ChunkReader _reader = new(new PacketPool(), new ChunkLimits());

    public List<byte> Wire { get; } = [];

    public List<Heard> Messages { get; } = [];

    public void Send(Packet packet)
    {
        Wire.AddRange(packet.Written);
        Heard.Take(_reader, packet.Written.ToArray(), Messages);
    }

    /// <summary>The messages since the last call.</summary>
    public List<Heard> Take()
    {
        List<Heard> taken = [.. Messages];
        Messages.Clear();
        return taken;
    }
}
