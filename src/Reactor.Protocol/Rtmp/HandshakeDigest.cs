using System;
using System.Security.Cryptography;
using Reactor.Primitives;

namespace Reactor.Protocol.Rtmp;

/// <summary>The digest handshake of Flash Player 9, which no specification tells.</summary>
/// <remarks>
/// A block of 1536 random bytes bears an HMAC-SHA256 of its other 1504 bytes, at a place that
/// four bytes of it add up to. Where those four are is the schema:
/// <code>
/// schema 0   | time 4 | version 4 | digest part 764 | key part 764    |
/// schema 1   | time 4 | version 4 | key part 764    | digest part 764 |
/// digest part: | offset bytes 4 | ... the digest, at their sum modulo 728 ... |
/// </code>
/// The keys are public since 2009: a digest tells a Flash player from others, and no secret.
/// </remarks>
internal static class HandshakeDigest
{
    public const int Length = 32;

    private const int PartLength = 764;
    private const int OffsetLength = 4;
    private const int FirstPart = 8;

    // S1 and C1 are signed with the text alone, S2 with text and salt.
    private static ReadOnlySpan<byte> ClientKey => "Genuine Adobe Flash Player 001"u8;

    private static ReadOnlySpan<byte> ServerKey => "Genuine Adobe Flash Media Server 001"u8;

    private static readonly byte[] ServerKeyAndSalt =
    [
        .. ServerKey,
        0xF0, 0xEE, 0xC2, 0x4A, 0x80, 0x68, 0xBE, 0xE8,
        0x2E, 0x00, 0xD0, 0xD1, 0x02, 0x9E, 0x7E, 0x57,
        0x6E, 0xEC, 0x5D, 0x2D, 0x29, 0x80, 0x6F, 0xAB,
        0x93, 0xB8, 0xE6, 0x36, 0xCF, 0xEB, 0x31, 0xAE,
    ];

    /// <summary>Looks for a client's digest, schema 1 first: it is the newer one (Q1).</summary>
    /// <param name="c1">The client's block.</param>
    /// <param name="schema">1 or 0; the answer has to be of the same one.</param>
    /// <param name="digest">The digest as it stands in the block.</param>
    /// <returns>False when neither verifies.</returns>
    public static bool TryFind(
        ReadOnlySpan<byte> c1, out int schema, out ReadOnlySpan<byte> digest)
    {
        Span<byte> expected = stackalloc byte[Length];
        for (schema = 1; schema >= 0; schema--)
        {
            var offset = OffsetOf(c1, schema);
            digest = c1.Slice(offset, Length);
            Compute(ClientKey, c1, offset, expected);
            if (digest.SequenceEqual(expected))
                return true;
        }
        digest = default;
        return false;
    }

    /// <summary>Puts the server's digest into S1, whose other bytes are final.</summary>
    public static void SignChallenge(Span<byte> s1, int schema)
    {
        var offset = OffsetOf(s1, schema);
        Compute(ServerKey, s1, offset, s1.Slice(offset, Length));
    }

    /// <summary>Ends S2 with a signature whose key only the client's own digest gives.</summary>
    public static void SignAnswer(Span<byte> s2, ReadOnlySpan<byte> c1Digest)
    {
        Span<byte> key = stackalloc byte[Length];
        HMACSHA256.HashData(ServerKeyAndSalt, c1Digest, key);
        HMACSHA256.HashData(key, s2[..^Length], s2[^Length..]);
    }

    private static int OffsetOf(ReadOnlySpan<byte> block, int schema)
    {
        var part = block.Slice(FirstPart + (schema * PartLength), PartLength);
        var sum = part[0] + part[1] + part[2] + part[3];
        var room = PartLength - OffsetLength - Length;
        return FirstPart + (schema * PartLength) + OffsetLength + (sum % room);
    }

    private static void Compute(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> block, int offset, Span<byte> digest)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(block[..offset]);
        hmac.AppendData(block[(offset + Length)..]);
        var written = hmac.GetHashAndReset(digest);
        Invariant.Holds(written == Length);
    }
}
