using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;

namespace Reactor.Primitives.Tests;

[TestFixture]
public sealed class PacketRingTests
{
    private readonly PacketPool _pool = new();
    private readonly GatherList _write = new(segmentsMax: 4, scratchBytes: 64);

    [SetUp]
    public void EverythingIsAtHome() => Assert.That(_pool.Outstanding, Is.Zero);

    [TearDown]
    public void EverythingIsAtHomeAgain() => Assert.That(_pool.Outstanding, Is.Zero);

    [Test]
    public void Bytes_leave_in_order_through_any_sequence_of_partial_writes(
        [Range(0, 49)] int seed)
    {
        var random = new Random(seed);
        var ring = new PacketRing(packetsMax: 16, ringBytesMax: 4000);
        var pushed = new List<byte>();
        var sent = new List<byte>();
        for (var step = 0; step < 500; step++)
        {
            if (random.Next(2) == 0)
                Push(ring, Noise(random, random.Next(0, 600)), pushed);
            else
                Send(ring, random.Next(0, 900), sent);
            Assert.That(ring.Bytes, Is.EqualTo(pushed.Count - sent.Count));
        }
        while (!ring.IsEmpty)
            Send(ring, 900, sent);

        Assert.That(sent, Is.EqualTo(pushed));
    }

    [Test]
    public void A_ring_that_is_full_by_packets_refuses_and_changes_nothing()
    {
        var ring = new PacketRing(packetsMax: 2, ringBytesMax: 1000);
        var pushed = new List<byte>();
        Push(ring, [1], pushed);
        Push(ring, [2], pushed);

        Assert.That(Push(ring, [3], pushed), Is.False);
        Assert.That((ring.Count, ring.Bytes), Is.EqualTo((2, 2)));
        ring.Clear();
    }

    [Test]
    public void A_ring_that_is_full_by_bytes_refuses_and_changes_nothing()
    {
        var ring = new PacketRing(packetsMax: 9, ringBytesMax: 10);
        var pushed = new List<byte>();
        Push(ring, new byte[8], pushed);

        Assert.That(Push(ring, new byte[3], pushed), Is.False);
        Assert.That(Push(ring, new byte[2], pushed), Is.True);
        ring.Clear();
    }

    [Test]
    public void An_empty_ring_takes_one_packet_however_large()
    {
        var ring = new PacketRing(packetsMax: 9, ringBytesMax: 10);

        Assert.That(Push(ring, new byte[100], []), Is.True);
        ring.Clear();
    }

    [Test]
    public void An_empty_packet_is_taken_and_leaves_nothing_behind()
    {
        var ring = new PacketRing(packetsMax: 9, ringBytesMax: 10);

        Assert.That(Push(ring, [], []), Is.True);
        Assert.That(ring.IsEmpty, Is.True);
    }

    [Test]
    public void Gathering_stops_at_its_bound_and_at_the_room_there_is()
    {
        var ring = new PacketRing(packetsMax: 16, ringBytesMax: 4000);
        for (var i = 0; i < 6; i++)
            Push(ring, new byte[100], []);

        ring.Gather(_write, bytesMax: 150);
        Assert.That((_write.Count, _write.Bytes), Is.EqualTo((2, 200)));
        ring.Gather(_write, bytesMax: 10_000);
        Assert.That((_write.Count, _write.Bytes), Is.EqualTo((4, 400)));
        ring.Clear();
    }

    [Test]
    public void More_than_was_waiting_cannot_have_been_sent()
    {
        var ring = new PacketRing(packetsMax: 16, ringBytesMax: 4000);
        Push(ring, [1, 2], []);

        Assert.That(() => ring.Advance(3), Throws.TypeOf<InvariantException>());
    }

    [Test]
    public void A_bound_near_the_largest_number_does_not_wrap_round()
    {
        var ring = new PacketRing(packetsMax: 16, ringBytesMax: int.MaxValue);

        Assert.That(Push(ring, new byte[100], []), Is.True);
        Assert.That(Push(ring, new byte[100], []), Is.True);
        ring.Clear();
    }

    [Test]
    public void Growing_keeps_the_order_wherever_the_head_stands([Range(0, 5)] int head)
    {
        var ring = new PacketRing(packetsMax: 64, ringBytesMax: 4000);
        var pushed = new List<byte>();
        var sent = new List<byte>();
        for (byte i = 0; i < 40; i++)
        {
            Push(ring, [i, i, i], pushed);
            if (i < head)
                Send(ring, bytesMax: 3, sent);
        }
        while (!ring.IsEmpty)
            Send(ring, bytesMax: 900, sent);

        Assert.That(sent, Is.EqualTo(pushed));
    }

    [Test]
    public void A_ring_that_was_cleared_half_sent_begins_anew()
    {
        var ring = new PacketRing(packetsMax: 16, ringBytesMax: 4000);
        Push(ring, new byte[10], []);
        Push(ring, new byte[10], []);
        ring.Advance(15);

        ring.Clear();
        Assert.That((ring.Count, ring.Bytes), Is.EqualTo((0, 0)));

        var sent = new List<byte>();
        Push(ring, [7, 8], []);
        Send(ring, bytesMax: 900, sent);
        Assert.That(sent, Is.EqualTo(new byte[] { 7, 8 }));
    }

    private bool Push(PacketRing ring, byte[] bytes, List<byte> pushed)
    {
        var packet = _pool.Copy(bytes);
        var isTaken = ring.TryPush(packet);
        packet.Release();                       // from here on the ring is the only owner
        if (isTaken)
            pushed.AddRange(bytes);
        return isTaken;
    }

    /// <summary>A socket that takes so many bytes of what is offered, and no more.</summary>
    private void Send(PacketRing ring, int bytesMax, List<byte> sent)
    {
        ring.Gather(_write, bytesMax: 1000);
        var taken = Math.Min(bytesMax, _write.Bytes);
        sent.AddRange(_write.Joined().Take(taken));
        ring.Advance(taken);
    }

    private static byte[] Noise(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
