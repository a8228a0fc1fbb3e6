using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Text;

namespace Reactor.Server.Authorisation;

/// <summary>Compares what a stranger says with what only the server should know.</summary>
internal static class SecretText
{
    /// <summary>Takes as long wherever the two differ: nothing is learnt by trying.</summary>
    /// <remarks>Hashes are compared: even how long the secret is does not show.</remarks>
    public static bool Equal(string said, string secret)
    {
        Span<byte> one = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> other = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(said), one);
        SHA256.HashData(Encoding.UTF8.GetBytes(secret), other);
        return CryptographicOperations.FixedTimeEquals(one, other);
    }

    /// <summary>Whether it is one of the secrets; empty ones open nothing.</summary>
    public static bool IsAny(string said, IReadOnlyList<string> secrets)
    {
        var isAny = false;
        foreach (var secret in secrets)
            isAny |= secret.Length > 0 && Equal(said, secret);
        return isAny;
    }
}
