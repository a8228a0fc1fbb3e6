using System;
using Reactor.Primitives;

namespace Reactor.Protocol.Http;

/// <summary>Writes a client's request into a packet (RFC 9112 §3).</summary>
/// <exception cref="InvariantException">A target, name or value that is none.</exception>
public ref struct HttpRequestWriter
{
    private readonly HttpMethod _method;
    private HttpHeadWriter _head;

    /// <param name="pool">Where the packet comes from.</param>
    /// <param name="method">What to ask.</param>
    /// <param name="target">Path and query, percent-encoded.</param>
    /// <param name="host">Host and maybe port, as in the URL.</param>
    public HttpRequestWriter(
        PacketPool pool, HttpMethod method, ReadOnlySpan<char> target, ReadOnlySpan<char> host)
    {
        Invariant.Holds(HttpGrammar.IsAuthority(host));
        Invariant.Holds(!target.IsEmpty && !target.ContainsAnyExceptInRange('!', '~'));
        _method = method;
        _head = new HttpHeadWriter(pool);
        _head.Text(NameOf(method));
        _head.Text(" ");
        _head.Text(target);
        _head.Text(" HTTP/1.1\r\n");
        _head.Header("Host", host);
    }

    /// <inheritdoc cref="HttpResponseWriter.Header(ReadOnlySpan{char}, ReadOnlySpan{char})"/>
    public void Header(scoped ReadOnlySpan<char> name, scoped ReadOnlySpan<char> value) =>
        _head.Header(name, value);

    /// <summary>The request, complete; a connection stays unless a header closed it.</summary>
    /// <param name="body">Stated by its length, unless there is none and none is usual.</param>
    public Packet End(scoped ReadOnlySpan<byte> body = default)
    {
        if (!body.IsEmpty || _method is HttpMethod.Post or HttpMethod.Put or HttpMethod.Patch)
            _head.Header("Content-Length", body.Length);
        return _head.End(body);
    }

    /// <summary>Gives back what was written, where no end came.</summary>
    public void Dispose() => _head.Dispose();

    private static string NameOf(HttpMethod method) => method switch
    {
        HttpMethod.Get => "GET",
        HttpMethod.Head => "HEAD",
        HttpMethod.Post => "POST",
        HttpMethod.Put => "PUT",
        HttpMethod.Delete => "DELETE",
        HttpMethod.Options => "OPTIONS",
        _ => "PATCH",
    };
}
