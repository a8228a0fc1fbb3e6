using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;

namespace Reactor.Primitives.Tests;

[TestFixture]
public sealed class PieceListTests
{
    private readonly PacketPool _pool = new();

    [TearDown]
    public void EverythingIsAtHomeAgain() => Assert.That(_pool.Outstanding, Is.Zero);

    [Test]
    public void Bytes_fill_each_piece_before_the_next_and_are_the_callers_once_they_are_taken()
    {
        var pieces = new PieceList(_pool);
        var bytes = Numbered(0, (3 * PieceList.PieceBytes) - 1);
        foreach (var part in bytes.Chunk(50_001))
            pieces.Append(part);

        var taken = pieces.Take();
        Assert.That(pieces.IsEmpty, Is.True);
        Assert.That(taken, Has.Length.EqualTo(3));
        Assert.That(BytesOf(taken), Is.EqualTo(bytes));
        pieces.Drop();                          // what is given away is not given back
        foreach (var packet in taken)
            packet.Release();
    }

    [Test]
    public void A_packet_of_another_is_shared_and_nothing_is_written_behind_its_bytes()
    {
        var pieces = new PieceList(_pool);
        var (before, others, after) = (Numbered(0, 10), Numbered(10, 100), Numbered(110, 10));
        var shared = _pool.Rent(1000);
        shared.Append(others);

        pieces.Append(before);
        pieces.Share(shared);
        pieces.Append(after);

        Assert.That(shared.Written.ToArray(), Is.EqualTo(others));
        Assert.That(BytesOf(pieces.All), Is.EqualTo(Numbered(0, 120)));
        shared.Release();
        Assert.That(_pool.Outstanding, Is.EqualTo(3), "it has another owner");
        pieces.Drop();
        Assert.That(pieces.IsEmpty, Is.True);
    }

    [TestCase(188, 1)]
    [TestCase(189, 2)]
    public void Room_in_one_piece_is_asked_for(int bytes, int pieceCount)
    {
        var pieces = new PieceList(_pool);
        pieces.Append(new byte[PieceList.PieceBytes - 188]);

        Assert.That(pieces.Open(bytes), Is.SameAs(pieces.Last));
        Assert.That(pieces.Last.Free.Length, Is.GreaterThanOrEqualTo(bytes));
        Assert.That(pieces.All.Length, Is.EqualTo(pieceCount));
        pieces.Drop();
    }

    private static byte[] Numbered(int first, int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++)
            bytes[i] = (byte)((first + i) % 251);
        return bytes;
    }

    private static List<byte> BytesOf(ReadOnlySpan<Packet> packets)
    {
        var bytes = new List<byte>();
        foreach (var packet in packets)
            bytes.AddRange(packet.Written);
        return bytes;
    }
}
