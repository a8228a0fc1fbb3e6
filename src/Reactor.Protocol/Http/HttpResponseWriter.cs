using System;
using Reactor.Primitives;

namespace Reactor.Protocol.Http;

/// <summary>Writes the head of a response, or a whole one, into a packet (RFC 9112 §4).</summary>
/// <remarks>
/// Status line and Date stand first; then come the caller's headers; one of the ends says how the
/// body is framed and whether the connection stays, and hands the packet out. The version is
/// always HTTP/1.1, which is what we speak; what HTTP/1.0 does not know is not sent to it.
/// </remarks>
/// <exception cref="InvariantException">
/// A name or value that is none, or an end that the status does not allow.
/// </exception>
public ref struct HttpResponseWriter
{
    private readonly int _status;
    private HttpHeadWriter _head;

    /// <param name="pool">Where the packet comes from.</param>
    /// <param name="status">100 to 599.</param>
    /// <param name="date">Now, for the header Date; it needs no more than seconds.</param>
    public HttpResponseWriter(PacketPool pool, int status, DateTimeOffset date)
    {
        Invariant.Holds(status is >= 100 and <= 599);
        _status = status;
        _head = new HttpHeadWriter(pool);
        _head.Text("HTTP/1.1 ");
        _head.Number(status);
        _head.Text(" ");
        _head.Text(HttpReason.Of(status));
        _head.Text("\r\nDate: ");
        _head.Date(date);
        _head.Text("\r\n");
    }

    /// <param name="name">A token (RFC 9110 §5.1); framing headers are not the caller's.</param>
    /// <param name="value">Latin-1 without control characters.</param>
    public void Header(scoped ReadOnlySpan<char> name, scoped ReadOnlySpan<char> value) =>
        _head.Header(name, value);

    public void Header(scoped ReadOnlySpan<char> name, long value) => _head.Header(name, value);

    /// <summary>A body of this many bytes follows, or none does because HEAD was asked.</summary>
    public Packet EndWithLength(long length, HttpVersion version, bool isKeepAlive)
    {
        BeginLength(length);
        return End(version, isKeepAlive);
    }

    /// <summary>Everything: head and body in one packet.</summary>
    /// <param name="body">Left out, but for its length, when the answer is to HEAD.</param>
    /// <param name="request">What is answered.</param>
    /// <param name="isKeepAlive">Whether we read on; the request has to agree.</param>
    public Packet EndWith(scoped ReadOnlySpan<byte> body, HttpRequest request, bool isKeepAlive)
    {
        Invariant.Holds(!isKeepAlive || request.IsKeepAlive);
        BeginLength(body.Length);
        return End(request.Version, isKeepAlive, request.Method == HttpMethod.Head ? [] : body);
    }

    /// <summary>Everything, where the request could not even be read; then we close.</summary>
    public Packet EndWith(scoped ReadOnlySpan<byte> body)
    {
        BeginLength(body.Length);
        return End(HttpVersion.Http11, isKeepAlive: false, body);
    }

    /// <summary>Chunks follow, for HTTP/1.1 alone; see <see cref="HttpChunk"/>.</summary>
    public Packet EndChunked(bool isKeepAlive)
    {
        Invariant.Holds(!HttpReason.IsBodiless(_status));
        Header("Transfer-Encoding", "chunked");
        return End(HttpVersion.Http11, isKeepAlive);
    }

    /// <summary>The body ends with the connection.</summary>
    public Packet EndUntilClose()
    {
        Invariant.Holds(!HttpReason.IsBodiless(_status));
        return End(HttpVersion.Http11, isKeepAlive: false);
    }

    /// <summary>No body can follow: 1xx, 204, 304.</summary>
    public Packet EndWithoutBody(HttpVersion version, bool isKeepAlive)
    {
        Invariant.Holds(HttpReason.IsBodiless(_status));
        return End(version, isKeepAlive);
    }

    /// <summary>Gives back what was written, where no end came.</summary>
    public void Dispose() => _head.Dispose();

    private void BeginLength(long length)
    {
        Invariant.Holds(length >= 0 && !HttpReason.IsBodiless(_status));
        Header("Content-Length", length);
    }

    /// <summary>Says only what the version does not take for granted (RFC 9112 §9.3).</summary>
    private Packet End(
        HttpVersion version, bool isKeepAlive, scoped ReadOnlySpan<byte> body = default)
    {
        if (!isKeepAlive)
            _head.Text("Connection: close\r\n");
        else if (version == HttpVersion.Http10)
            _head.Text("Connection: keep-alive\r\n");
        return _head.End(body);
    }
}
