using System;
using System.Buffers.Binary;
using Reactor.Primitives;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Rtmp;
using Reactor.Testing;

namespace Reactor.Server.Tests.Limits;

/// <summary>A client that does nothing by itself: each of its bytes is the test's.</summary>
internal sealed class RawClient(ServerInMemory server)
{
    private const int BlockBytes = 1536;
    private readonly PacketPool _pool = new();
    private int _chunkBytes = 128;

    public MemorySocket Socket { get; } = server.Network.Visit();

    public bool IsOpen => !Socket.IsClosed && !Socket.HasEndedSending;

    /// <summary>C0 and C1, or C2.</summary>
    public void Greet(bool isSecond)
    {
        var bytes = new byte[isSecond ? BlockBytes : 1 + BlockBytes];
        bytes[0] = 3;
        Socket.Arrive(bytes);
        server.Turn();
    }

    /// <summary>A whole handshake, and an accepted connect.</summary>
    public RawClient Connect()
    {
        Greet(isSecond: false);
        Greet(isSecond: true);
        Call("connect", 1, 0, (ref Amf0Writer body) =>
        {
            body.BeginObject();
            body.Member("app", "live");
            body.EndObject();
        });
        return this;
    }

    /// <summary>And a publish of "a", on message stream 1.</summary>
    public RawClient Publish()
    {
        Connect();
        Call("createStream", 2, 0, (ref Amf0Writer body) => body.Null());
        Call("publish", 3, 1, (ref Amf0Writer body) =>
        {
            body.Null();
            body.String("a");
        });
        return this;
    }

    public void SetChunkSize(uint bytes)
    {
        Span<byte> body = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(body, bytes);
        Say(2, MessageType.SetChunkSize, 0, body);
        _chunkBytes = (int)Math.Clamp(bytes, 128, 0xFF_FFFF);
    }

    public void Call(string name, double transaction, uint streamId, Fill fill)
    {
        var body = new byte[4096];
        var writer = new Amf0Writer(body);
        writer.String(name);
        writer.Number(transaction);
        fill(ref writer);
        Say(3, MessageType.Command, streamId, body.AsSpan(0, writer.Length));
    }

    public void Say(uint chunkStream, MessageType type, uint streamId, ReadOnlySpan<byte> body)
    {
        var packet = ChunkWriter.Write(_pool, chunkStream, 0, type, streamId, body, _chunkBytes);
        Socket.Arrive(packet.Written.ToArray());
        packet.Release();
        server.Turn();
    }

    /// <summary>The first chunk of a message, of 128 bytes; the rest never comes.</summary>
    public void Begin(uint chunkStream, int messageBytes)
    {
        var head = new byte[ChunkWriter.HeaderBytesMax];
        var length = ChunkWriter.WriteHeader(
            head, chunkStream, 0, messageBytes, MessageType.Video, 1);
        Socket.Arrive((byte[])[.. head.AsSpan(0, length), .. new byte[128]]);
        server.Turn();
    }

    public delegate void Fill(ref Amf0Writer body);
}
