using System;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Reactor.Primitives;

namespace Reactor.Protocol.Http;

/// <summary>Reads responses one at a time, however their bytes are cut (RFC 9112 §4).</summary>
/// <remarks>
/// Either whole, by <see cref="TryRead"/>, or the head by <see cref="TryReadHead"/> and then
/// <see cref="Body"/> piece by piece, which is for bodies that have no end. Interim responses are
/// passed over, but for 101, behind which another protocol begins.
/// </remarks>
/// <param name="pool">Where heads and bodies are kept while they arrive.</param>
/// <param name="limits">How much a response may be; its body only where it is collected.</param>
public sealed class HttpResponseReader(PacketPool pool, HttpLimits limits) : IDisposable
{
    private const int InterimMax = 8;
    private const int FirstBytes = 1024;

    /// <summary>"HTTP/1.1 200"; a space and a reason may follow (RFC 9112 §4).</summary>
    private const int StatusLineLengthMin = 12;

    private readonly HttpHeadBuffer _head = new(pool, limits.HeadBytesMax, limits.HeadBytesMax);
    private GrowingPacket _bytes = new(pool, FirstBytes);
    private HttpResponse? _response;
    private int _interims;

    /// <summary>What the next response answers: that to HEAD never has a body.</summary>
    public HttpMethod Asked { get; set; }

    /// <summary>The body behind the last head.</summary>
    public HttpBodyReader Body { get; private set; } = new(HttpFraming.Length);

    /// <summary>The next response, as soon as its last byte is there.</summary>
    /// <returns>The response is the caller's, who disposes it.</returns>
    /// <exception cref="HttpProtocolException">Malformed, or over a bound.</exception>
    public bool TryRead(
        ref ReadOnlySpan<byte> input, [NotNullWhen(true)] out HttpResponse? response)
    {
        response = null;
        if (_response is null && !TryReadHead(ref input, out _response))
            return false;
        while (Body.TryRead(ref input, out var piece))
        {
            if (piece.Length > limits.BodyBytesMax - _bytes.Length)
                throw TooLong();
            _bytes.Append(piece);
        }
        return Body.IsDone && TryTake(out response);
    }

    /// <summary>The peer has closed: the response that ends so, if one does.</summary>
    /// <returns>False when nothing was under way, or what was is not whole.</returns>
    public bool TryEnd([NotNullWhen(true)] out HttpResponse? response)
    {
        response = null;
        return Body.Framing == HttpFraming.UntilClose && TryTake(out response);
    }

    /// <summary>The next head; <see cref="Body"/> is what follows it.</summary>
    /// <exception cref="HttpProtocolException">Malformed, or over a bound.</exception>
    public bool TryReadHead(
        ref ReadOnlySpan<byte> input, [NotNullWhen(true)] out HttpResponse? response)
    {
        Invariant.Holds(Body.IsDone || Body.Framing == HttpFraming.UntilClose);
        response = null;
        while (_head.TryFill(ref input))
        {
            response = EndHead();
            if (response.Status is >= 200 or 101)
            {
                Begin(response);
                return true;
            }
            response = null;
            if (++_interims > InterimMax)
                throw new HttpProtocolException(502, "interim responses without an end");
        }
        return false;
    }

    /// <summary>Gives back what was kept of an unfinished response.</summary>
    public void Dispose()
    {
        _head.Clear();
        _bytes.Release();
        _response = null;
    }

    private bool TryTake([NotNullWhen(true)] out HttpResponse? response)
    {
        response = _response;
        _response = null;
        response?.Own(_bytes.Take());
        return response is not null;
    }

    private HttpResponse EndHead()
    {
        var head = _head.Memory;
        var length = head.Span.IndexOf((byte)'\r');
        var line = head.Span[..length];
        var version = line.StartsWith("HTTP/1.1 "u8) ? HttpVersion.Http11
            : line.StartsWith("HTTP/1.0 "u8) ? HttpVersion.Http10
            : throw new HttpProtocolException(502, "the answer is not HTTP/1.x");
        if (line.Length < StatusLineLengthMin
            || line.Length > StatusLineLengthMin && line[StatusLineLengthMin] != ' '
            || !Utf8Parser.TryParse(line[9..StatusLineLengthMin], out int status, out var digits)
            || digits != 3
            || status is < 100 or > 599)
        {
            throw new HttpProtocolException(502, "the status is malformed");
        }
        var reason = Encoding.Latin1.GetString(line[StatusLineLengthMin..].Trim((byte)' '));
        var headers = KestrelHeadParser.ParseHeaders(head[(length + 2)..], limits);
        _head.Clear();
        return new HttpResponse(status, reason, version, headers);
    }

    private void Begin(HttpResponse response)
    {
        _interims = 0;
        Body = Frame(response);
        response.IsKeepAlive = Body.Framing != HttpFraming.UntilClose
            && !response.Headers.HasToken("Connection", "close")
            && (response.Version == HttpVersion.Http11
                || response.Headers.HasToken("Connection", "keep-alive"));
    }

    /// <summary>Where the body ends (RFC 9112 §6.3).</summary>
    private HttpBodyReader Frame(HttpResponse response)
    {
        var stated = response.Headers.StatedLength();
        if (Asked == HttpMethod.Head || HttpReason.IsBodiless(response.Status))
            return new HttpBodyReader(HttpFraming.Length);
        if (response.Headers["Transfer-Encoding"] is { } coding)
        {
            return stated is null && coding.Equals("chunked", StringComparison.OrdinalIgnoreCase)
                ? new HttpBodyReader(HttpFraming.Chunked)
                : throw new HttpProtocolException(502, "the body's framing is not clear");
        }
        if (stated is null)
            return new HttpBodyReader(HttpFraming.UntilClose);
        var culture = CultureInfo.InvariantCulture;
        return long.TryParse(stated, NumberStyles.None, culture, out var length)
            ? new HttpBodyReader(HttpFraming.Length, length)
            : throw TooLong();
    }

    private HttpProtocolException TooLong() =>
        new(502, $"the body is longer than {limits.BodyBytesMax} bytes");
}
