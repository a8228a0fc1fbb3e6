using System;
using System.Buffers.Binary;
using Reactor.Primitives;

namespace Reactor.Protocol.Rtmp;

/// <summary>Where a conversation's bytes go.</summary>
public interface IPacketSink
{
    /// <summary>
    /// Bytes for the peer, borrowed: they leave in the order in which they are given.
    /// </summary>
    void Send(Packet packet);
}

/// <summary>The sizes that one side announces.</summary>
public sealed record LinkSettings
{
    public ChunkLimits Limits { get; init; } = new();

    /// <summary>Our outgoing chunks, once announced.</summary>
    public int ChunkBytes { get; init; } = 60_000;

    /// <summary>The window that we ask the peer to acknowledge.</summary>
    public uint AckWindow { get; init; } = 5_000_000;

    /// <summary>The window by which we acknowledge while the peer has set none (Q20).</summary>
    public uint InAckWindow { get; init; } = 2_500_000;

    public uint PeerBandwidth { get; init; } = 5_000_000;
}

/// <summary>
/// What both ends of a connection do alike: chunks in and out, protocol control messages,
/// acknowledgements and pings (RTMP 1.0 §5.4, §7.1.7).
/// </summary>
public sealed class RtmpLink(PacketPool pool, LinkSettings settings, IPacketSink sink)
{
    /// <summary>Protocol control and user control (§5.3.1.1: id 2).</summary>
    public const uint ControlChunkStream = 2;

    /// <summary>Commands of the connection.</summary>
    public const uint CommandChunkStream = 3;

    /// <summary>onStatus and data events about a stream (S1.25).</summary>
    public const uint StatusChunkStream = 5;

    private const int DefaultChunkBytes = 128;
    private readonly ChunkReader _reader = new(pool, settings.Limits);
    private uint _received;
    private uint _acknowledged;
    private uint _window = settings.InAckWindow;
    private uint _announcedWindow;
    private bool _wasHardLimit;
    private long _skipped;

    public PacketPool Pool => pool;

    /// <summary>Our outgoing chunk size now: 128 until <see cref="SendChunkSize"/>.</summary>
    public int ChunkBytes { get; private set; } = DefaultChunkBytes;

    /// <summary>What the peer last said to have received, modulo 2^32.</summary>
    public uint PeerAcknowledged { get; private set; }

    /// <summary>Milliseconds that the player wants to buffer; 0 when it did not say.</summary>
    public uint BufferMs { get; private set; }

    /// <summary>Chunk sizes of the peer that were ignored or clamped (Q12).</summary>
    public long ChunkSizesBent { get; private set; }

    /// <summary>Messages that were left out: odd, empty, cut or unknown.</summary>
    public long Skipped => _skipped + _reader.Skipped;

    /// <summary>Bytes of messages that are under way.</summary>
    public int HalfReceivedBytes => _reader.HalfReceivedBytes;

    /// <summary>Whether the bytes so far end within a message.</summary>
    public bool IsAmidMessage => _reader.IsAmidMessage;

    /// <summary>Takes bytes until a message is complete.</summary>
    /// <param name="input">Used up when the answer is false.</param>
    /// <param name="message">The caller releases its payload.</param>
    /// <exception cref="ProtocolException">A bound was broken.</exception>
    public bool TryReceive(ref ReadOnlySpan<byte> input, out RtmpMessage message)
    {
        var before = input.Length;
        var isComplete = _reader.TryRead(ref input, out message);
        Count(before - input.Length);
        return isComplete;
    }

    /// <summary>Obeys a protocol control message; any other is left out and counted.</summary>
    /// <remarks>
    /// To be called before the next <see cref="TryReceive"/>, which may have to read otherwise.
    /// It is a message of the turn like all others: answers to pings cost as much as any.
    /// </remarks>
    public void Control(RtmpMessage message)
    {
        var body = new ByteReader(message.Payload.Written);
        if (message.Type == MessageType.UserControl)
            UserControl(ref body);
        else if (body.TryReadUInt32(out var value))
            Control(message.Type, value, ref body);
        else
            _skipped++;                         // a short body says nothing
    }

    /// <summary>Counts a message that nobody could use.</summary>
    public void Skip() => _skipped++;

    /// <summary>Drops what is under way.</summary>
    public void Close() => _reader.Close();

    public void SendWindow()
    {
        _announcedWindow = settings.AckWindow;
        SendControl(MessageType.WindowAcknowledgementSize, settings.AckWindow);
    }

    /// <summary>Asks the peer to limit itself, dynamically (type 2, as decided).</summary>
    public void SendPeerBandwidth()
    {
        Span<byte> body = stackalloc byte[5];
        BinaryPrimitives.WriteUInt32BigEndian(body, settings.PeerBandwidth);
        body[4] = 2;
        Send(ControlChunkStream, MessageType.SetPeerBandwidth, 0, body);
    }

    public void SendChunkSize()
    {
        SendControl(MessageType.SetChunkSize, (uint)settings.ChunkBytes);
        ChunkBytes = settings.ChunkBytes;
    }

    public void SendUserControl(UserControlEvent what, uint value)
    {
        Span<byte> body = stackalloc byte[6];
        BinaryPrimitives.WriteUInt16BigEndian(body, (ushort)what);
        BinaryPrimitives.WriteUInt32BigEndian(body[2..], value);
        Send(ControlChunkStream, MessageType.UserControl, 0, body);
    }

    /// <summary>SetBufferLength: how much a player buffers.</summary>
    public void SendBufferLength(uint streamId, uint milliseconds)
    {
        Span<byte> body = stackalloc byte[10];
        BinaryPrimitives.WriteUInt16BigEndian(body, (ushort)UserControlEvent.SetBufferLength);
        BinaryPrimitives.WriteUInt32BigEndian(body[2..], streamId);
        BinaryPrimitives.WriteUInt32BigEndian(body[6..], milliseconds);
        Send(ControlChunkStream, MessageType.UserControl, 0, body);
    }

    /// <summary>Sends a message of time 0.</summary>
    public void Send(
        uint chunkStream, MessageType type, uint streamId, ReadOnlySpan<byte> body, uint time = 0)
    {
        var packet = ChunkWriter.Write(pool, chunkStream, time, type, streamId, body, ChunkBytes);
        sink.Send(packet);
        packet.Release();
    }

    private void SendControl(MessageType type, uint value)
    {
        Span<byte> body = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(body, value);
        Send(ControlChunkStream, type, 0, body);
    }

    /// <summary>
    /// Acknowledges at half a window: cumulative, monotonic, modulo 2^32, counted from after the
    /// handshake (Q20, Q21).
    /// </summary>
    private void Count(int bytes)
    {
        _received += (uint)bytes;
        if (_received - _acknowledged < Math.Max(1, _window / 2))
            return;
        _acknowledged = _received;
        SendControl(MessageType.Acknowledgement, _received);
    }

    private void Control(MessageType type, uint value, ref ByteReader rest)
    {
        switch (type)
        {
            case MessageType.SetChunkSize when (value & 0x7FFF_FFFF) != 0:
                _reader.ChunkBytesMax = value & 0x7FFF_FFFF;
                ChunkSizesBent += _reader.ChunkBytesMax == value ? 0 : 1;
                break;
            case MessageType.SetChunkSize:
                ChunkSizesBent++;
                _skipped++;
                break;
            case MessageType.Abort:
                _reader.Abort(value);
                break;
            case MessageType.Acknowledgement:
                PeerAcknowledged = value;
                break;
            case MessageType.WindowAcknowledgementSize:
                _window = value == 0 ? settings.InAckWindow : value;
                break;
            case MessageType.SetPeerBandwidth:
                Limit(value, rest.TryReadByte(out var limit) ? limit : (byte)0);
                break;
            default:
                // Shared objects, and what nobody knows (S1.17).
                _skipped++;
                break;
        }
    }

    /// <summary>
    /// The peer limits what we send unacknowledged: we tell the window (S2.14, Q23).
    /// </summary>
    private void Limit(uint window, byte limit)
    {
        const byte soft = 1;                    // 0 is hard, 2 dynamic
        if (limit > soft && !_wasHardLimit)
            return;                             // dynamic counts only after hard
        _wasHardLimit = limit != soft;
        if (limit == soft && _announcedWindow != 0)
            window = Math.Min(window, _announcedWindow);
        if (window == _announcedWindow || window == 0)
            return;
        _announcedWindow = window;
        SendControl(MessageType.WindowAcknowledgementSize, window);
    }

    private void UserControl(ref ByteReader body)
    {
        if (!body.TryReadUInt16(out var what) || !body.TryReadUInt32(out var value))
        {
            _skipped++;
            return;
        }
        // Ping responses count as any bytes do; the rest is the other direction's.
        switch ((UserControlEvent)what)
        {
            case UserControlEvent.PingRequest:
                SendUserControl(UserControlEvent.PingResponse, value);
                break;
            case UserControlEvent.SetBufferLength when body.TryReadUInt32(out var milliseconds):
                BufferMs = milliseconds;
                break;
        }
    }
}
