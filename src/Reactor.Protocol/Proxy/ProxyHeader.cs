using System.Net;

namespace Reactor.Protocol.Proxy;

/// <summary>What a PROXY header says of a connection (haproxy's proxy-protocol.txt).</summary>
/// <param name="Source">
/// Whose connection it is; null where the proxy speaks for itself (LOCAL, a health check), or does
/// not know (UNKNOWN, a Unix socket): then the socket's own addresses hold.
/// </param>
/// <param name="Destination">Where that peer connected to; null together with the source.</param>
public readonly record struct ProxyHeader(IPEndPoint? Source, IPEndPoint? Destination);
