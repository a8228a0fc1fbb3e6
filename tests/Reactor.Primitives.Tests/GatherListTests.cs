using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;

namespace Reactor.Primitives.Tests;

[TestFixture]
public sealed class GatherListTests
{
    [Test]
    public void A_header_made_for_one_player_stands_before_the_bytes_that_all_share()
    {
        var packet = new PacketPool().Copy([10, 11, 12, 13]);
        var list = new GatherList(segmentsMax: 8, scratchBytes: 16);

        list.Begin(skip: 0);
        AddHeader(list, [1, 2]);
        list.Add(packet, 0, 2);
        AddHeader(list, [3]);
        list.Add(packet, 2, 2);

        Assert.That(list.Joined(), Is.EqualTo(new byte[] { 1, 2, 10, 11, 3, 12, 13 }));
        packet.Release();
    }

    [Test]
    public void What_the_socket_took_before_is_left_out([Range(0, 7)] int skip)
    {
        var packet = new PacketPool().Copy([10, 11, 12, 13]);
        var list = new GatherList(segmentsMax: 8, scratchBytes: 16);
        byte[] all = [1, 2, 10, 11, 12, 13, 3];

        list.Begin(skip);
        AddHeader(list, [1, 2]);
        list.Add(packet, 0, 4);
        AddHeader(list, [3]);

        Assert.That(list.Joined(), Is.EqualTo(all.Skip(skip)));
        Assert.That(list.Bytes, Is.EqualTo(all.Length - skip));
        packet.Release();
    }

    [Test]
    public void A_small_piece_is_copied_beside_its_header_and_makes_one_segment()
    {
        var packet = new PacketPool().Copy([10, 11, 12, 13]);
        var list = new GatherList(segmentsMax: 1, scratchBytes: 16);

        list.Begin(skip: 1);
        AddHeader(list, [1, 2]);
        list.Add(packet, 0, 4);
        AddHeader(list, [3]);

        Assert.That(list.Count, Is.EqualTo(1));
        Assert.That(list[0].ToArray(), Is.EqualTo(new byte[] { 2, 10, 11, 12, 13, 3 }));
        packet.Release();
    }

    [Test]
    public void A_large_piece_is_sent_from_where_it_lies([Values(8192, 8193)] int length)
    {
        var packet = new PacketPool().Copy(new byte[length]);
        var list = new GatherList(segmentsMax: 2, scratchBytes: 16_384);

        list.Begin(skip: 0);
        AddHeader(list, [1, 2]);
        list.Add(packet, 0, length);

        Assert.That(list.Count, Is.EqualTo(length > 8192 ? 2 : 1));
        Assert.That(list.Bytes, Is.EqualTo(2 + length));
        packet.Release();
    }

    [Test]
    public void Where_no_room_is_left_for_a_copy_the_piece_is_a_segment()
    {
        var packet = new PacketPool().Copy([10, 11, 12]);
        var list = new GatherList(segmentsMax: 2, scratchBytes: 4);

        list.Begin(skip: 0);
        AddHeader(list, [1, 2]);
        list.Add(packet, 0, 3);

        Assert.That(list.Joined(), Is.EqualTo(new byte[] { 1, 2, 10, 11, 12 }));
        Assert.That(list.Count, Is.EqualTo(2));
        packet.Release();
    }

    [Test]
    public void Room_is_told_in_segments_and_in_header_bytes()
    {
        var list = new GatherList(segmentsMax: 2, scratchBytes: 4);
        list.Begin(skip: 0);
        AddHeader(list, [1, 2, 3]);

        Assert.That(list.HasRoom(segments: 1, scratchBytes: 1), Is.True);
        Assert.That(list.HasRoom(segments: 2, scratchBytes: 0), Is.False);
        Assert.That(list.HasRoom(segments: 1, scratchBytes: 2), Is.False);
    }

    [Test]
    public void Bytes_that_a_packet_does_not_hold_are_refused()
    {
        var packet = new PacketPool().Copy([1, 2]);
        var list = new GatherList(segmentsMax: 2, scratchBytes: 4);
        list.Begin(skip: 0);

        Assert.That(() => list.Add(packet, 1, 2), Throws.TypeOf<InvariantException>());
        packet.Release();
    }

    [Test]
    public void A_segment_that_was_taken_whole_needs_no_room()
    {
        var packet = new PacketPool().Copy([1, 2, 3, 4, 5, 6]);
        var list = new GatherList(segmentsMax: 1, scratchBytes: 1);

        list.Begin(skip: 4);
        list.Add(packet, 0, 2);
        list.Add(packet, 2, 2);
        list.Add(packet, 4, 2);

        Assert.That(list.Joined(), Is.EqualTo(new byte[] { 5, 6 }));
        packet.Release();
    }

    /// <summary>
    /// What was copied for one write is left where it lies for the next, unless it is not the same
    /// any more: another piece, at another place, written over, or the packet's next use.
    /// </summary>
    [Test]
    public void Whatever_was_written_before_the_bytes_are_those_of_now([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        var pool = new PacketPool();
        var packets = Enumerable.Range(0, 2).Select(_ => Filled(pool, random)).ToArray();
        var list = new GatherList(segmentsMax: 64, scratchBytes: 100);
        for (var write = 0; write < 2000; write++)
        {
            if (random.Next(8) == 0)
            {
                ref var renewed = ref packets[random.Next(packets.Length)];
                renewed.Release();
                renewed = Filled(pool, random);
            }
            List<byte> expected = [];
            list.Begin(skip: 0);
            for (var pieces = random.Next(1, 4); pieces > 0 && list.HasRoom(2, 4); pieces--)
            {
                var header = new byte[2 * random.Next(2)];
                random.NextBytes(header);
                AddHeader(list, header);
                expected.AddRange(header);
                if (random.Next(4) == 0)
                    continue;
                var packet = packets[random.Next(packets.Length)];
                var offset = random.Next(8) == 0 ? 1 : 0;
                list.Add(packet, offset, packet.Length - offset);
                expected.AddRange(packet.Written[offset..]);
            }

            Assert.That(list.Joined(), Is.EqualTo(expected));
        }
        foreach (var packet in packets)
            packet.Release();
        Assert.That(pool.Outstanding, Is.Zero);
    }

    /// <summary>As struct iovec: an address and a length, both of the machine's word.</summary>
    [Test]
    public unsafe void The_vector_is_laid_out_as_the_kernel_reads_it()
    {
        var packet = new PacketPool().Copy([1, 2, 3, 4, 5, 6]);
        var list = new GatherList(segmentsMax: 2, scratchBytes: 1);
        list.Begin(skip: 1);
        list.Add(packet, 0, 3);
        list.Add(packet, 4, 2);

        var words = new ReadOnlySpan<nint>((void*)list.Vector, 4).ToArray();

        Assert.That(
            words, Is.EqualTo(new nint[] { packet.Address + 1, 2, packet.Address + 4, 2 }));
        packet.Release();
    }

    private static Packet Filled(PacketPool pool, Random random)
    {
        var bytes = new byte[random.Next(2) == 0 ? 2 : 10];
        random.NextBytes(bytes);
        return pool.Copy(bytes);
    }

    private static void AddHeader(GatherList list, ReadOnlySpan<byte> header)
    {
        header.CopyTo(list.Scratch(header.Length));
        list.AddScratch(header.Length);
    }
}
