using System.Linq;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;
using Reactor.Testing;

namespace Reactor.Protocol.Tests.Rtmp;

[TestFixture]
public sealed class ChunkWriterTests
{
    [Test]
    public void What_is_written_is_read_again_and_as_long_as_was_said(
        [Values(2u, 3u, 63u, 64u, 319u, 320u, 65_599u)] uint id,
        [Values(0u, 0xFF_FFFEu, 0xFF_FFFFu, 0x100_0000u, 0x7FFF_FFFFu, 0x8000_0000u, 0xFFFF_FFFFu)]
        uint time,
        [Values(1, 128, 60_000)] int chunk)
    {
        foreach (var length in new[] { 1, 2, 127, 128, 129, 256, 257, 1000 })
        {
            var payload = Payload(length);
            var wire = Written(id, time, payload, chunk);

            Assert.That(
                wire, Has.Length.EqualTo(ChunkWriter.WireLength(id, time, length, chunk)));
            Assert.That(
                Heard.All([SizeOf(chunk), wire])[1..],
                Is.EqualTo(new[] { new Heard(MessageType.Video, time, 9, payload) }));
        }
    }

    [Test]
    public void A_message_that_fills_its_chunks_has_no_empty_one_behind(
        [Values(59_999, 60_000, 60_001, 120_000, 120_001)] int length)
    {
        var wire = Written(6, 0x100_0000, Payload(length), 60_000);

        var chunks = (length + 59_999) / 60_000;
        Assert.That(wire, Has.Length.EqualTo(length + 12 + 4 + ((chunks - 1) * 5)));
    }

    [Test]
    public void A_message_does_not_depend_on_where_the_network_cut_it()
    {
        var payload = Payload(700);
        var wire = Written(64, 0xFFFF_FFFF, payload, 128);

        foreach (var cut in Wire.EveryCutOf(wire))
        {
            Assert.That(
                Heard.All(cut),
                Is.EqualTo(new[] { new Heard(MessageType.Video, 0xFFFF_FFFF, 9, payload) }));
        }
    }

    [Test]
    public void Headers_are_drawn_as_in_the_specification()
    {
        Assert.That(
            Written(3, 0x010203, [0xAA], 128),
            Is.EqualTo(new byte[] { 3, 1, 2, 3, 0, 0, 1, 9, 9, 0, 0, 0, 0xAA }));
        Assert.That(
            Written(65_599, 0xFFFF_FFFE, [0xAA, 0xBB], 1),
            Is.EqualTo(new byte[]
            {
                0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 2, 9, 9, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFE,
                0xAA,
                0xC1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE,
                0xBB,
            }));
    }

    [Test]
    public void The_longest_headers_are_as_long_as_was_said()
    {
        var room = new byte[64];

        var header = ChunkWriter.WriteHeader(
            room, 65_599, uint.MaxValue, 0xFF_FFFF, MessageType.Video, uint.MaxValue);
        var continuation = ChunkWriter.WriteContinuation(room, 65_599, uint.MaxValue);

        Assert.That(header, Is.EqualTo(ChunkWriter.HeaderBytesMax));
        Assert.That(continuation, Is.EqualTo(ChunkWriter.ContinuationBytesMax));
    }

    [Test]
    public void A_message_of_no_bytes_is_its_header()
    {
        Assert.That(Written(6, 5, [], 128), Has.Length.EqualTo(12));
    }

    private static byte[] Written(uint id, uint time, byte[] payload, int chunk)
    {
        var pool = new PacketPool();
        var packet = ChunkWriter.Write(pool, id, time, MessageType.Video, 9, payload, chunk);
        var wire = packet.Written.ToArray();
        packet.Release();
        Assert.That(pool.Outstanding, Is.Zero);
        return wire;
    }

    private static byte[] SizeOf(int chunk) =>
        Chunks.Control(MessageType.SetChunkSize, Chunks.Number(chunk, 4));

    /// <summary>No byte is that of a time above, which the reader would take for it (Q8).</summary>
    private static byte[] Payload(int length) =>
        [.. Enumerable.Range(0, length).Select(i => (byte)(0x20 + (i % 64)))];
}
