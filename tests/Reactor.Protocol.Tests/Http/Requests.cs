using System.Collections.Generic;
using System.Text;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Http;
using Reactor.Testing;

namespace Reactor.Protocol.Tests.Http;

/// <summary>Requests as text, read under every cut or whole.</summary>
internal static class Requests
{
    /// <summary>What is asserted of a request; it outlives the request's body.</summary>
    public sealed record Seen(HttpRequest Request, string Body);

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    /// <summary>A GET with a Host, and whatever stands before the empty line.</summary>
    public static string Get(string target, string headers = "") =>
        $"GET {target} HTTP/1.1\r\nHost: a.example\r\n{headers}\r\n";

    /// <summary>The requests of these pieces; the reader is empty and idle afterwards.</summary>
    public static List<Seen> Read(
        IEnumerable<byte[]> pieces, HttpLimits? limits = null, bool isWhole = true)
    {
        var pool = new PacketPool();
        var seen = new List<Seen>();
        using (var reader = new HttpRequestReader(pool, limits ?? new HttpLimits()))
        {
            foreach (var piece in pieces)
            {
                System.ReadOnlySpan<byte> input = piece;
                while (reader.TryRead(ref input, out var request))
                {
                    using (request)
                        seen.Add(new Seen(request, Encoding.Latin1.GetString(request.Body)));
                }
                Assert.That(input.IsEmpty, "the input is always used up");
            }
            if (isWhole)
            {
                Assert.That(reader.State, Is.EqualTo(HttpReadState.Idle));
                Assert.That(pool.Outstanding, Is.Zero, "a reader at rest holds nothing");
            }
        }
        Assert.That(pool.Outstanding, Is.Zero);
        return seen;
    }

    public static HttpRequest One(string text, HttpLimits? limits = null)
    {
        var seen = Read([Bytes(text)], limits);
        Assert.That(seen, Has.Count.EqualTo(1));
        return seen[0].Request;
    }

    /// <summary>What a request is refused with: the same, however it is cut.</summary>
    public static HttpProtocolException Refused(string text, HttpLimits? limits = null)
    {
        HttpProtocolException? first = null;
        foreach (var cut in Cuts(Bytes(text)))
        {
            var refused = Assert.Throws<HttpProtocolException>(() => Read(cut, limits));
            first ??= refused;
            Assert.That(refused.Message, Is.EqualTo(first.Message));
            Assert.That(refused.Status, Is.EqualTo(first.Status));
        }
        return first!;
    }

    /// <summary>Long ones are cut in few places: what is long in them is of one kind.</summary>
    private static IEnumerable<IEnumerable<byte[]>> Cuts(byte[] wire)
    {
        if (wire.Length < 1000)
            return Wire.EveryCutOf(wire);
        return [[wire], Wire.ByteByByte(wire), Wire.RandomCuts(wire, seed: 1, bytesMax: 900)];
    }
}
