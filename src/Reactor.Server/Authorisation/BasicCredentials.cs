using System;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Text;
using Reactor.Server.Configuration;

namespace Reactor.Server.Authorisation;

/// <summary>Names and passwords of <c>Authorization: Basic</c> (RFC 7617).</summary>
internal static class BasicCredentials
{
    private const string Scheme = "Basic ";
    private const string Hashed = "sha256:";

    /// <summary>Of the header: the longest name and password there may be fit.</summary>
    private const int CharactersMax = 4096;

    /// <summary>Whether a header speaks of a name and a password.</summary>
    public static bool IsShown(string authorization) =>
        authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the configuration may have this as a password.</summary>
    public static bool IsPassword(string text)
    {
        if (!text.StartsWith(Hashed, StringComparison.Ordinal))
            return true;
        var digits = text.AsSpan(Hashed.Length);
        foreach (var digit in digits)
        {
            if (!char.IsAsciiHexDigit(digit))
                return false;
        }
        return digits.Length == 2 * SHA256.HashSizeInBytes;
    }

    /// <summary>Whether a header names one of the users, and that one's password.</summary>
    /// <remarks>Every user is compared, and in full: the time tells nothing.</remarks>
    public static bool IsAny(string authorization, IReadOnlyList<ApiUser> users)
    {
        if (!TryDecode(authorization, out var said))
            return false;
        var colon = said.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            return false;
        var (name, password) = (said[..colon], said[(colon + 1)..]);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(password));
        var hashed = Hashed + Convert.ToHexStringLower(hash);
        var isAny = false;
        foreach (var user in users)
        {
            var isHashed = user.Password.StartsWith(Hashed, StringComparison.Ordinal);
            var isName = SecretText.Equal(name, user.User);
            var isPassword = isHashed
                ? SecretText.Equal(hashed, user.Password.ToLowerInvariant())
                : SecretText.Equal(password, user.Password);
            isAny |= isName & isPassword;
        }
        return isAny;
    }

    private static bool TryDecode(string authorization, out string said)
    {
        said = "";
        if (!IsShown(authorization) || authorization.Length > CharactersMax)
            return false;
        var coded = authorization.AsSpan(Scheme.Length).Trim();
        if (!Base64.IsValid(coded))
            return false;
        said = Encoding.UTF8.GetString(Convert.FromBase64String(coded.ToString()));
        return true;
    }
}
