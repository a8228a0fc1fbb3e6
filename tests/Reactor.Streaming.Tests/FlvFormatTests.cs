using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using NUnit.Framework;
using Reactor.Primitives;
using static Reactor.Streaming.Tests.Drained;

namespace Reactor.Streaming.Tests;

/// <summary>What FLV players are sent: tags, bare or wrapped for HTTP or WebSocket.</summary>
[TestFixture]
public sealed class FlvFormatTests
{
    private readonly PacketPool _pool = new();

    [TearDown]
    public void NothingStays() => Assert.That(_pool.Outstanding, Is.Zero);

    [Test]
    [Pairwise]
    public void Frames_are_laid_out_as_tags(
        [Values] FlvWrapping wrapping,
        [Values(1, 110, 111, 112, 241, 65_519, 65_521, 70_000, 1_048_561)] int length,
        [Values(0u, 40u, 0xFF_FFFFu, 0x0100_0000u, 0xFFFF_FFFFu)] uint timestamp,
        [Values] FrameKind kind)
    {
        var outbox = new PlayerOutbox(FormatOf(wrapping));
        var wire = Push(outbox, wrapping, kind, timestamp, length);

        Assert.That(outbox.Bytes, Is.EqualTo(wire.Length));
        Assert.That(Drain(outbox, new GatherList(256, 4096)), Is.EqualTo(wire));
    }

    [Test]
    public void Bytes_leave_in_order_through_any_sequence_of_partial_writes(
        [Values] FlvWrapping wrapping, [Range(0, 19)] int seed)
    {
        var random = new Random(seed);
        var outbox = new PlayerOutbox(FormatOf(wrapping));
        var list = new GatherList(random.Next(3, 12), random.Next(27, 600));
        var expected = new List<byte>();
        var sent = new List<byte>();
        for (var i = 0; i < 300; i++)
        {
            if (random.Next(3) > 0)
            {
                var kind = (FrameKind)random.Next(3);
                expected.AddRange(Push(outbox, wrapping, kind, 40, random.Next(1, 400)));
            }
            outbox.Gather(list, random.Next(1, 2000));
            Assert.That(list.Bytes > 0, Is.EqualTo(!outbox.IsEmpty));
            var taken = random.Next(4) == 0 ? list.Bytes : random.Next(list.Bytes + 1);
            sent.AddRange(Joined(list).Take(taken));
            outbox.Advance(taken);
            Assert.That(outbox.Bytes, Is.EqualTo(expected.Count - sent.Count));
        }
        sent.AddRange(Drain(outbox, list));

        Assert.That(sent, Is.EqualTo(expected));
    }

    [TestCase(0)]
    [TestCase(7)]
    public void Replies_go_before_the_first_tag_whatever_the_format_becomes(int alreadySent)
    {
        var outbox = new PlayerOutbox(FlvFormat.Bare);
        var reply = _pool.Copy("HTTP/1.1 200 OK\r\n\r\n"u8);
        outbox.Push(reply, 0);
        reply.Release();
        outbox.Advance(alreadySent);            // a client that pipelines has had a part of it
        outbox.Format = FlvFormat.Chunked;
        var tag = Push(outbox, FlvWrapping.HttpChunk, FrameKind.Video, 0, 10);

        var sent = Drain(outbox, new GatherList(8, 100));
        Assert.That(sent.Skip(19 - alreadySent), Is.EqualTo(tag));
        Assert.That(() => outbox.Format = FlvFormat.Bare, Throws.Nothing);
    }

    private static FlvFormat FormatOf(FlvWrapping wrapping) => wrapping switch
    {
        FlvWrapping.HttpChunk => FlvFormat.Chunked,
        FlvWrapping.WebSocketMessage => FlvFormat.WebSocket,
        _ => FlvFormat.Bare,
    };

    /// <returns>What an independent writer makes of the same frame (FLV §E.4.1).</returns>
    private byte[] Push(
        PlayerOutbox outbox, FlvWrapping wrapping, FrameKind kind, uint timestamp, int length)
    {
        var payload = new byte[length];
        new Random(length).NextBytes(payload);
        var packet = _pool.Copy(payload);
        outbox.Push(new MediaFrame(kind, FrameRole.None, 0, 0, packet), 0, timestamp, 0);
        packet.Release();

        byte[] tag =
        [
            (byte)(kind switch { FrameKind.Audio => 8, FrameKind.Video => 9, _ => 18 }),
            .. Big(length, 3), .. Big(timestamp & 0xFF_FFFF, 3), (byte)(timestamp >> 24), 0, 0, 0,
            .. payload, .. Big(length + 11, 4),
        ];
        return wrapping switch
        {
            FlvWrapping.HttpChunk => [.. Hex(tag.Length), .. tag, 13, 10],
            FlvWrapping.WebSocketMessage => [0x82, .. WebSocketLength(tag.Length), .. tag],
            _ => tag,
        };
    }

    private static byte[] Hex(int length) =>
        Encoding.ASCII.GetBytes(length.ToString("x", CultureInfo.InvariantCulture) + "\r\n");

    private static byte[] WebSocketLength(int length) => length switch
    {
        < 126 => [(byte)length],
        < 65_536 => [126, .. Big(length, 2)],
        _ => [127, .. Big(length, 8)],
    };

    private static byte[] Big(long value, int bytes) =>
        [.. Enumerable.Range(1, bytes).Select(i => (byte)(value >> (8 * (bytes - i))))];
}
