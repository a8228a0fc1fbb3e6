using System;
using System.Collections.Generic;

namespace Reactor.Testing;

/// <summary>The ways in which a network may cut one and the same run of bytes.</summary>
/// <remarks>
/// A codec that keeps its state between reads must answer alike to all of them. Each piece is
/// an array of its own, so that a reader that keeps a reference to its input is found out: the
/// caller may overwrite a piece once it was read.
/// </remarks>
public static class Wire
{
    /// <summary>Up to this length every cut in two is tried; its square is what it costs.</summary>
    public const int EveryCutBytesMax = 4096;

    /// <summary>The usual chunk sizes: bugs live where a payload meets the next header.</summary>
    private static readonly int[] ChunkSizes = [128, 4096, 65536];

    /// <summary>A chunk's header in full: 3 bytes of id, 11 of header, 4 of timestamp.</summary>
    private const int ChunkHeaderBytesMax = 18;

    /// <summary>
    /// The wire whole, then cut in two at every place, then byte by byte.
    /// </summary>
    /// <remarks>
    /// Beyond <see cref="EveryCutBytesMax"/> the cuts are all those of the first 4 KiB, those
    /// within a chunk header's length of the first multiple of each usual chunk size, and those
    /// within the last chunk header's length: a few hundred more, whatever the length.
    /// </remarks>
    public static IEnumerable<byte[][]> EveryCutOf(ReadOnlyMemory<byte> wire)
    {
        yield return [wire.ToArray()];
        for (var at = 1; at < wire.Length; at++)
        {
            if (IsWorthACut(at, wire.Length))
                yield return [wire[..at].ToArray(), wire[at..].ToArray()];
        }
        yield return ByteByByte(wire);
    }

    /// <summary>The wire one byte at a time.</summary>
    public static byte[][] ByteByByte(ReadOnlyMemory<byte> wire)
    {
        var pieces = new byte[wire.Length][];
        for (var i = 0; i < wire.Length; i++)
            pieces[i] = [wire.Span[i]];
        return pieces;
    }

    /// <summary>The wire in pieces of 1 to <paramref name="bytesMax"/> bytes.</summary>
    /// <param name="wire">The bytes to cut.</param>
    /// <param name="seed">The same seed gives the same cuts on every machine.</param>
    /// <param name="bytesMax">The longest piece; short ones are the more frequent.</param>
    public static IEnumerable<byte[]> RandomCuts(ReadOnlyMemory<byte> wire, int seed, int bytesMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesMax, 1);
        return Cut(wire, new Random(seed), bytesMax);
    }

    private static IEnumerable<byte[]> Cut(ReadOnlyMemory<byte> wire, Random random, int bytesMax)
    {
        while (!wire.IsEmpty)
        {
            // The product of two draws leans towards short pieces, where the bugs are.
            var length = 1 + (int)(random.NextDouble() * random.NextDouble() * bytesMax);
            length = Math.Min(length, wire.Length);
            yield return wire[..length].ToArray();
            wire = wire[length..];
        }
    }

    private static bool IsWorthACut(int at, int length)
    {
        if (at <= EveryCutBytesMax || length - at <= ChunkHeaderBytesMax)
            return true;
        foreach (var size in ChunkSizes)
        {
            if (Math.Abs(at - size) <= ChunkHeaderBytesMax)
                return true;
        }
        return false;
    }
}
