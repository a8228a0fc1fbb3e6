using System.Buffers.Binary;
using System.Text;
using Reactor.Primitives;

namespace Reactor.Protocol.WebSocket;

/// <summary>A whole message, or one control frame; its payload is the reader's caller's.</summary>
/// <param name="Opcode">Text, Binary, Close, Ping or Pong.</param>
/// <param name="Payload">Unmasked; UTF-8 where it has to be; maybe empty.</param>
public readonly record struct WebSocketMessage(WebSocketOpcode Opcode, Packet Payload)
{
    /// <summary>What a close frame says, or <see cref="WebSocketCloseCode.None"/>.</summary>
    public WebSocketCloseCode CloseCode => Opcode == WebSocketOpcode.Close && Payload.Length >= 2
        ? (WebSocketCloseCode)BinaryPrimitives.ReadUInt16BigEndian(Payload.Written)
        : WebSocketCloseCode.None;

    /// <summary>What stands behind the code of a close frame: the peer's words.</summary>
    public string CloseReason => Opcode == WebSocketOpcode.Close && Payload.Length > 2
        ? Encoding.UTF8.GetString(Payload.Written[2..])
        : "";
}
