namespace Reactor.Protocol.Http;

/// <summary>A peer's HTTP cannot be read on; a server says why before it closes.</summary>
/// <param name="status">What a server answers: 4xx or 5xx. A client has no use for it.</param>
/// <param name="detail">The reason in one line, for the peer and for the log.</param>
public sealed class HttpProtocolException(int status, string detail)
    : ProtocolException(ProtocolError.Http, detail)
{
    public int Status { get; } = status;
}
