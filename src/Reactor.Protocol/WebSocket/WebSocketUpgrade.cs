using System;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Reactor.Primitives;
using Reactor.Protocol.Http;

namespace Reactor.Protocol.WebSocket;

/// <summary>The handshake that turns a GET into a WebSocket (RFC 6455 §4).</summary>
public static class WebSocketUpgrade
{
    public const string Version = "13";

    private const int KeyLength = 16;

    /// <summary>Stands in §1.3, and nowhere else for any other purpose.</summary>
    private const string Magic = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /// <summary>Whether a request asks for a WebSocket, rightly or not.</summary>
    public static bool IsAskedBy(HttpRequest request) => request.Upgrades("websocket");

    /// <summary>Checks what a client has to send (§4.2.1).</summary>
    /// <param name="request">One that <see cref="IsAskedBy"/> holds for.</param>
    /// <param name="accept">The key that proves that we understood.</param>
    /// <param name="status">
    /// Otherwise what to answer: 400, 405, or 426 with <c>Sec-WebSocket-Version: 13</c>.
    /// </param>
    /// <param name="why">And the reason in one line.</param>
    public static bool TryAccept(
        HttpRequest request, [NotNullWhen(true)] out string? accept, out int status, out string why)
    {
        accept = null;
        (status, why) = Check(request);
        if (status != 101)
            return false;
        accept = AcceptKey(request.Headers["Sec-WebSocket-Key"]!);
        return true;
    }

    /// <summary>The answer, behind which frames begin.</summary>
    /// <param name="pool">Where the packet comes from.</param>
    /// <param name="accept">Of <see cref="TryAccept"/>.</param>
    /// <param name="protocol">One that the client offered, or null.</param>
    /// <param name="date">Now.</param>
    public static Packet Answer(
        PacketPool pool, string accept, string? protocol, DateTimeOffset date)
    {
        var writer = new HttpResponseWriter(pool, 101, date);
        writer.Header("Upgrade", "websocket");
        writer.Header("Connection", "Upgrade");
        writer.Header("Sec-WebSocket-Accept", accept);
        if (protocol is not null)
            writer.Header("Sec-WebSocket-Protocol", protocol);
        return writer.EndWithoutBody(HttpVersion.Http11, isKeepAlive: true);
    }

    /// <summary>A client's request.</summary>
    /// <param name="pool">Where the packet comes from.</param>
    /// <param name="target">Path and query, percent-encoded.</param>
    /// <param name="host">Host and maybe port, as in the URL.</param>
    /// <param name="key">16 bytes of luck.</param>
    public static Packet Request(
        PacketPool pool, string target, string host, ReadOnlySpan<byte> key)
    {
        Invariant.Holds(key.Length == KeyLength);
        var writer = new HttpRequestWriter(pool, HttpMethod.Get, target, host);
        writer.Header("Upgrade", "websocket");
        writer.Header("Connection", "Upgrade");
        writer.Header("Sec-WebSocket-Version", Version);
        writer.Header("Sec-WebSocket-Key", Convert.ToBase64String(key));
        return writer.End();
    }

    /// <summary>What the server has to answer a client's key with (§4.2.2).</summary>
    [SuppressMessage(
        "Security", "CA5350", Justification = "RFC 6455 wants SHA-1; nothing is kept secret by it")]
    public static string AcceptKey(string key)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(Encoding.ASCII.GetBytes(key + Magic), hash);
        return Convert.ToBase64String(hash);
    }

    private static (int Status, string Why) Check(HttpRequest request)
    {
        if (request.Method != HttpMethod.Get)
            return (405, "a WebSocket begins with GET");
        if (!IsAskedBy(request))
            return (426, "this is for WebSocket over HTTP/1.1");
        if (Single(request, "Sec-WebSocket-Version") != Version)
            return (426, $"Sec-WebSocket-Version {Version} is needed");
        Span<byte> key = stackalloc byte[KeyLength];
        var isKey = Single(request, "Sec-WebSocket-Key") is { Length: 24 } text
            && Convert.TryFromBase64String(text, key, out var length)
            && length == KeyLength;
        return isKey ? (101, "") : (400, "Sec-WebSocket-Key is not 16 bytes in base 64");
    }

    /// <summary>A header that stands there once, or null.</summary>
    private static string? Single(HttpRequest request, string name)
    {
        string? only = null;
        foreach (var value in request.Headers.All(name))
        {
            if (only is not null)
                return null;
            only = value;
        }
        return only;
    }
}
