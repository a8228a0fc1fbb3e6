using System;
using System.Collections.Generic;
using System.Text;
using Reactor.Primitives;
using Reactor.Protocol;

namespace Reactor.Testing.Fuzzing;

/// <summary>Something that reads bytes of a stranger, and may only end in two ways.</summary>
/// <remarks>
/// A run ends in a value or in a <see cref="ProtocolException"/>, and all packets are back in
/// their pool. Where reading is resumable the same input is read whole and in cuts, and what
/// came of it has to be the same. Anything else is a bug, and leaves as an exception.
/// </remarks>
public abstract class FuzzTarget
{
    /// <summary>Byte by byte, within headers, and within payloads.</summary>
    private static readonly int[] PiecesMax = [1, 4, 200];

    /// <summary>The target's name, and its folder in the corpus.</summary>
    public abstract string Name { get; }

    /// <summary>Reads one input.</summary>
    /// <returns>What was seen: an input that shows something new is worth keeping.</returns>
    public Features Run(ReadOnlySpan<byte> input)
    {
        var whole = RunOnce([input.ToArray()]);
        if (!IsResumable)
            return whole;
        var seed = (int)Fingerprint.Of(input);
        foreach (var pieceMax in PiecesMax)
        {
            var cut = RunOnce(Wire.RandomCuts(input.ToArray(), seed, pieceMax));
            if (cut.Trace != whole.Trace)
                throw new InvalidOperationException($"{Name}: the cuts of the network showed");
        }
        return whole;
    }

    /// <summary>An input by grammar: right for the most part, so that it gets far.</summary>
    public abstract byte[] Generate(Random random);

    /// <summary>Recordings to begin with, beside the corpus.</summary>
    public virtual IEnumerable<byte[]> Seeds() => [];

    /// <summary>Whether an input may come in pieces.</summary>
    protected virtual bool IsResumable => true;

    /// <param name="pieces">The input, whole or cut.</param>
    /// <param name="pool">Has to be balanced afterwards, after an exception too.</param>
    /// <param name="seen">What happened, in order.</param>
    protected abstract void Read(IEnumerable<byte[]> pieces, PacketPool pool, Features seen);

    /// <summary>Text of the right vocabulary in any order.</summary>
    /// <param name="random">Draws.</param>
    /// <param name="words">Those that stand there twice come twice as often.</param>
    /// <param name="countMax">Fewer words than that.</param>
    protected static string Draw(Random random, string[] words, int countMax)
    {
        var text = new StringBuilder();
        for (var i = random.Next(countMax); i > 0; i--)
            text.Append(words[random.Next(words.Length)]);
        return text.ToString();
    }

    private Features RunOnce(IEnumerable<byte[]> pieces)
    {
        var pool = new PacketPool();
        var seen = new Features();
        try
        {
            Read(pieces, pool, seen);
        }
        catch (ProtocolException broken)
        {
            seen.Add(broken.Error.ToString());
        }
        if (pool.Outstanding != 0)
            throw new InvalidOperationException($"{Name}: {pool.Outstanding} packets are missing");
        return seen;
    }
}
