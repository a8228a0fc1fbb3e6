using System;
using System.Collections.Generic;
using System.Text;
using Reactor.Primitives;
using Reactor.Protocol.Http;

namespace Reactor.Testing.Fuzzing;

/// <summary>Responses to a client, collected; the last one may end with the connection.</summary>
public sealed class HttpResponseTarget : FuzzTarget
{
    private static readonly HttpLimits Limits = new()
    {
        HeadBytesMax = 300,
        HeadersMax = 5,
        BodyBytesMax = 40,
    };

    private static readonly string[] Statuses =
        ["200 OK", "404", "204 ", "304 Not", "100 Continue", "101 X", "099 X", "20", "2000 OK"];

    private static readonly string[] Headers =
    [
        "Content-Length: 5", "Content-Length: 0", "Content-Length: 9223372036854775807", "X:",
        "Transfer-Encoding: chunked", "Transfer-Encoding: gzip", "Connection: close", "X : 1",
        "Connection: keep-alive", " folded", "Content-Length: 5, 5",
    ];

    private static readonly string[] Bodies =
    [
        "hello", "5\r\nhello\r\n0\r\n\r\n", "1;x=y\r\nh\r\n00A\r\n0123456789\r\n0\r\nX: 1\r\n\r\n",
        "7fffffff\r\n", "80000000\r\n", "0\r\n\r\n", "g\r\n", "1\nh\n", "", "3\r\nhello\r\n",
    ];

    public override string Name => "http-response";

    public override byte[] Generate(Random random)
    {
        var text = new StringBuilder();
        for (var i = random.Next(4); i >= 0; i--)
        {
            text.Append("HTTP/1.").Append(random.Next(10) == 0 ? random.Next(10) : 1).Append(' ');
            text.Append(Statuses[random.Next(2) * random.Next(Statuses.Length)]).Append("\r\n");
            for (var n = random.Next(4); n > 0; n--)
                text.Append(Headers[random.Next(Headers.Length)]).Append("\r\n");
            text.Append("\r\n").Append(Bodies[random.Next(Bodies.Length)]);
        }
        return Encoding.Latin1.GetBytes(text.ToString());
    }

    protected override void Read(IEnumerable<byte[]> pieces, PacketPool pool, Features seen)
    {
        using var reader = new HttpResponseReader(pool, Limits);
        try
        {
            HttpResponse? response;
            foreach (var piece in pieces)
            {
                ReadOnlySpan<byte> input = piece;
                while (reader.TryRead(ref input, out response))
                    Look(response, seen);
                Invariant.Holds(input.IsEmpty);
                Invariant.Holds(pool.OutstandingBytes <= 1024 + 1024);
            }
            if (reader.TryEnd(out response))
                Look(response, seen);
        }
        catch (HttpProtocolException refused)
        {
            seen.Add(refused.Detail);
        }
    }

    private static void Look(HttpResponse response, Features seen)
    {
        using (response)
        {
            Invariant.Holds(response.Status is >= 200 and <= 599 or 101);
            Invariant.Holds(response.Headers.Count <= Limits.HeadersMax);
            Invariant.Holds(response.Body.Length <= Limits.BodyBytesMax);
            seen.Add($"{response.Status / 100} {response.IsKeepAlive}", response.Reason);
            seen.Add($"{response.Headers.Count} {response.Body.IsEmpty}", response.Body);
        }
    }
}
