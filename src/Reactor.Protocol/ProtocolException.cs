using System;

namespace Reactor.Protocol;

/// <summary>What a peer did that its connection cannot go on after.</summary>
/// <remarks>Each stands in the log line that closes the connection, beside its detail.</remarks>
public enum ProtocolError
{
    /// <summary>The first bytes are another protocol's: HTTP, TLS, PROXY (Q5, Q6).</summary>
    NotRtmp,

    /// <summary>C0 or S0 is a version that is not plain RTMP, such as RTMPE's 6 (Q5).</summary>
    HandshakeVersion,

    /// <summary>Set Chunk Size is out of its range (RTMP 1.0 §5.4.1).</summary>
    ChunkSize,

    /// <summary>A chunk header announces a message over the limit.</summary>
    MessageTooLarge,

    /// <summary>More chunk streams have a message under way than the limit allows.</summary>
    TooManyChunkStreams,

    /// <summary>The messages under way hold more bytes in all than the limit allows.</summary>
    HalfReceivedBytes,

    /// <summary>A message's length changed between its chunks, or it is too short.</summary>
    Message,

    /// <summary>A command body is not AMF, or is over AMF's bounds.</summary>
    Amf,

    /// <summary>A command came before what it needs: publish before connect, say.</summary>
    CommandOutOfPhase,

    /// <summary>connect names no application.</summary>
    AppMissing,

    /// <summary>More commands a second than the limit allows.</summary>
    TooManyCommands,

    /// <summary>The peer asks, but does not read the answers.</summary>
    ReplyBacklog,

    /// <summary>An FLV file has no FLV header, or a tag over the limit.</summary>
    Flv,

    /// <summary>A recording in MP4 is none that we have written, or not whole.</summary>
    Mp4,

    /// <summary>An HTTP message is malformed, or over its bounds.</summary>
    Http,

    /// <summary>A WebSocket frame breaks RFC 6455, or a bound.</summary>
    WebSocket,

    /// <summary>A PROXY header is malformed, or missing where one has to stand.</summary>
    ProxyHeader,

    /// <summary>An answer of a Redis server is no RESP, or over the limits.</summary>
    Resp,
}

/// <summary>The peer broke the protocol: caught once a connection, which it ends.</summary>
/// <param name="error">What kind of break it is, to count by.</param>
/// <param name="detail">What was found and where, for the log; never a peer's secret.</param>
public class ProtocolException(ProtocolError error, string detail)
    : Exception($"{error}: {detail}")
{
    public ProtocolError Error { get; } = error;

    public string Detail { get; } = detail;
}
