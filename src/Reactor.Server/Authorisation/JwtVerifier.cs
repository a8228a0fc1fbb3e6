using System;
using System.Buffers;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Reactor.Server.Configuration;

namespace Reactor.Server.Authorisation;

/// <summary>Verifies JSON Web Tokens (RFC 7519) of one algorithm and one key.</summary>
/// <remarks>
/// The algorithm is the configuration's: what a token says of itself has to agree, so <c>none</c>
/// and a public key taken for a secret open nothing. exp is required and a number; a token
/// without an end could never be taken back.
/// </remarks>
public sealed class JwtVerifier : IDisposable
{
    private const int RsaBitsMin = 2048;
    private const int EcdsaBits = 256;
    private const int PathsMax = 64;

    private static readonly SearchValues<char> Letters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private static readonly JsonDocumentOptions Strict = new()
    {
        MaxDepth = 8,
        AllowDuplicateProperties = false,       // which of two would count is anybody's guess
    };

    private readonly JwtOptions _options;
    private readonly byte[] _secret;
    private readonly AsymmetricAlgorithm? _key;

    /// <exception cref="CryptographicException">The public key does not fit.</exception>
    public JwtVerifier(JwtOptions options)
    {
        _options = options;
        _secret = Encoding.UTF8.GetBytes(options.Secret);
        if (options.Algorithm is JwtAlgorithm.Rs256 or JwtAlgorithm.Es256)
            _key = ReadKey(options.PublicKey);
    }

    /// <summary>Whether a text is a public key that can be used, or empty.</summary>
    public static bool IsKey(string pem)
    {
        try
        {
            using var key = ReadKey(pem);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Verifies a token.</summary>
    /// <param name="token">As the client gave it.</param>
    /// <param name="now">The wall clock.</param>
    /// <param name="claims">What it says, when it holds.</param>
    /// <param name="why">Why it does not, for the client to read.</param>
    public bool TryVerify(
        string token,
        DateTimeOffset now,
        [NotNullWhen(true)] out JwtClaims? claims,
        out string why)
    {
        claims = null;
        why = "the token is malformed";
        var dots = token.Split('.', 4);
        if (token.Length > _options.MaxToken || dots.Length != 3
            || !TryDecode(dots[0], out var header) || !TryDecode(dots[1], out var payload)
            || !TryDecode(dots[2], out var signature))
        {
            return false;
        }
        if (!IsHeaderOurs(header, out why))
            return false;
        if (!IsSigned(Encoding.ASCII.GetBytes($"{dots[0]}.{dots[1]}"), signature))
        {
            why = "the token's signature is wrong";
            return false;
        }
        return TryReadClaims(payload, now, out claims, out why);
    }

    public void Dispose() => _key?.Dispose();

    private bool IsHeaderOurs(byte[] header, out string why)
    {
        why = "the token is malformed";
        if (!TryParse(header, out var document))
            return false;
        using (document)
        {
            var root = document.RootElement;
            if (root.TryGetProperty("crit", out _))
                why = "the token demands what is not understood (crit)";
            else if (TextOf(root, "alg") != NameOf(_options.Algorithm))
                why = "the token's algorithm is not the configured one";
            else
                return true;
            return false;
        }
    }

    private bool IsSigned(byte[] input, byte[] signature)
    {
        switch (_options.Algorithm)
        {
            case JwtAlgorithm.Rs256:
                return _key is RSA rsa && rsa.VerifyData(
                    input, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            case JwtAlgorithm.Es256:
                return _key is ECDsa ecdsa && ecdsa.VerifyData(
                    input, signature, HashAlgorithmName.SHA256,
                    DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            default:
                return _secret.Length > 0
                    && CryptographicOperations.FixedTimeEquals(Hmac(input), signature);
        }
    }

    private byte[] Hmac(byte[] input) => _options.Algorithm switch
    {
        JwtAlgorithm.Hs384 => HMACSHA384.HashData(_secret, input),
        JwtAlgorithm.Hs512 => HMACSHA512.HashData(_secret, input),
        _ => HMACSHA256.HashData(_secret, input),
    };

    private bool TryReadClaims(
        byte[] payload,
        DateTimeOffset now,
        [NotNullWhen(true)] out JwtClaims? claims,
        out string why)
    {
        claims = null;
        why = "the token is malformed";
        if (!TryParse(payload, out var document))
            return false;
        using (document)
        {
            var root = document.RootElement;
            var seconds = now.ToUnixTimeMilliseconds() / 1000.0;
            if (!root.TryGetProperty("exp", out var exp) || !TryNumber(exp, out var end))
                why = "the token has no exp that is a number";
            else if (seconds >= end)
                why = "the token has expired";
            else if (root.TryGetProperty("nbf", out var nbf)
                && (!TryNumber(nbf, out var start) || seconds < start))
                why = "the token is not valid yet";
            else if (!TryReadPaths(root, out var paths))
                why = $"the token's {_options.PathClaim} is neither a text nor a list of texts";
            else
                claims = new JwtClaims(paths, TextOf(root, "action"), TextOf(root, "ip"));
        }
        return claims is not null;
    }

    private bool TryReadPaths(JsonElement root, out List<string>? paths)
    {
        paths = null;
        if (_options.PathClaim.Length == 0
            || !root.TryGetProperty(_options.PathClaim, out var claim))
        {
            return true;
        }
        if (claim.ValueKind == JsonValueKind.String)
        {
            paths = TextOf(claim) is { } path ? [path] : null;
            return paths is not null;
        }
        if (claim.ValueKind != JsonValueKind.Array || claim.GetArrayLength() > PathsMax)
            return false;
        paths = [];
        foreach (var item in claim.EnumerateArray())
        {
            if (TextOf(item) is not { } path)
                return false;
            paths.Add(path);
        }
        return true;
    }

    private static string NameOf(JwtAlgorithm algorithm) => algorithm switch
    {
        JwtAlgorithm.Hs256 => "HS256",
        JwtAlgorithm.Hs384 => "HS384",
        JwtAlgorithm.Hs512 => "HS512",
        JwtAlgorithm.Rs256 => "RS256",
        _ => "ES256",
    };

    private static bool TryNumber(JsonElement value, out double number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out number)
            && double.IsFinite(number);
    }

    private static string TextOf(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) ? TextOf(value) ?? "" : "";

    /// <summary>Null for what is no text, and for escapes or bytes that are no Unicode.</summary>
    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static bool TryParse(byte[] json, [NotNullWhen(true)] out JsonDocument? document)
    {
        document = null;
        try
        {
            document = JsonDocument.Parse(json, Strict);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return false;                       // the latter of a name that is no Unicode
        }
        if (document.RootElement.ValueKind == JsonValueKind.Object)
            return true;
        document.Dispose();
        document = null;
        return false;
    }

    private static bool TryDecode(string part, out byte[] bytes)
    {
        bytes = [];
        // The library forgives blanks and padding; RFC 7515 §2 does not.
        if (part.AsSpan().ContainsAnyExcept(Letters) || !Base64Url.IsValid(part))
            return false;
        bytes = Base64Url.DecodeFromChars(part);
        return true;
    }

    private static AsymmetricAlgorithm? ReadKey(string pem)
    {
        if (pem.Length == 0)
            return null;
        try
        {
            var rsa = RSA.Create();
            try
            {
                rsa.ImportFromPem(pem);
                return AtLeast(rsa, RsaBitsMin);
            }
            catch (Exception fault) when (fault is ArgumentException or CryptographicException)
            {
                rsa.Dispose();
            }
            var ecdsa = ECDsa.Create();
            ecdsa.ImportFromPem(pem);
            return AtLeast(ecdsa, EcdsaBits);
        }
        catch (ArgumentException fault)
        {
            throw new CryptographicException("no public key in PEM", fault);
        }
    }

    private static AsymmetricAlgorithm AtLeast(AsymmetricAlgorithm key, int bits) =>
        key.KeySize >= bits
            ? key
            : throw new CryptographicException($"the key has fewer than {bits} bits");
}
