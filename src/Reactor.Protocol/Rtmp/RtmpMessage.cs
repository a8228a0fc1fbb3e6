using Reactor.Primitives;

namespace Reactor.Protocol.Rtmp;

/// <summary>Message type ids (RTMP 1.0 §5.4, §6.2, §7.1).</summary>
public enum MessageType : byte
{
    SetChunkSize = 1,
    Abort = 2,
    Acknowledgement = 3,
    UserControl = 4,
    WindowAcknowledgementSize = 5,
    SetPeerBandwidth = 6,
    Audio = 8,
    Video = 9,
    DataAmf3 = 15,
    SharedObjectAmf3 = 16,
    CommandAmf3 = 17,
    Data = 18,
    SharedObject = 19,
    Command = 20,
    Aggregate = 22,
}

/// <summary>User control events (RTMP 1.0 §7.1.7).</summary>
public enum UserControlEvent : ushort
{
    StreamBegin = 0,
    StreamEof = 1,
    StreamDry = 2,
    SetBufferLength = 3,
    StreamIsRecorded = 4,
    PingRequest = 6,
    PingResponse = 7,
}

/// <summary>One whole message, assembled from its chunks.</summary>
/// <param name="Type">What it is.</param>
/// <param name="Timestamp">Milliseconds, modulo 2^32, of the sender's clock.</param>
/// <param name="StreamId">The message stream; 0 is the connection itself.</param>
/// <param name="Payload">Owned by whoever was given the message, who releases it.</param>
public readonly record struct RtmpMessage(
    MessageType Type, uint Timestamp, uint StreamId, Packet Payload);
