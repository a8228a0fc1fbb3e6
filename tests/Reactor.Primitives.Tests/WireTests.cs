using System;
using System.IO;
using System.Linq;
using NUnit.Framework;
using Reactor.Testing;

namespace Reactor.Primitives.Tests;

/// <summary>
/// The cuts that every codec test leans on: if they lost a byte, none would notice.
/// </summary>
[TestFixture]
public sealed class WireTests
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 9000).Select(i => (byte)i)];

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(300)]
    [TestCase(9000)]
    public void Pieces_together_are_the_wire_whatever_the_cut(int length)
    {
        var wire = Bytes[..length];

        var torn = Wire.EveryCutOf(wire)
            .Where(cut => !Joined(cut).AsSpan().SequenceEqual(wire));

        Assert.That(torn, Is.Empty);
    }

    [Test]
    public void A_short_wire_is_cut_at_every_place()
    {
        var firsts = Wire.EveryCutOf(Bytes.AsMemory(0, 300))
            .Where(cut => cut.Length == 2)
            .Select(cut => cut[0].Length);

        Assert.That(firsts, Is.EqualTo(Enumerable.Range(1, 299)));
    }

    [Test]
    public void A_long_wire_is_cut_in_its_first_4_KiB_and_around_chunk_boundaries()
    {
        var firsts = Wire.EveryCutOf(Bytes)
            .Where(cut => cut.Length == 2)
            .Select(cut => cut[0].Length)
            .ToList();

        Assert.That(firsts, Is.SupersetOf(Enumerable.Range(1, 4096 + 18)));
        Assert.That(firsts, Has.Count.EqualTo(4096 + 18 + 18));
        Assert.That(firsts[^1], Is.EqualTo(8999));
    }

    [Test]
    public void The_same_seed_gives_the_same_random_pieces([Values(1, 7, 1000)] int bytesMax)
    {
        var once = Wire.RandomCuts(Bytes, seed: 7, bytesMax).ToList();
        var again = Wire.RandomCuts(Bytes, seed: 7, bytesMax).ToList();

        Assert.That(once, Is.EqualTo(again));
        Assert.That(once.Select(piece => piece.Length), Is.All.InRange(1, bytesMax));
        Assert.That(once.SelectMany(piece => piece), Is.EqualTo(Bytes));
    }

    private static byte[] Joined(byte[][] pieces)
    {
        using var whole = new MemoryStream();
        foreach (var piece in pieces)
            whole.Write(piece);
        return whole.ToArray();
    }
}
