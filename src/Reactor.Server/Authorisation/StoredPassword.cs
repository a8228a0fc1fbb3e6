using System;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Reactor.Server.Authorisation;

/// <summary>A password as the configuration holds it.</summary>
/// <remarks>
/// As it is; or <c>sha256:</c> and its hash in hexadecimal, for passwords that nobody can guess; or
/// <c>pbkdf2-sha256$ITERATIONS$SALT$HASH</c> (RFC 8018 §5.2), salt and hash in base64, for those
/// that somebody chose: whoever has the file pays for each guess.
/// </remarks>
public static class StoredPassword
{
    /// <summary>Of one that is made here: some tenths of a second for each guess.</summary>
    public const int IterationsUsual = 600_000;

    private const string Hashed = "sha256:";
    private const string Derived = "pbkdf2-sha256$";
    private const int IterationsMin = 1000;
    private const int IterationsMax = 2_000_000;
    private const int SaltBytes = 16;
    private const int SaltBytesMax = 64;
    private const int HashBytes = SHA256.HashSizeInBytes;

    /// <summary>Whether the configuration may have this as a password.</summary>
    public static bool IsUsable(string stored)
    {
        if (IsDerived(stored))
            return TryRead(stored, out _, out _, out _);
        if (!stored.StartsWith(Hashed, StringComparison.Ordinal))
            return true;
        var digits = stored.AsSpan(Hashed.Length);
        foreach (var digit in digits)
        {
            if (!char.IsAsciiHexDigit(digit))
                return false;
        }
        return digits.Length == 2 * HashBytes;
    }

    /// <summary>Whether to compare with it takes long: that is not done on the loop.</summary>
    public static bool IsDerived(string stored) =>
        stored.StartsWith(Derived, StringComparison.Ordinal);

    /// <summary>Compares with one that is not derived.</summary>
    internal static bool IsEqual(string said, string stored)
    {
        if (!stored.StartsWith(Hashed, StringComparison.Ordinal))
            return SecretText.Equal(said, stored);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(said));
        return SecretText.Equal(
            Hashed + Convert.ToHexStringLower(hash), stored.ToLowerInvariant());
    }

    /// <summary>Compares with one that is derived; takes long.</summary>
    public static bool Derives(string said, string stored) =>
        TryRead(stored, out var iterations, out var salt, out var hash)
        && CryptographicOperations.FixedTimeEquals(hash, Derive(said, salt, iterations));

    /// <summary>Makes what the configuration can hold in place of a password.</summary>
    public static string Make(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var hash = Derive(password, salt, IterationsUsual);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Derived}{IterationsUsual}${Convert.ToBase64String(salt)}"
                + $"${Convert.ToBase64String(hash)}");
    }

    private static byte[] Derive(string password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(password), salt, iterations, HashAlgorithmName.SHA256,
            HashBytes);

    private static bool TryRead(
        string stored, out int iterations, out byte[] salt, out byte[] hash)
    {
        (iterations, salt, hash) = (0, [], []);
        var parts = stored.Split('$');
        return parts.Length == 4
            && int.TryParse(
                parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out iterations)
            && iterations is >= IterationsMin and <= IterationsMax
            && TryDecode(parts[2], out salt) && salt.Length is > 0 and <= SaltBytesMax
            && TryDecode(parts[3], out hash) && hash.Length == HashBytes;
    }

    private static bool TryDecode(string text, out byte[] bytes)
    {
        var room = new byte[text.Length];
        var isBase64 = Convert.TryFromBase64String(text, room, out var length);
        bytes = room[..length];
        return isBase64;
    }
}
