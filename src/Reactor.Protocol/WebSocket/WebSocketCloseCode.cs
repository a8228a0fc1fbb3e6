namespace Reactor.Protocol.WebSocket;

/// <summary>Why a WebSocket ends (RFC 6455 §7.4.1); peers may have others of their own.</summary>
public enum WebSocketCloseCode
{
    /// <summary>A close frame may say nothing; never on the wire.</summary>
    None = 1005,

    Normal = 1000,

    /// <summary>The server stops, or the page was left.</summary>
    GoingAway = 1001,

    ProtocolError = 1002,

    /// <summary>Text where only binary is taken, say.</summary>
    Unsupported = 1003,

    /// <summary>A text or a reason is not UTF-8.</summary>
    InvalidPayload = 1007,

    PolicyViolation = 1008,

    MessageTooBig = 1009,

    InternalError = 1011,

    TryAgainLater = 1013,
}
