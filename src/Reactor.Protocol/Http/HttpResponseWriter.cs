using System;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Reactor.Primitives;

namespace Reactor.Protocol.Http;

/// <summary>Writes the head of a response, or a whole one, into a packet (RFC 9112 §4).</summary>
/// <remarks>
/// Status line and Date stand first; then come the caller's headers; one of the four ends says how
/// the body is framed and whether the connection stays, and hands the packet out. The version is
/// always HTTP/1.1, which is what we speak; what HTTP/1.0 does not know is not sent to it.
/// A value that could end its line is our own bug, whoever it came from: escape it before.
/// </remarks>
/// <exception cref="InvariantException">A name or value that is none.</exception>
public ref struct HttpResponseWriter
{
    /// <summary>Most heads fit at once.</summary>
    private const int FirstReservation = 512;

    private readonly int _status;
    private GrowingPacket _bytes;

    /// <param name="pool">Where the packet comes from.</param>
    /// <param name="status">100 to 599.</param>
    /// <param name="date">Now, for the header Date; it needs no more than seconds.</param>
    public HttpResponseWriter(PacketPool pool, int status, DateTimeOffset date)
    {
        Invariant.Holds(status is >= 100 and <= 599);
        _status = status;
        _bytes = new GrowingPacket(pool, FirstReservation);
        Text("HTTP/1.1 ");
        Number(status);
        Text(" ");
        Text(HttpReason.Of(status));
        _bytes.Append("\r\nDate: "u8);
        HttpDate.Format(date, _bytes.Room(HttpDate.Length));
        _bytes.Advance(HttpDate.Length);
        _bytes.Append("\r\n"u8);
    }

    /// <param name="name">A token (RFC 9110 §5.1); framing headers are not the caller's.</param>
    /// <param name="value">Latin-1 without control characters.</param>
    public void Header(scoped ReadOnlySpan<char> name, scoped ReadOnlySpan<char> value)
    {
        Invariant.Holds(HttpGrammar.IsToken(name) && HttpGrammar.IsFieldValue(value));
        Text(name);
        Text(": ");
        Text(value);
        Text("\r\n");
    }

    public void Header(scoped ReadOnlySpan<char> name, long value)
    {
        Span<char> digits = stackalloc char[20];
        value.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
        Header(name, digits[..length]);
    }

    /// <summary>A body of this many bytes follows, or none does because HEAD was asked.</summary>
    public Packet EndWithLength(long length, HttpVersion version, bool isKeepAlive)
    {
        Invariant.Holds(length >= 0 && !HttpReason.IsBodiless(_status));
        Header("Content-Length", length);
        return End(version, isKeepAlive);
    }

    /// <summary>Everything: head and body in one packet.</summary>
    /// <param name="body">Left out, but for its length, when the answer is to HEAD.</param>
    /// <param name="request">What is answered.</param>
    /// <param name="isKeepAlive">Whether we read on; the request has to agree.</param>
    public Packet EndWith(scoped ReadOnlySpan<byte> body, HttpRequest request, bool isKeepAlive)
    {
        Invariant.Holds(!isKeepAlive || request.IsKeepAlive);
        Header("Content-Length", body.Length);
        EndHeaders(request.Version, isKeepAlive);
        if (request.Method != HttpMethod.Head)
            _bytes.Append(body);
        return _bytes.Take()!;
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
    public void Dispose() => _bytes.Release();

    private Packet End(HttpVersion version, bool isKeepAlive)
    {
        EndHeaders(version, isKeepAlive);
        return _bytes.Take()!;
    }

    /// <summary>Says only what the version does not take for granted (RFC 9112 §9.3).</summary>
    private void EndHeaders(HttpVersion version, bool isKeepAlive)
    {
        if (!isKeepAlive)
            Text("Connection: close\r\n");
        else if (version == HttpVersion.Http10)
            Text("Connection: keep-alive\r\n");
        Text("\r\n");
    }

    private void Text(scoped ReadOnlySpan<char> text)
    {
        var room = _bytes.Room(text.Length);
        _bytes.Advance(Encoding.Latin1.GetBytes(text, room));
    }

    private void Number(int value)
    {
        var done = Utf8Formatter.TryFormat(value, _bytes.Room(11), out var length);
        Invariant.Holds(done);
        _bytes.Advance(length);
    }
}
