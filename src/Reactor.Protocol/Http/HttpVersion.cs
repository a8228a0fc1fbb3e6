namespace Reactor.Protocol.Http;

/// <summary>The versions that share one syntax; any other is refused with 505.</summary>
public enum HttpVersion
{
    /// <summary>Knows no chunked bodies, and closes unless told otherwise.</summary>
    Http10,

    Http11,
}
