using System.Collections.Generic;
using NUnit.Framework;

namespace Reactor.Primitives.Tests;

[TestFixture]
public sealed class PacketPoolTests
{
    [Test]
    public void What_a_peak_needed_is_kept_up_to_a_bound()
    {
        const int capacity = 1 << 20;
        const int kept = PacketPool.RestBytesMax / capacity;
        var pool = new PacketPool();
        var peak = Rent(pool, kept + 6, capacity);
        peak.ForEach(packet => packet.Release());
        Assert.That(pool.RestBytes, Is.EqualTo(PacketPool.RestBytesMax));

        var again = Rent(pool, kept + 6, capacity);

        Assert.That(again.FindAll(peak.Contains), Has.Count.EqualTo(kept));
        Assert.That(pool.RestBytes, Is.Zero);
        again.ForEach(packet => packet.Release());
    }

    [Test]
    public void A_peak_of_large_packets_makes_room_for_small_ones()
    {
        var pool = new PacketPool();
        Rent(pool, 100, 1 << 20).ForEach(packet => packet.Release());
        var small = Rent(pool, 1000, 256);
        small.ForEach(packet => packet.Release());

        Assert.That(Rent(pool, 1000, 256).FindAll(small.Contains), Has.Count.EqualTo(1000));
        Assert.That(pool.RestBytes, Is.LessThanOrEqualTo(PacketPool.RestBytesMax));
    }

    [Test]
    public void The_last_packet_to_come_home_is_the_first_to_leave()
    {
        var pool = new PacketPool();
        var packets = Rent(pool, 3, 1000);
        packets.ForEach(packet => packet.Release());

        packets.Reverse();
        Assert.That(Rent(pool, 3, 1000), Is.EqualTo(packets));
    }

    [Test]
    public void What_nobody_needs_is_given_up_by_halves()
    {
        var pool = new PacketPool();
        Rent(pool, 100, 1024).ForEach(packet => packet.Release());
        pool.Trim();
        Assert.That(pool.RestBytes, Is.EqualTo(100 * 1024), "it was needed just now");

        pool.Trim();
        Assert.That(pool.RestBytes, Is.EqualTo(50 * 1024));
        pool.Trim();
        Assert.That(pool.RestBytes, Is.EqualTo(25 * 1024));
        for (var i = 0; i < 10; i++)
            pool.Trim();

        Assert.That(pool.RestBytes, Is.Zero);
        Assert.That(pool.GivenBytes, Is.EqualTo(100 * 1024));
    }

    [Test]
    public void What_is_needed_now_and_then_is_not_given_up()
    {
        var pool = new PacketPool();
        Rent(pool, 100, 1024).ForEach(packet => packet.Release());
        for (var i = 0; i < 10; i++)
        {
            pool.Trim();
            Rent(pool, 60, 1024).ForEach(packet => packet.Release());
        }

        Assert.That(pool.RestBytes, Is.InRange(60 * 1024, 61 * 1024));
    }

    [Test]
    public void A_fault_about_a_packet_is_everybodys()
    {
        var pool = new PacketPool();
        var packet = pool.Copy([1]);
        packet.Release();

        var twice = Assert.Throws<InvariantException>(() => packet.Release())!;
        var tooLarge = Assert.Throws<InvariantException>(() => pool.Rent(int.MaxValue))!;

        Assert.That(twice.IsVital && tooLarge.IsVital);
        Assert.That(pool.Outstanding, Is.Zero);
    }

    private static List<Packet> Rent(PacketPool pool, int count, int capacity)
    {
        var packets = new List<Packet>();
        for (var i = 0; i < count; i++)
            packets.Add(pool.Rent(capacity));
        return packets;
    }
}
