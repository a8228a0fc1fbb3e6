using System;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Reactor.Server.Configuration;

namespace Reactor.Server.Authorisation;

/// <summary>URLs that hold for a while, as Node-Media-Server has them.</summary>
/// <remarks>
/// The parameter is <c>sign=EXP-HASH</c>. HASH is of <c>/APP/NAME-EXP-SECRET</c> in hex digits, or
/// of <c>/APP/NAME-EXP-SECRET-ADDRESS</c> where it is bound to an address. Whoever has the secret
/// signs without asking us (A18).
/// </remarks>
public static class SignedUrl
{
    private const int LengthMax = 128;

    /// <summary>The value of the parameter.</summary>
    /// <param name="path">The application and name, without outer slashes.</param>
    /// <param name="expires">Until when it holds, in Unix seconds.</param>
    /// <param name="options">The secret and the hash.</param>
    /// <param name="address">Whose it is; empty for everybody's.</param>
    public static string Sign(string path, long expires, SignOptions options, string address) =>
        FormattableString.Invariant($"{expires}-{Hash(path, expires, options, address)}");

    /// <summary>Whether a value of the parameter holds.</summary>
    /// <returns>Empty when it does; else why not, for the client to read.</returns>
    public static string Check(
        string value, string path, SignOptions options, string address, DateTimeOffset now)
    {
        if (options.Secret.Length == 0)
            return "no secret is configured";
        var dash = value.IndexOf('-', StringComparison.Ordinal);
        if (value.Length > LengthMax || dash <= 0
            || !long.TryParse(
                value.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture,
                out var expires))
        {
            return "the signature is malformed";
        }
        // The hash first: of a forged time nobody shall learn anything.
        var hash = Hash(path, expires, options, address);
        if (!SecretText.Equal(value[(dash + 1)..].ToLowerInvariant(), hash))
            return "the signature is wrong";
        return now.ToUnixTimeSeconds() > Latest(expires, options.ClockSkew)
            ? "the signature has expired"
            : "";
    }

    private static long Latest(long expires, TimeSpan skew)
    {
        var seconds = (long)skew.TotalSeconds;
        return expires > long.MaxValue - seconds ? long.MaxValue : expires + seconds;
    }

    private static string Hash(string path, long expires, SignOptions options, string address)
    {
        var text = FormattableString.Invariant($"/{path}-{expires}-{options.Secret}");
        var bytes = Encoding.UTF8.GetBytes(address.Length == 0 ? text : $"{text}-{address}");
        return Convert.ToHexStringLower(
            options.Algorithm == SignAlgorithm.Sha256 ? SHA256.HashData(bytes) : Md5(bytes));
    }

    // Node-Media-Server's choice, kept so that its signers work unchanged; sha256 is the better.
#pragma warning disable CA5351
    private static byte[] Md5(byte[] bytes) => MD5.HashData(bytes);
#pragma warning restore CA5351
}
