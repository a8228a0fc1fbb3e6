using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Text;
using NUnit.Framework;
using Reactor.Server.Authorisation;
using Reactor.Server.Configuration;

namespace Reactor.Server.Tests.Authorisation;

/// <summary>RFC 7519, RFC 7515 and RFC 8725 (what others fell for).</summary>
public class JwtVerifierTests
{
    private const string Secret = "a secret of more than thirty-two characters";
    private const string Good = """{"exp":2000,"path":"live/a"}""";

    private static readonly JwtOptions Hs256 = new() { Secret = Secret };

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1000);

    [Test]
    public void A_token_made_by_another_tool_verifies()
    {
        // openssl dgst -sha256 -hmac SECRET of the first two parts, in base64url.
        const string token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
            + "eyJleHAiOjIwMDAsInBhdGgiOiJsaXZlL2EifQ.yLuB36yfaz-kQsx6Jsz_mi9M-0qchQWWNb5ecCbZJSs";

        Assert.That(Check(token, Hs256), Is.Empty);
    }

    [Test]
    public void Each_algorithm_verifies_its_own_and_no_other()
    {
        using var rsa = RSA.Create(2048);
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = Encoding.UTF8.GetBytes(Secret);
        var signers = new Dictionary<JwtAlgorithm, Func<byte[], byte[]>>
        {
            [JwtAlgorithm.Hs256] = input => HMACSHA256.HashData(key, input),
            [JwtAlgorithm.Hs384] = input => HMACSHA384.HashData(key, input),
            [JwtAlgorithm.Hs512] = input => HMACSHA512.HashData(key, input),
            [JwtAlgorithm.Rs256] = input => rsa.SignData(
                input, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            [JwtAlgorithm.Es256] = input => ecdsa.SignData(input, HashAlgorithmName.SHA256),
        };
        foreach (var configured in signers.Keys)
        {
            var pem = configured == JwtAlgorithm.Es256
                ? ecdsa.ExportSubjectPublicKeyInfoPem()
                : rsa.ExportSubjectPublicKeyInfoPem();
            var options = Hs256 with { Algorithm = configured, PublicKey = pem };
            foreach (var (used, sign) in signers)
            {
                var token = Tokens.Sign(
                    $$"""{"alg":"{{used.ToString().ToUpperInvariant()}}"}""", Good, sign);
                Assert.That(Check(token, options).Length == 0, Is.EqualTo(configured == used),
                    $"{used} where {configured} is configured");
            }
        }
    }

    [Test]
    public void A_public_key_is_no_secret()
    {
        using var rsa = RSA.Create(2048);
        var pem = rsa.ExportSubjectPublicKeyInfoPem();
        var options = new JwtOptions { Algorithm = JwtAlgorithm.Rs256, PublicKey = pem };

        Assert.That(Check(Tokens.Hs256(Good, pem), options), Does.Contain("algorithm"));
        Assert.That(Check(Tokens.Hs256(Good, pem, "RS256"), options), Does.Contain("signature"));
    }

    [TestCase("none")]
    [TestCase("None")]
    [TestCase("NONE")]
    [TestCase("")]
    [TestCase("hs256")]
    [TestCase("\\ud800", TestName = "Half a letter for the algorithm")]
    public void No_other_word_for_the_algorithm_opens_anything(string alg)
    {
        var unsigned = Tokens.Sign($$"""{"alg":"{{alg}}"}""", Good, _ => []);

        Assert.That(Check(unsigned, Hs256), Does.Contain("algorithm"));
        Assert.That(Check(Tokens.Hs256(Good, Secret, alg), Hs256), Does.Contain("algorithm"));
    }

    [TestCase("""{"path":"live/a"}""", "no exp")]
    [TestCase("""{"exp":"2000"}""", "no exp", TestName = "exp as a text (livego takes it)")]
    [TestCase("""{"exp":null}""", "no exp")]
    [TestCase("""{"exp":1e400}""", "no exp")]
    [TestCase("""{"exp":1000}""", "expired", TestName = "exp is the first moment it is over")]
    [TestCase("""{"exp":-5}""", "expired")]
    [TestCase("""{"exp":2000,"nbf":1001}""", "not valid yet")]
    [TestCase("""{"exp":2000,"nbf":"0"}""", "not valid yet")]
    [TestCase("""{"exp":500,"exp":2000}""", "malformed", TestName = "Two ends")]
    [TestCase("""{"exp":2000,"path":5}""", "neither a text")]
    [TestCase("""{"exp":2000,"path":["a",5]}""", "neither a text")]
    [TestCase("""{"exp":2000,"path":"\ud800"}""", "neither a text", TestName = "Half a letter")]
    [TestCase("""{"exp":2000,"path":["a","\ud800"]}""", "neither a text")]
    [TestCase("""["exp"]""", "malformed")]
    [TestCase("", "malformed")]
    [TestCase("{", "malformed")]
    [TestCase("""{"exp":2000,"a":[[[[[[[[[1]]]]]]]]]}""", "malformed", TestName = "Nested deep")]
    public void A_payload_that_does_not_hold_says_why(string payload, string why) =>
        Assert.That(Check(Tokens.Hs256(payload, Secret), Hs256), Does.Contain(why));

    [TestCase("""{"exp":1000.5}""")]
    [TestCase("""{"exp":2e3,"nbf":1000}""")]
    [TestCase("""{"exp":2000,"path":["live/a","live/b"],"iss":{"x":[1]}}""")]
    public void A_payload_that_holds_verifies(string payload) =>
        Assert.That(Check(Tokens.Hs256(payload, Secret), Hs256), Is.Empty);

    [Test]
    public void Paths_action_and_address_are_told()
    {
        using var verifier = new JwtVerifier(Hs256);
        var token = Tokens.Hs256(
            """{"exp":2000,"path":["/live/a","vod/*"],"action":"play","ip":"::1"}""", Secret);

        Assert.That(verifier.TryVerify(token, Now, out var claims, out _));
        Assert.Multiple(() =>
        {
            Assert.That(claims!.Covers("live/a"));
            Assert.That(claims!.Covers("vod/x"));
            Assert.That(claims!.Covers("live/b"), Is.False);
            Assert.That(claims!.Action, Is.EqualTo("play"));
            Assert.That(claims!.Ip, Is.EqualTo("::1"));
        });
    }

    [Test]
    public void Every_change_of_one_character_is_noticed()
    {
        using var verifier = new JwtVerifier(Hs256);
        var token = Tokens.Hs256(Good, Secret);

        for (var i = 0; i < token.Length; i++)
        {
            // The last character of a signature of 32 bytes has two bits that mean nothing.
            var other = token[i] == 'A' ? 'Q' : 'A';
            var changed = token[..i] + other + token[(i + 1)..];
            Assert.That(verifier.TryVerify(changed, Now, out _, out _), Is.False, changed);
        }
    }

    [TestCase("")]
    [TestCase("..")]
    [TestCase("a.b")]
    [TestCase("a.b.c.d")]
    [TestCase("äöü.äöü.äöü")]
    [TestCase("e30=.e30=.AAAA", TestName = "Padded")]
    [TestCase("e3\t0.e30.AAAA", TestName = "With a tab")]
    public void What_is_no_token_is_malformed(string token) =>
        Assert.That(Check(token, Hs256), Does.Contain("malformed"));

    [TestCase(4096)]
    [TestCase(300)]
    [TestCase(8192)]
    public void Max_token_bounds_a_token_and_a_longer_one_is_not_looked_at(int lengthMax)
    {
        var options = Hs256 with { MaxToken = lengthMax };
        var longest = "";
        var tooLong = "";
        for (var filler = 0; tooLong.Length == 0; filler++)
        {
            var token = Tokens.Hs256(
                $$"""{"exp":2000,"x":"{{new string('x', filler)}}"}""", Secret);
            if (token.Length <= lengthMax)
                longest = token;
            else
                tooLong = token;
        }

        Assert.That(longest, Has.Length.InRange(lengthMax - 1, lengthMax));
        Assert.That(Check(longest, options), Is.Empty);
        Assert.That(tooLong, Has.Length.InRange(lengthMax + 1, lengthMax + 3));
        Assert.That(Check(tooLong, options), Does.Contain("malformed"));
    }

    [Test]
    public void A_header_that_demands_extensions_is_refused()
    {
        var token = Tokens.Sign(
            """{"alg":"HS256","crit":["b64"],"b64":false}""", Good,
            input => HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), input));

        Assert.That(Check(token, Hs256), Does.Contain("crit"));
    }

    [Test]
    public void Without_a_secret_nothing_verifies()
    {
        Assert.That(Check(Tokens.Hs256(Good, ""), new JwtOptions()), Does.Contain("signature"));
    }

    [Test]
    public void Only_keys_that_are_long_enough_are_taken()
    {
        using var small = RSA.Create(1024);
        using var fit = RSA.Create(2048);

        Assert.That(JwtVerifier.IsKey(small.ExportSubjectPublicKeyInfoPem()), Is.False);
        Assert.That(JwtVerifier.IsKey(fit.ExportSubjectPublicKeyInfoPem()));
        Assert.That(JwtVerifier.IsKey("no key"), Is.False);
    }

    private static string Check(string token, JwtOptions options)
    {
        using var verifier = new JwtVerifier(options);
        return verifier.TryVerify(token, Now, out _, out var why) ? "" : why;
    }
}
