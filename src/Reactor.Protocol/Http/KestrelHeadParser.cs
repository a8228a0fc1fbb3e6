using System;
using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Internal.Http;
using KestrelMethod = Microsoft.AspNetCore.Server.Kestrel.Core.Internal.Http.HttpMethod;
using KestrelVersion = Microsoft.AspNetCore.Server.Kestrel.Core.Internal.Http.HttpVersion;

namespace Reactor.Protocol.Http;

/// <summary>Takes a complete request head apart, by Kestrel's parser.</summary>
/// <remarks>
/// The only file that knows Kestrel. Its parser has no bounds, so it is given heads that
/// <see cref="HttpHeadBuffer"/> has bounded and checked for line ends and control bytes; what it
/// leaves to its caller, such as the letters of a name, is checked here.
/// </remarks>
internal sealed class KestrelHeadParser : IHttpRequestLineHandler, IHttpHeadersHandler
{
    private static readonly HttpParser<KestrelHeadParser> Parser = new(showErrorDetails: false);

    private readonly HttpLimits _limits;
    private readonly HttpHeaders _headers = new();
    private HttpMethod _method;
    private HttpVersion _version;
    private string _rawTarget = "";
    private HttpTarget? _target;

    private KestrelHeadParser(HttpLimits limits) => _limits = limits;

    /// <param name="head">From the request line to the empty line.</param>
    /// <param name="limits">Bounds of target and headers.</param>
    /// <exception cref="HttpProtocolException">400, 414, 431, 501 or 505.</exception>
    public static HttpRequest ParseRequest(ReadOnlyMemory<byte> head, HttpLimits limits)
    {
        // Kestrel passes over a second space before the version, and over tabs in a query.
        var line = head.Span[..head.Span.IndexOf((byte)'\r')];
        if (line.Count((byte)' ') != 2 || line.Contains((byte)'\t'))
            throw new HttpProtocolException(400, "the request line is not three words");
        var handler = new KestrelHeadParser(limits);
        var reader = new SequenceReader<byte>(new ReadOnlySequence<byte>(head));
        try
        {
            if (!Parser.ParseRequestLine(handler, ref reader))
                throw new HttpProtocolException(400, "the request line is malformed");
        }
        catch (BadHttpRequestException refused)
        {
            throw refused.StatusCode == StatusCodes.Status505HttpVersionNotsupported
                ? new HttpProtocolException(505, "the version is neither HTTP/1.0 nor HTTP/1.1")
                : new HttpProtocolException(400, "the request line is malformed");
        }
        handler.ParseHeaders(ref reader);
        return new HttpRequest(
            handler._method, handler._version, handler._rawTarget, handler._target!,
            handler._headers);
    }

    /// <param name="lines">From the first header to the empty line.</param>
    /// <param name="limits">Bounds of the headers.</param>
    /// <exception cref="HttpProtocolException">400 or 431.</exception>
    public static HttpHeaders ParseHeaders(ReadOnlyMemory<byte> lines, HttpLimits limits)
    {
        var handler = new KestrelHeadParser(limits);
        var reader = new SequenceReader<byte>(new ReadOnlySequence<byte>(lines));
        handler.ParseHeaders(ref reader);
        return handler._headers;
    }

    public void OnStartLine(
        HttpVersionAndMethod versionAndMethod, TargetOffsetPathLength targetPath,
        Span<byte> startLine)
    {
        _version = versionAndMethod.Version switch
        {
            KestrelVersion.Http10 => HttpVersion.Http10,
            KestrelVersion.Http11 => HttpVersion.Http11,
            _ => throw new HttpProtocolException(505, "the version is neither 1.0 nor 1.1"),
        };
        _method = versionAndMethod.Method switch
        {
            KestrelMethod.Get => HttpMethod.Get,
            KestrelMethod.Head => HttpMethod.Head,
            KestrelMethod.Post => HttpMethod.Post,
            KestrelMethod.Put => HttpMethod.Put,
            KestrelMethod.Delete => HttpMethod.Delete,
            KestrelMethod.Options => HttpMethod.Options,
            KestrelMethod.Patch => HttpMethod.Patch,
            _ => throw new HttpProtocolException(501, "the method is not known here"),
        };
        var target = startLine[targetPath.Offset..];
        if (target.Length > _limits.TargetBytesMax)
        {
            throw new HttpProtocolException(
                414, $"the target is longer than {_limits.TargetBytesMax} bytes");
        }
        _rawTarget = Encoding.Latin1.GetString(target);
        _target = HttpTarget.Parse(target, _method);
    }

    public void OnHeader(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (_headers.Count == _limits.HeadersMax)
            throw new HttpProtocolException(431, $"more than {_limits.HeadersMax} headers");
        var text = Encoding.Latin1.GetString(name);
        if (!HttpGrammar.IsToken(text))
            throw new HttpProtocolException(400, "the name of a header is malformed");
        _headers.Add(text, Encoding.Latin1.GetString(value.Trim(" \t"u8)));
    }

    public void OnHeadersComplete(bool endStream)
    {
    }

    public void OnStaticIndexedHeader(int index) =>
        throw new NotSupportedException("HTTP/2 and HTTP/3 only");

    public void OnStaticIndexedHeader(int index, ReadOnlySpan<byte> value) =>
        throw new NotSupportedException("HTTP/2 and HTTP/3 only");

    private void ParseHeaders(ref SequenceReader<byte> reader)
    {
        try
        {
            if (!Parser.ParseHeaders(this, ref reader) || !reader.End)
                throw new HttpProtocolException(400, "the headers do not end where they should");
        }
        catch (BadHttpRequestException)
        {
            throw new HttpProtocolException(400, "a header line is malformed");
        }
    }
}
