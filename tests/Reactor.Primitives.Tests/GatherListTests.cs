using System;
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

    private static void AddHeader(GatherList list, ReadOnlySpan<byte> header)
    {
        header.CopyTo(list.Scratch(header.Length));
        list.AddScratch(header.Length);
    }
}
