using System;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Reactor.Primitives;
using Reactor.Server.Authorisation;
using Reactor.Server.Configuration;

namespace Reactor.Testing.Fuzzing;

/// <summary>JSON Web Tokens: header and payload, a line each, signed as they have to be.</summary>
/// <remarks>Without a signature that holds nothing behind the header would ever be read.</remarks>
public sealed class JwtTarget : FuzzTarget
{
    private const string Secret = "a secret of more than thirty-two characters";

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1000);

    private static readonly string[] Words =
    [
        "\"exp\"", "\"nbf\"", "\"path\"", "\"action\"", "\"ip\"", "\"alg\"", "\"HS256\"",
        "\"crit\"", ":", ",", "{", "}", "[", "]", "2000", "1e400", "-1", "0.5", "null", "true",
        "\"live/*\"", "\"\\ud800\"", "\"\\u0000\"", "\"\u00e9\"", "\"a\"", " ", "/**/",
    ];

    public override string Name => "jwt";

    protected override bool IsResumable => false;

    public override IEnumerable<byte[]> Seeds() =>
    [
        Encoding.UTF8.GetBytes(
            """
            {"alg":"HS256","typ":"JWT"}
            {"exp":2000,"nbf":0,"path":["live/a","vod/*"],"action":"play","ip":"::1"}
            """),
    ];

    public override byte[] Generate(Random random)
    {
        var begin = random.Next(4) == 0 ? "{" : "{\"alg\":\"HS256\"}\n{\"exp\":2000";
        return Encoding.UTF8.GetBytes(begin + Draw(random, Words, 12) + "}");
    }

    protected override void Read(IEnumerable<byte[]> pieces, PacketPool pool, Features seen)
    {
        var input = pieces.Single();
        var end = input.AsSpan().IndexOf((byte)'\n');
        var header = end < 0 ? input : input[..end];
        byte[] payload = end < 0 ? [] : input[(end + 1)..];
        var signed = $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(payload)}";
        var hash = HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(Secret), Encoding.ASCII.GetBytes(signed));
        using var verifier = new JwtVerifier(new JwtOptions { Secret = Secret });
        var isGood = verifier.TryVerify(
            $"{signed}.{Base64Url.EncodeToString(hash)}", Now, out var claims, out var why);
        seen.Add(isGood ? "good" : why);
        if (claims is null)
            return;
        seen.Add($"{claims.Paths?.Count} {claims.Action.Length > 0} {claims.Ip.Length > 0}");
        _ = claims.Covers("live/a");
        Invariant.Holds(!verifier.TryVerify(Encoding.Latin1.GetString(input), Now, out _, out _));
    }
}
