using System;
using System.Runtime.InteropServices;
using NUnit.Framework;
using Reactor.Testing;

namespace Reactor.Primitives.Tests;

[TestFixture]
public sealed class PacketTests
{
    [TestCase(0, 256)]
    [TestCase(1, 256)]
    [TestCase(256, 256)]
    [TestCase(257, 512)]
    [TestCase(65536, 65536)]
    [TestCase(65537, 131072)]
    [TestCase(PacketPool.CapacityMax, PacketPool.CapacityMax)]
    public void A_packet_is_of_the_smallest_class_that_holds_it(int asked, int capacity)
    {
        var packet = new PacketPool().Rent(asked);

        Assert.That(packet.Capacity, Is.EqualTo(capacity));
        packet.Release();
    }

    [Test]
    public void A_packet_beyond_the_largest_class_is_refused()
    {
        var pool = new PacketPool();

        Assert.That(
            () => pool.Rent(PacketPool.CapacityMax + 1), Throws.TypeOf<InvariantException>());
    }

    [Test]
    public void The_last_owner_gives_a_packet_back()
    {
        var pool = new PacketPool();
        var packet = pool.Copy([1, 2, 3]);
        packet.Retain();

        packet.Release();
        Assert.That((pool.Outstanding, pool.OutstandingBytes), Is.EqualTo((1, 256L)));
        packet.Release();
        Assert.That((pool.Outstanding, pool.OutstandingBytes), Is.EqualTo((0, 0L)));
    }

    [Test]
    public void A_packet_that_rests_has_no_owner_to_add_or_take_away()
    {
        var packet = new PacketPool().Rent(1);
        packet.Release();

        Assert.That(() => packet.Retain(), Throws.TypeOf<InvariantException>());
        Assert.That(packet.Release, Throws.TypeOf<InvariantException>());
    }

    [Test]
    public void With_a_second_owner_the_bytes_are_final()
    {
        var packet = new PacketPool().Rent(8);
        packet.Append([1, 2]);
        packet.Retain();

        Assert.That(() => packet.Append([3]), Throws.TypeOf<InvariantException>());
        Assert.That(packet.Written.ToArray(), Is.EqualTo(new byte[] { 1, 2 }));
        packet.Release();
        packet.Release();
    }

    [Test]
    public void A_packet_that_comes_back_from_the_pool_is_empty()
    {
        var pool = new PacketPool();
        pool.Copy([1, 2, 3]).Release();

        var again = pool.Rent(3);
        Assert.That(again.Length, Is.Zero);
        again.Release();
    }

    [Test]
    public void Renting_and_releasing_allocates_nothing_once_the_pool_is_warm()
    {
        var pool = new PacketPool();
        pool.Rent(1000).Release();

        var bytes = Allocated.By(() =>
        {
            for (var i = 0; i < 1000; i++)
                pool.Rent(1000).Release();
        });

        Assert.That(bytes, Is.Zero);
    }

    [Test]
    public void No_more_can_be_counted_as_written_than_fits()
    {
        var packet = new PacketPool().Rent(256);

        Assert.That(() => packet.Advance(257), Throws.TypeOf<InvariantException>());
        Assert.That(() => packet.Advance(-1), Throws.TypeOf<InvariantException>());
        Assert.That(packet.Length, Is.Zero);
        packet.Release();
    }

    [Test]
    public void The_bytes_stay_where_the_kernel_was_told()
    {
        var packet = new PacketPool().Copy([1, 2, 3]);
        GC.Collect();

        packet.Append([4]);

        Assert.That(Marshal.ReadInt32(packet.Address), Is.EqualTo(0x0403_0201));
        packet.Release();
    }
}
