using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Primitives;
using static Reactor.Streaming.Tests.Drained;

namespace Reactor.Streaming.Tests;

[TestFixture]
public sealed class PlayerOutboxTests
{
    private const uint Stream = 1;
    private static readonly Func<FrameKind, FrameRole, bool> Everything = (_, _) => true;
    private readonly PacketPool _pool = new();

    [TearDown]
    public void NothingStays() => Assert.That(_pool.Outstanding, Is.Zero);

    [Test]
    public void Frames_are_laid_out_as_chunks(
        [Values(1, 127, 128, 129, 256, 1000)] int length,
        [Values(0u, 40u, 0xFF_FFFEu, 0xFF_FFFFu, 0xFFFF_FFFFu)] uint timestamp,
        [Values] FrameKind kind)
    {
        var outbox = new PlayerOutbox(new RtmpFormat(128));
        var wire = Push(outbox, kind, FrameRole.None, timestamp, length);

        Assert.That(outbox.Bytes, Is.EqualTo(wire.Length));
        Assert.That(Drain(outbox, new GatherList(256, 4096)), Is.EqualTo(wire));
    }

    [Test]
    public void Bytes_leave_in_order_through_any_sequence_of_partial_writes(
        [Range(0, 49)] int seed)
    {
        var random = new Random(seed);
        var outbox = new PlayerOutbox(new RtmpFormat(128));
        var list = new GatherList(random.Next(2, 12), random.Next(18, 200));
        var expected = new List<byte>();
        var sent = new List<byte>();
        for (var i = 0; i < 300; i++)
        {
            if (random.Next(3) > 0)
                expected.AddRange(PushAny(outbox, random));
            outbox.Gather(list, random.Next(1, 2000));
            Assert.That(list.Bytes > 0, Is.EqualTo(!outbox.IsEmpty));
            var taken = random.Next(4) == 0 ? list.Bytes : random.Next(list.Bytes + 1);
            sent.AddRange(Joined(list).Take(taken));
            outbox.Advance(taken);
            Assert.That(outbox.Bytes, Is.EqualTo(expected.Count - sent.Count));
        }
        sent.AddRange(Drain(outbox, list));

        Assert.That(sent, Is.EqualTo(expected));
        Assert.That(outbox.KeptBytes + outbox.ReplyBytes, Is.Zero);
    }

    [Test]
    public void The_largest_message_leaves_in_the_smallest_chunks_and_eight_pieces_a_write()
    {
        var outbox = new PlayerOutbox(new RtmpFormat(128));
        var wire = Push(outbox, FrameKind.Video, FrameRole.Keyframe, 0x0100_0000, 16 << 20);
        var list = new GatherList(8, 64 << 10);
        var at = 0;
        for (var writes = 0; !outbox.IsEmpty; writes++)
        {
            outbox.Gather(list, 512 << 10);
            Assert.That(list.Bytes, Is.GreaterThan(0), $"write {writes}");
            for (var i = 0; i < list.Count; i++)
            {
                if (!list[i].SequenceEqual(wire.AsSpan(at, list[i].Length)))
                    Assert.Fail($"other bytes at {at}");
                at += list[i].Length;
            }
            outbox.Advance(list.Bytes);
        }

        Assert.That(at, Is.EqualTo(wire.Length));
    }

    [Test]
    public void Gathering_begins_at_any_byte_that_was_not_sent()
    {
        var list = new GatherList(64, 4096);
        for (var sent = 0; sent < 600; sent++)
        {
            var outbox = new PlayerOutbox(new RtmpFormat(128));
            var wire = Push(outbox, FrameKind.Video, FrameRole.None, 0x0100_0000, 580);
            outbox.Advance(sent);

            outbox.Gather(list, int.MaxValue);

            Assert.That(Joined(list), Is.EqualTo(wire[sent..]), $"{sent} sent");
            outbox.Clear();
        }
    }

    [Test]
    public void A_write_stops_at_its_budget_within_a_message()
    {
        var outbox = new PlayerOutbox(new RtmpFormat(128));
        Push(outbox, FrameKind.Video, FrameRole.None, 0, 1 << 20);
        var list = new GatherList(1000, 64 << 10);

        outbox.Gather(list, 1000);

        Assert.That(list.Bytes, Is.InRange(1000, 1000 + 128 + 1));
        outbox.Clear();
    }

    [Test]
    public void A_frame_of_no_bytes_is_our_mistake()
    {
        var outbox = new PlayerOutbox(new RtmpFormat(128));
        Assert.Throws<InvariantException>(
            () => Push(outbox, FrameKind.Data, FrameRole.None, 0, 0));
        Assert.That(outbox.IsEmpty);
    }

    [Test]
    public void Drops_leave_replies_configurations_other_streams_and_a_head_partly_sent()
    {
        var outbox = new PlayerOutbox(new RtmpFormat(128));
        var kept = new List<byte>();
        kept.AddRange(Push(outbox, FrameKind.Video, FrameRole.Keyframe, 0, 50));
        kept.AddRange(PushReply(outbox, 30));
        Push(outbox, FrameKind.Video, FrameRole.None, 40, 50);
        kept.AddRange(Push(outbox, FrameKind.Video, FrameRole.Config, 40, 20));
        kept.AddRange(Push(outbox, FrameKind.Data, FrameRole.Config, 40, 20));
        kept.AddRange(Push(outbox, FrameKind.Video, FrameRole.Keyframe, 80, 50, stream: 2));
        Push(outbox, FrameKind.Audio, FrameRole.None, 80, 9);
        outbox.Advance(1);

        var dropped = outbox.Drop(Stream, Everything, int.MaxValue);

        Assert.That(dropped, Is.EqualTo(2));
        Assert.That(outbox.Bytes, Is.EqualTo(kept.Count - 1));
        Assert.That(
            Drain(outbox, new GatherList(256, 4096)), Is.EqualTo(kept.Skip(1)));
    }

    [Test]
    public void A_drop_before_the_newest_keyframe_leaves_it_and_what_follows()
    {
        var outbox = new PlayerOutbox(new RtmpFormat(128));
        Push(outbox, FrameKind.Video, FrameRole.Keyframe, 0, 50);
        Push(outbox, FrameKind.Video, FrameRole.None, 40, 50);
        var audio = Push(outbox, FrameKind.Audio, FrameRole.None, 50, 50);
        var key = Push(outbox, FrameKind.Video, FrameRole.Keyframe, 80, 50);
        var inter = Push(outbox, FrameKind.Video, FrameRole.None, 120, 50);

        var newest = outbox.NewestKeyframe(Stream);
        outbox.Drop(Stream, (kind, _) => kind == FrameKind.Video, newest);

        Assert.That(newest, Is.EqualTo(3));
        Assert.That(outbox.NewestKeyframe(2), Is.EqualTo(-1));
        Assert.That(
            Drain(outbox, new GatherList(256, 4096)),
            Is.EqualTo(audio.Concat(key).Concat(inter)));
    }

    [Test]
    public void A_keyframe_partly_sent_is_no_place_to_go_on_from()
    {
        var outbox = new PlayerOutbox(new RtmpFormat(128));
        Push(outbox, FrameKind.Video, FrameRole.Keyframe, 0, 50);
        Assert.That(outbox.NewestKeyframe(Stream), Is.Zero);

        outbox.Advance(1);

        Assert.That(outbox.NewestKeyframe(Stream), Is.EqualTo(-1));
        outbox.Clear();
    }

    [Test]
    public void Counts_stay_exact_through_any_mixture_of_drops_and_writes([Range(0, 49)] int seed)
    {
        var random = new Random(seed);
        var outbox = new PlayerOutbox(new RtmpFormat(128));
        var list = new GatherList(16, 4096);
        for (var i = 0; i < 500; i++)
        {
            PushAny(outbox, random);
            if (random.Next(3) == 0)
            {
                outbox.Gather(list, int.MaxValue);
                outbox.Advance(random.Next(list.Bytes + 1));
            }
            if (random.Next(10) == 0)
            {
                var before = random.Next(2) == 0 ? int.MaxValue : outbox.NewestKeyframe(Stream);
                outbox.Drop(Stream, (kind, _) => kind == FrameKind.Video, before);
            }
        }
        outbox.Drop(Stream, Everything, int.MaxValue);

        // Nothing but what is never dropped is left, behind a head that may be partly sent.
        Assert.That(outbox.Bytes - outbox.KeptBytes, Is.LessThan(500));
        Assert.That(outbox.ReplyBytes, Is.LessThanOrEqualTo(outbox.KeptBytes));
        var left = outbox.Bytes;
        Assert.That(Drain(outbox, list), Has.Length.EqualTo(left));
        Assert.That(outbox.KeptBytes + outbox.ReplyBytes, Is.Zero);
    }

    [Test]
    public void A_peer_is_behind_by_bytes_by_time_and_by_number()
    {
        var outbox = new PlayerOutbox(new RtmpFormat(128));
        var limits = new OutboxLimits(BytesMax: 100, WaitMaxMs: 1000);
        Push(outbox, FrameKind.Audio, FrameRole.None, 0, 88);
        Assert.That(outbox.Bytes, Is.EqualTo(100));
        Assert.That(outbox.IsOver(limits, 0), Is.False);
        Assert.That(outbox.IsOver(limits, 1000), Is.False);
        Assert.That(outbox.IsOver(limits, 1001));

        outbox.Advance(1);
        Assert.That(outbox.IsOver(limits, 1001), Is.False);     // half sent: no help for it

        Push(outbox, FrameKind.Audio, FrameRole.None, 0, 1, nowMs: 1001);
        Assert.That(outbox.IsOver(limits, 1001));               // by bytes
        Assert.That(outbox.IsOverrun(limits), Is.False);
        Push(outbox, FrameKind.Audio, FrameRole.Config, 0, 100);
        Assert.That(outbox.IsOverrun(limits));
        outbox.Clear();

        var large = new OutboxLimits(int.MaxValue, long.MaxValue);
        for (var i = 0; i < PlayerOutbox.EntriesMax; i++)
        {
            Assert.That(outbox.IsOver(large, 0), Is.False);
            Push(outbox, FrameKind.Audio, FrameRole.None, 0, 1);
        }
        Assert.That(outbox.IsOver(large, 0));
        Assert.That(outbox.IsOverrun(large));
        outbox.Clear();
        Assert.That(outbox.Bytes, Is.Zero);
    }

    [Test]
    public void A_payload_is_shared_and_never_copied()
    {
        var payload = _pool.Copy(new byte[100]);
        var frame = new MediaFrame(FrameKind.Video, FrameRole.None, 0, 0, payload);
        var format = new RtmpFormat(60_000);
        var outboxes = Enumerable.Range(0, 50).Select(_ => new PlayerOutbox(format)).ToList();
        outboxes.ForEach(outbox => outbox.Push(frame, Stream, 0, 0));
        payload.Release();

        Assert.That(_pool.Outstanding, Is.EqualTo(1));
        outboxes.ForEach(outbox => outbox.Clear());
    }

    private byte[] PushAny(PlayerOutbox outbox, Random random)
    {
        if (random.Next(8) == 0)
            return PushReply(outbox, random.Next(1, 300));
        var role = random.Next(8) switch
        {
            0 => FrameRole.Keyframe,
            1 => FrameRole.Config,
            _ => FrameRole.None,
        };
        var time = random.Next(2) == 0 ? 40u : 0x0123_4567u;
        return Push(outbox, (FrameKind)random.Next(3), role, time, random.Next(1, 400));
    }

    private byte[] PushReply(PlayerOutbox outbox, int length)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, (byte)0xEE);
        var packet = _pool.Copy(bytes);
        outbox.Push(packet, 0);
        packet.Release();
        return bytes;
    }

    /// <returns>What an independent writer makes of the same message.</returns>
    private byte[] Push(
        PlayerOutbox outbox,
        FrameKind kind,
        FrameRole role,
        uint timestamp,
        int length,
        uint stream = Stream,
        long nowMs = 0)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        var payload = _pool.Copy(bytes);
        try
        {
            outbox.Push(new MediaFrame(kind, role, 0, 0, payload), stream, timestamp, nowMs);
            var (chunkStream, type) = kind switch
            {
                FrameKind.Audio => (4u, (byte)8),
                FrameKind.Video => (6u, (byte)9),
                _ => (5u, (byte)18),
            };
            return Chunks((byte)chunkStream, type, stream, timestamp, bytes);
        }
        finally
        {
            payload.Release();
        }
    }

    /// <summary>By the letter of RTMP 1.0 §5.3.1, in chunks of 128 bytes.</summary>
    private static byte[] Chunks(byte id, byte type, uint stream, uint time, byte[] payload)
    {
        byte[] extended = time < 0xFF_FFFF ? [] : Big(time, 4);
        var wire = new List<byte> { id };
        wire.AddRange(Big(Math.Min(time, 0xFF_FFFF), 3));
        wire.AddRange(Big((uint)payload.Length, 3));
        wire.AddRange([type, (byte)stream, 0, 0, 0]);
        for (var at = 0; at < payload.Length; at += 128)
        {
            if (at > 0)
                wire.Add((byte)(0xC0 | id));
            wire.AddRange(extended);
            wire.AddRange(payload.AsSpan(at, Math.Min(128, payload.Length - at)));
        }
        return [.. wire];
    }

    private static byte[] Big(uint value, int bytes) =>
        [.. Enumerable.Range(1, bytes).Select(i => (byte)(value >> (8 * (bytes - i))))];
}
