using System;
using Reactor.Primitives;

namespace Reactor.Protocol.Http;

/// <summary>One response; whoever read it disposes it, for its body.</summary>
public sealed class HttpResponse : IDisposable
{
    private Packet? _body;

    internal HttpResponse(int status, string reason, HttpVersion version, HttpHeaders headers)
    {
        Status = status;
        Reason = reason;
        Version = version;
        Headers = headers;
    }

    /// <summary>100 to 599.</summary>
    public int Status { get; }

    /// <summary>The server's own words; often none, and never to be relied on.</summary>
    public string Reason { get; }

    public HttpVersion Version { get; }

    public HttpHeaders Headers { get; }

    /// <summary>The body as far as it was collected; it lives as long as the response.</summary>
    public ReadOnlySpan<byte> Body => _body is null ? [] : _body.Written;

    /// <summary>Whether the connection can be asked again (RFC 9112 §9.3).</summary>
    public bool IsKeepAlive { get; internal set; }

    /// <summary>Gives the body back.</summary>
    public void Dispose()
    {
        _body?.Release();
        _body = null;
    }

    /// <summary>Takes the body over from the reader.</summary>
    internal void Own(Packet? body)
    {
        Invariant.Holds(_body is null);
        _body = body;
    }
}
