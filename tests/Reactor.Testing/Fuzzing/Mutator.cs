using System;
using System.Collections.Generic;
using System.Linq;

namespace Reactor.Testing.Fuzzing;

/// <summary>Small damage to good inputs: bits, cuts, splices, lengths and repeats.</summary>
public sealed class Mutator(Random random)
{
    /// <summary>Longer inputs only cost time.</summary>
    public const int InputBytesMax = 20_000;

    private static readonly long[] Edges =
    [
        0, 1, 2, 3, 127, 128, 255, 256, 0x7FFF, 0x8000, 0xFFFF, 0xFF_FFFE, 0xFF_FFFF, 0x100_0000,
        0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF,
    ];

    /// <summary>One to a few changes.</summary>
    /// <param name="input">Stays as it is.</param>
    /// <param name="other">An input to splice with.</param>
    public byte[] Change(byte[] input, byte[] other)
    {
        var changed = input.ToList();
        for (var i = 1 << random.Next(4); i > 0; i--)
            ChangeOnce(changed, other);
        return [.. changed.Take(InputBytesMax)];
    }

    private void ChangeOnce(List<byte> input, byte[] other)
    {
        if (input.Count == 0)
        {
            input.AddRange(other);
            return;
        }
        var at = random.Next(input.Count);
        var count = random.Next(1, Math.Min(64, input.Count - at) + 1);
        switch (random.Next(9))
        {
            case 0 or 1:
                input[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                input[at] = (byte)random.Next(256);
                break;
            case 3:
                input.RemoveRange(at, count);
                break;
            case 4:
                input.RemoveRange(at, input.Count - at);
                break;
            case 5:
                input.InsertRange(at, input.GetRange(at, count));
                break;
            case 6:
                Splice(input, at, other);
                break;
            default:
                PutNumber(input, at);
                break;
        }
    }

    /// <summary>Goes on with a part of another input.</summary>
    private void Splice(List<byte> input, int at, byte[] other)
    {
        if (other.Length == 0)
            return;
        var from = random.Next(other.Length);
        var count = random.Next(other.Length - from) + 1;
        if (random.Next(2) == 0)
            input.RemoveRange(at, input.Count - at);
        input.InsertRange(at, other.AsSpan(from, count).ToArray());
    }

    /// <summary>Overwrites what may be a length with a number on an edge.</summary>
    private void PutNumber(List<byte> input, int at)
    {
        var number = Edges[random.Next(Edges.Length)];
        var bytes = Chunks.Number(number, 1 + random.Next(4));
        for (var i = 0; i < bytes.Length && at + i < input.Count; i++)
            input[at + i] = bytes[i];
    }
}
