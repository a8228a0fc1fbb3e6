using System;
using System.Numerics;
using Reactor.Primitives;

namespace Reactor.Protocol.Http;

/// <summary>What stands around a chunk of a body (RFC 9112 §7.1).</summary>
/// <remarks>
/// A chunk is its size, its bytes, and <see cref="End"/>; <see cref="Last"/> ends the body.
/// </remarks>
public static class HttpChunk
{
    /// <summary>The longest size line: eight digits and the line's end.</summary>
    public const int SizeLengthMax = 10;

    /// <summary>Stands behind the bytes of every chunk.</summary>
    public static ReadOnlySpan<byte> End => "\r\n"u8;

    /// <summary>The empty chunk and the empty trailer behind it.</summary>
    public static ReadOnlySpan<byte> Last => "0\r\n\r\n"u8;

    /// <summary>How long the size line of a chunk is, in bytes.</summary>
    public static int SizeLength(int chunkBytes) => Digits(chunkBytes) + 2;

    /// <summary>The size in hexadecimal, and the line's end.</summary>
    /// <param name="to"><see cref="SizeLength"/> bytes of room.</param>
    /// <param name="chunkBytes">1 or more: a chunk of none would end the body.</param>
    public static void Size(ref ByteWriter to, int chunkBytes)
    {
        Invariant.Holds(chunkBytes > 0);
        for (var shift = (Digits(chunkBytes) - 1) * 4; shift >= 0; shift -= 4)
            to.Byte("0123456789abcdef"u8[(chunkBytes >> shift) & 15]);
        to.Bytes(End);
    }

    private static int Digits(int number) => (BitOperations.Log2((uint)number) / 4) + 1;
}
