using System;
using System.Text;

namespace Reactor.Testing.Simulation;

/// <summary>What strangers say on the port of HTTP.</summary>
internal static class HttpMischief
{
    private const string Upgrade =
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    private static readonly string[] Oddities =
    [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "Content-Length: 99999999999\r\n",
        "Content-Length: -1\r\n", "Transfer-Encoding: chunked\r\n", "Expect: 100-continue\r\n",
        "Connection: close\r\n", "Range: bytes=0-1\r\n", "X-Forwarded-For: 1.2.3.4\r\n",
        "Host: again\r\n", "bad header\r\n", "Origin: http://elsewhere\r\n", "",
    ];

    public static byte[] Script(Mischief mischief, string stream, Random random)
    {
        switch (mischief)
        {
            case Mischief.HttpSlowHead:
                return Request(stream, random, new string('x', 4000));
            case Mischief.HttpFlood:
                return Many(random.Next(100, 2000), () => Request(stream + "x", random, ""));
            case Mischief.WebSocketNoise:
                var noise = new byte[random.Next(2000)];
                random.NextBytes(noise);
                return [.. Request(stream, random, "", Upgrade), .. noise];
            default:
                var script = Many(random.Next(1, 20), () => Request(
                    stream, random, "", Oddities[random.Next(Oddities.Length)]));
                for (var count = random.Next(5); count > 0; count--)
                    script[random.Next(script.Length)] = (byte)random.Next(256);
                return script;
        }
    }

    private static byte[] Request(
        string stream, Random random, string agent, string headers = "")
    {
        var method = random.Next(6) switch
        {
            0 => "HEAD",
            1 => "OPTIONS",
            2 => "POST",
            _ => "GET",
        };
        var target = random.Next(6) switch
        {
            0 => "/",
            1 => $"/{stream}",
            2 => $"/../{stream}.flv",
            3 => "/api/v1/streams",
            4 => $"/{stream}.flv?start_at=nonsense&has_audio=2",
            _ => $"/{stream}.flv",
        };
        return Encoding.Latin1.GetBytes(
            $"{method} {target} HTTP/1.1\r\nHost: 10.0.0.1:7001\r\n"
            + $"{headers}User-Agent: {agent}\r\n\r\n");
    }

    private static byte[] Many(int count, Func<byte[]> one)
    {
        var all = new System.Collections.Generic.List<byte>();
        for (; count > 0; count--)
            all.AddRange(one());
        return [.. all];
    }
}
