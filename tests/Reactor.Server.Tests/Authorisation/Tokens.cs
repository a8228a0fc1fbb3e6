using System;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Reactor.Server.Tests.Authorisation;

/// <summary>JSON Web Tokens, right ones and wrong ones.</summary>
internal static class Tokens
{
    /// <summary>HS256, with any payload.</summary>
    public static string Hs256(string payload, string secret, string alg = "HS256") =>
        Sign($$"""{"alg":"{{alg}}","typ":"JWT"}""", payload, input =>
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), input));

    /// <summary>Signed by whatever is given.</summary>
    public static string Sign(string header, string payload, Func<byte[], byte[]> sign)
    {
        var input = $"{Encode(Encoding.UTF8.GetBytes(header))}."
            + Encode(Encoding.UTF8.GetBytes(payload));
        return $"{input}.{Encode(sign(Encoding.ASCII.GetBytes(input)))}";
    }

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
