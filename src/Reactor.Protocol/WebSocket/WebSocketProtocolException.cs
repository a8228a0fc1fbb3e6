namespace Reactor.Protocol.WebSocket;

/// <summary>A peer's frame cannot be read on; we say why in a close frame, and close.</summary>
/// <param name="code">What stands in our close frame.</param>
/// <param name="detail">The reason in one line.</param>
public sealed class WebSocketProtocolException(WebSocketCloseCode code, string detail)
    : ProtocolException(ProtocolError.WebSocket, detail)
{
    public WebSocketCloseCode Code { get; } = code;
}
