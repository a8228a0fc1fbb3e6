using System.Collections.Generic;
using NUnit.Framework;

namespace Reactor.Primitives.Tests;

[TestFixture]
public sealed class PacketPoolTests
{
    [Test]
    public void What_a_peak_needed_is_kept_up_to_four_megabytes_a_class()
    {
        const int capacity = 1 << 20;
        var pool = new PacketPool();
        var peak = Rent(pool, 10, capacity);
        peak.ForEach(packet => packet.Release());

        var again = Rent(pool, 10, capacity);

        Assert.That(again.FindAll(peak.Contains), Has.Count.EqualTo(4));
        again.ForEach(packet => packet.Release());
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
