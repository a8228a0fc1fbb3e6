using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Reactor.Primitives;
using Reactor.Protocol.Http;
using Reactor.Protocol.Proxy;
using Reactor.Protocol.WebSocket;

namespace Reactor.Testing.Fuzzing;

/// <summary>Requests one behind the other, with bounds small enough to be met.</summary>
public sealed class HttpRequestTarget : FuzzTarget
{
    private static readonly HttpLimits Limits = new()
    {
        HeadBytesMax = 400,
        HeadersMax = 6,
        TargetBytesMax = 60,
        BodyBytesMax = 20,
    };

    private static readonly string[] Methods =
        ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW", "get", ""];

    private static readonly string[] Targets =
    [
        "/", "*", "/live/cam.flv?token=1&x", "//a//b/", "/%61%2e", "/%2f", "/..", "/.%2e/a",
        "/a\\b", "http://b.example:80/x", "https://[::1]", "HTTP://u@a/",
        "/k%C3%B6ln", "/\xC3\xB6", "/\xC3",
        "/%C0%AF", "/%00", "/a#b", "/a?%zz&&=", "a", "/%", "/a%2520b",
    ];

    private static readonly string[] Headers =
    [
        "Host: a", "Host: [::1]:80", "Host: a,b", "host:", "Content-Length: 3",
        "Content-Length: 03", "Content-Length: 4294967299", "Content-Length: -1",
        "Transfer-Encoding: chunked", "Connection: close", "Connection: keep-alive, Upgrade",
        "Upgrade: websocket", "Expect: 100-continue", "Range: bytes=1-2", "Range: bytes=-1",
        "If-None-Match: W/\"1\", *", "If-Range: \"1\"", "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "X-Forwarded-For: 1.2.3.4:5, [::1]:6",
        " folded", "X : 1", "X:\t\xFF ", "X\0: 1", ": 1", "X",
    ];

    public override string Name => "http";

    public override byte[] Generate(Random random)
    {
        var text = new StringBuilder();
        for (var i = random.Next(4); i >= 0; i--)
        {
            text.Append(Pick(Methods, random, usual: 0)).Append(' ');
            text.Append(Pick(Targets, random, usual: 2)).Append(" HTTP/1.");
            text.Append(random.Next(8) == 0 ? random.Next(10) : 1).Append("\r\nHost: a");
            for (var n = random.Next(6); n > 0; n--)
                text.Append(LineEnd(random)).Append(Headers[random.Next(Headers.Length)]);
            text.Append("\r\n\r\n").Append(random.Next(3) == 0 ? "abc" : "");
        }
        return Encoding.Latin1.GetBytes(text.ToString());
    }

    protected override void Read(IEnumerable<byte[]> pieces, PacketPool pool, Features seen)
    {
        using var reader = new HttpRequestReader(pool, Limits);
        try
        {
            foreach (var piece in pieces)
            {
                ReadOnlySpan<byte> input = piece;
                while (reader.TryRead(ref input, out var request))
                {
                    using (request)
                        Look(request, seen);
                }
                Invariant.Holds(input.IsEmpty);
                Invariant.Holds(pool.OutstandingBytes <= 1024 + 1024);
                Invariant.Holds(reader.State != HttpReadState.Idle || pool.Outstanding == 0);
            }
            seen.Add(reader.State.ToString());
        }
        catch (HttpProtocolException refused)
        {
            seen.Add($"{refused.Status} {refused.Detail}");
        }
    }

    private static void Look(HttpRequest request, Features seen)
    {
        Invariant.Holds(request.Path == "*" || request.Path[0] == '/');
        Invariant.Holds(!request.Path.Any(c => char.IsControl(c) || c == '\\'));
        Invariant.Holds(!request.Segments.Any(s => s is "" or "." or ".." || s.Contains('/')));
        Invariant.Holds(request.Headers.Count <= Limits.HeadersMax);
        Invariant.Holds(request.Body.Length <= Limits.BodyBytesMax);
        Invariant.Holds(request.Host.Length > 0 || request.Version == HttpVersion.Http10);
        foreach (var (name, value) in request.Headers.Pairs)
            Invariant.Holds(name.Length > 0 && !value.Any(c => c is '\r' or '\n' or '\0'));
        seen.Add($"{request.Method} {request.Segments.Count}", request.Path + request.Host);
        seen.Add($"{request.IsKeepAlive} {request.Headers.Count}", request.QueryString);
        seen.Add(request.Body.IsEmpty ? "bare" : "body", request.Body);
        var range = HttpRange.Of(request, 10, "\"1\"");
        Invariant.Holds(range.Offset >= 0 && range.Count is >= 0 and <= 10);
        Invariant.Holds(range.Offset + range.Count <= 10);
        WebSocketUpgrade.TryAccept(request, out _, out var status, out _);
        var client = ForwardedFor.ClientOf(
            System.Net.IPAddress.Loopback, request.Headers, "X-Forwarded-For",
            [new(System.Net.IPAddress.Any, 0)]);
        var settled = HttpEntityTag.StatusOf(
            request.Headers, "\"1\"", System.DateTimeOffset.UnixEpoch);
        seen.Add($"{range.Status} {status} {settled}", $"{range.ContentRange} {client}");
    }

    private static string Pick(string[] words, Random random, int usual) =>
        words[random.Next(4) == 0 ? random.Next(words.Length) : usual];

    private static string LineEnd(Random random) => random.Next(60) == 0 ? "\n" : "\r\n";
}
