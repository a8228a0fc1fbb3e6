using System;
using System.Collections.Generic;
using Reactor.Primitives;

namespace Reactor.Protocol.Http;

/// <summary>One request, checked and whole; whoever read it disposes it, for its body.</summary>
public sealed class HttpRequest : IDisposable
{
    private Packet? _body;

    internal HttpRequest(
        HttpMethod method, HttpVersion version, string rawTarget, HttpTarget target,
        HttpHeaders headers)
    {
        Method = method;
        Version = version;
        RawTarget = rawTarget;
        Path = target.Path;
        Segments = target.Segments;
        QueryString = target.Query;
        Query.Add(target.Query);
        Headers = headers;
        Host = target.Authority.Length > 0 ? target.Authority : headers["Host"] ?? "";
        IsKeepAlive = !headers.HasToken("Connection", "close")
            && (version == HttpVersion.Http11 || headers.HasToken("Connection", "keep-alive"));
    }

    public HttpMethod Method { get; }

    public HttpVersion Version { get; }

    /// <summary>The target as it was sent, for the log; it may bear secrets of its query.</summary>
    public string RawTarget { get; }

    /// <summary>
    /// The path from its slash on, decoded once: no dot segment, no control, no backslash, no empty
    /// segment. "*" when OPTIONS asks for the server as a whole.
    /// </summary>
    public string Path { get; }

    /// <summary>The path's segments, decoded once; none for "/" and "*".</summary>
    public IReadOnlyList<string> Segments { get; }

    /// <summary>What stood behind the question mark, as sent, without it.</summary>
    public string QueryString { get; }

    public QueryParameters Query { get; } = new();

    /// <summary>
    /// Host and maybe port, of an absolute target before the header (RFC 9112 §3.2.2); empty only
    /// for HTTP/1.0 that named none.
    /// </summary>
    public string Host { get; }

    /// <summary><see cref="Host"/> without its port; an IPv6 address keeps its brackets.</summary>
    public string HostName => HttpGrammar.HostOf(Host).ToString();

    public HttpHeaders Headers { get; }

    /// <summary>Whether the peer expects another answer upon this connection.</summary>
    public bool IsKeepAlive { get; }

    /// <summary>The body; it lives as long as the request does.</summary>
    public ReadOnlySpan<byte> Body => _body is null ? [] : _body.Written;

    /// <summary>Whether the peer asks for another protocol, and this one among them.</summary>
    public bool Upgrades(string protocol) =>
        Version == HttpVersion.Http11
        && Headers.HasToken("Connection", "upgrade")
        && Headers.HasToken("Upgrade", protocol);

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
