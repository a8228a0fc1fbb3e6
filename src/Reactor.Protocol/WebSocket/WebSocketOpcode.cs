namespace Reactor.Protocol.WebSocket;

/// <summary>What a frame is (RFC 6455 §5.2); the others are reserved and refused.</summary>
public enum WebSocketOpcode
{
    /// <summary>More of the message that an earlier frame began; never a message's own.</summary>
    Continuation = 0,

    Text = 1,

    Binary = 2,

    Close = 8,

    Ping = 9,

    Pong = 10,
}
