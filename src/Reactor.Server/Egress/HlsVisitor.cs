using System;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Reactor.Server.Http;

namespace Reactor.Server.Egress;

/// <summary>Whom requests of HLS come from, as far as they tell.</summary>
/// <remarks>
/// The same address that shows the same, and calls itself the same, is the same viewer. What was
/// shown is kept as a hash: secrets are not kept, and what is kept is short.
/// </remarks>
/// <param name="Address">Behind a trusted proxy, whom the proxy names.</param>
/// <param name="Shown">Stands for the query, the token and the name of the program.</param>
internal readonly record struct HlsVisitor(IPAddress Address, UInt128 Shown)
{
    public static HlsVisitor Of(HttpExchange exchange)
    {
        var request = exchange.Request;
        var shown = $"{HlsReload.Without(request.QueryString)}\n{PlayGate.BearerOf(exchange)}\n"
            + request.Headers["User-Agent"];
        return Of(exchange.ClientAddress, shown);
    }

    private static HlsVisitor Of(IPAddress address, string shown)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(shown), hash);
        return new HlsVisitor(
            address, new UInt128(BitConverter.ToUInt64(hash), BitConverter.ToUInt64(hash[8..])));
    }
}
