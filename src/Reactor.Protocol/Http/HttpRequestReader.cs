using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Reactor.Primitives;

namespace Reactor.Protocol.Http;

/// <summary>What a connection is waiting for, which is what its deadlines go by.</summary>
public enum HttpReadState
{
    /// <summary>Nothing of the next request has arrived.</summary>
    Idle,

    /// <summary>Within a head.</summary>
    Head,

    /// <summary>The head is complete, the body is not.</summary>
    Body,
}

/// <summary>Reads requests, one at a time, however their bytes are cut (RFC 9112).</summary>
/// <remarks>
/// The input is always used up but for what follows a request that is handed out: the next
/// request, or another protocol after an upgrade. Strict where two readers of one request could
/// differ (threat 7). After an exception nothing more can be read: answer, and close.
/// </remarks>
/// <param name="pool">Where heads and bodies are kept while they arrive.</param>
/// <param name="limits">How much a request may be.</param>
public sealed class HttpRequestReader(PacketPool pool, HttpLimits limits) : IDisposable
{
    /// <summary>The longest method that we know, two spaces, version, line end.</summary>
    private const int AroundTarget = 7 + 1 + 1 + 8 + 2;

    /// <summary>What a body is given at first, whatever length it claims.</summary>
    private const int FirstBytes = 1024;

    private readonly HttpHeadBuffer _head = new(
        pool, limits.TargetBytesMax + AroundTarget, limits.HeadBytesMax);

    private GrowingPacket _body = new(pool, FirstBytes);
    private HttpRequest? _request;
    private int _bodyLength;
    private bool _awaitsContinue;

    public HttpReadState State => _request is not null ? HttpReadState.Body
        : _head.IsEmpty ? HttpReadState.Idle : HttpReadState.Head;

    /// <summary>The next request, as soon as its last byte is there.</summary>
    /// <returns>The request is the caller's, who disposes it.</returns>
    /// <exception cref="HttpProtocolException">The status to answer, and why.</exception>
    public bool TryRead(
        ref ReadOnlySpan<byte> input, [NotNullWhen(true)] out HttpRequest? request)
    {
        request = null;
        if (_request is null)
        {
            if (!_head.TryFill(ref input))
                return false;
            _request = EndHead();
        }
        if (!TryFillBody(ref input))
            return false;
        request = _request;
        request.Own(_body.Take());
        _request = null;
        _awaitsContinue = false;
        return true;
    }

    /// <summary>Whether the peer keeps its body until "100 Continue" is sent; true once.</summary>
    public bool TakeContinue()
    {
        var awaits = _awaitsContinue;
        _awaitsContinue = false;
        return awaits;
    }

    /// <summary>Gives back what was kept of an unfinished request.</summary>
    public void Dispose()
    {
        _head.Clear();
        _body.Release();
        _request = null;
    }

    private HttpRequest EndHead()
    {
        var request = KestrelHeadParser.ParseRequest(_head.Memory, limits);
        _head.Clear();
        CheckHost(request);
        _bodyLength = BodyLength(request);
        CheckExpectation(request);
        return request;
    }

    /// <summary>Exactly one Host, of letters that can be one (RFC 9112 §3.2).</summary>
    private static void CheckHost(HttpRequest request)
    {
        var count = 0;
        foreach (var host in request.Headers.All("Host"))
        {
            if (++count > 1)
                throw new HttpProtocolException(400, "more than one Host");
            if (!HttpGrammar.IsAuthority(host))
                throw new HttpProtocolException(400, "the Host is malformed");
        }
        if (count == 0 && request.Version == HttpVersion.Http11)
            throw new HttpProtocolException(400, "the Host is missing");
    }

    /// <summary>By Content-Length alone; see RFC 9112 §6.3 for what else there is.</summary>
    private int BodyLength(HttpRequest request)
    {
        var stated = request.Headers.StatedLength();
        CheckCoding(request, hasLength: stated is not null);
        if (stated is null)
            return 0;
        if (!int.TryParse(stated, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || length > limits.BodyBytesMax)
        {
            throw new HttpProtocolException(
                413, $"the body is longer than {limits.BodyBytesMax} bytes");
        }
        return length;
    }

    private static void CheckCoding(HttpRequest request, bool hasLength)
    {
        if (request.Headers["Transfer-Encoding"] is not { } coding)
            return;
        if (hasLength || request.Version == HttpVersion.Http10)
            throw new HttpProtocolException(400, "a Transfer-Encoding where none may be");
        throw coding.Equals("chunked", StringComparison.OrdinalIgnoreCase)
            ? new HttpProtocolException(411, "send a Content-Length: chunked bodies are not taken")
            : new HttpProtocolException(501, "the Transfer-Encoding is not known here");
    }

    private void CheckExpectation(HttpRequest request)
    {
        if (request.Headers["Expect"] is not { } expected || request.Version == HttpVersion.Http10)
            return;
        if (!expected.Equals("100-continue", StringComparison.OrdinalIgnoreCase))
            throw new HttpProtocolException(417, "the only expectation known is 100-continue");
        _awaitsContinue = _bodyLength > 0;
    }

    private bool TryFillBody(ref ReadOnlySpan<byte> input)
    {
        var taken = input[..Math.Min(_bodyLength - _body.Length, input.Length)];
        _body.Append(taken);
        input = input[taken.Length..];
        if (!taken.IsEmpty)
            _awaitsContinue = false;
        return _body.Length == _bodyLength;
    }
}
