using System;
using System.Collections.Generic;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;
using static Reactor.Testing.Chunks;

namespace Reactor.Protocol.Tests.Rtmp;

/// <summary>
/// What chunks may cost: memory follows what arrives, and every table has an end.
/// </summary>
[TestFixture]
public sealed class ChunkBoundsTests
{
    private PacketPool _pool = null!;
    private ChunkReader _reader = null!;

    [SetUp]
    public void Begin()
    {
        _pool = new PacketPool();
        _reader = new ChunkReader(_pool, new ChunkLimits());
    }

    [TearDown]
    public void End()
    {
        _reader.Close();
        Assert.That(_pool.Outstanding, Is.Zero);
    }

    [Test]
    public void A_message_of_16_MiB_announced_with_one_byte_costs_at_most_4_KiB()
    {
        Take(Type0(6, 0, 0xFF_FFFF, MessageType.Video, 1, [1]));

        Assert.That(_pool.OutstandingBytes, Is.LessThanOrEqualTo(4096));
    }

    [Test]
    public void A_message_costs_in_proportion_to_what_has_arrived_of_it()
    {
        Take(Control(MessageType.SetChunkSize, 0x00, 0xFF, 0xFF, 0xFF));
        Take(Type0(6, 0, 0xFF_FFFF, MessageType.Video, 1, []));
        var piece = new byte[60_000];

        for (var arrived = 0; arrived + piece.Length < 0xFF_FFFF; arrived += piece.Length)
        {
            Take(piece);
            var most = Math.Max(4096, 4 * (arrived + piece.Length));    // twice, as a power of two
            Assert.That(_pool.OutstandingBytes, Is.LessThanOrEqualTo(most));
        }
    }

    [Test]
    public void After_a_message_of_1_MB_the_next_one_is_reserved_at_once()
    {
        const int length = 1_000_000;
        Take(Control(MessageType.SetChunkSize, 0, 0x7F, 0xFF, 0xFF));
        var messages = Take(Type0(6, 0, length, MessageType.Video, 1, new byte[length]));
        Assert.That(messages, Is.EqualTo(1));

        _reader.ChunkBytesMax = 1;
        Take(Type0(6, 40, length, MessageType.Video, 1, [1]));
        Assert.That(_pool.OutstandingBytes, Is.EqualTo(1 << 20));

        Take(Type0(4, 40, 200, MessageType.Audio, 1, [1]));
        Assert.That(_pool.OutstandingBytes, Is.EqualTo((1 << 20) + 256), "no more than announced");
    }

    [Test]
    public void Trust_ends_where_all_reservations_reach_the_half_received_bound()
    {
        const int length = 1_000_000;
        Take(Control(MessageType.SetChunkSize, 0, 0x7F, 0xFF, 0xFF));
        Take(Type0(6, 0, length, MessageType.Video, 1, new byte[length]));

        _reader.ChunkBytesMax = 1;
        for (var id = 10u; id < 70; id++)
            Take(Type0(id, 0, length, MessageType.Video, 1, [1]));

        Assert.That(_pool.OutstandingBytes, Is.LessThanOrEqualTo((20 << 20) + (60 * 4096)));
    }

    [TestCase(999, null)]
    [TestCase(1000, null)]
    [TestCase(1001, ProtocolError.MessageTooLarge)]
    public void A_message_over_the_bound_is_refused_by_its_header(int length, ProtocolError? error)
    {
        _reader = new ChunkReader(_pool, new ChunkLimits { MessageBytesMax = 1000 });

        Assert.That(Fault(Type0(6, 0, length, MessageType.Video, 1, [])), Is.EqualTo(error));
    }

    [Test]
    public void A_type_1_chunk_may_not_lengthen_beyond_the_bound_either()
    {
        _reader = new ChunkReader(_pool, new ChunkLimits { MessageBytesMax = 1000 });
        Take(Type0(6, 0, 1, MessageType.Video, 1, [1]));

        Assert.That(
            Fault(Type1(6, 0, 1001, MessageType.Video, [])),
            Is.EqualTo(ProtocolError.MessageTooLarge));
    }

    [Test]
    public void Half_received_bytes_are_bounded_over_all_chunk_streams()
    {
        _reader = new ChunkReader(_pool, new ChunkLimits { HalfReceivedBytesMax = 1000 });
        _reader.ChunkBytesMax = 100;
        for (var id = 10u; id < 20; id++)
            Take(Type0(id, 0, 101, MessageType.Video, 1, new byte[100]));
        Assert.That(_reader.HalfReceivedBytes, Is.EqualTo(1000), "at the bound all is well");

        Assert.That(
            Fault(Type0(20, 0, 101, MessageType.Video, 1, [1])),
            Is.EqualTo(ProtocolError.HalfReceivedBytes));
    }

    [Test]
    public void Whole_messages_do_not_count_as_half_received()
    {
        _reader = new ChunkReader(_pool, new ChunkLimits { HalfReceivedBytesMax = 100 });

        for (var i = 0; i < 100; i++)
            Take(Type0(6, 0, 100, MessageType.Video, 1, new byte[100]));

        Assert.That(_reader.HalfReceivedBytes, Is.Zero);
    }

    [Test]
    public void A_65th_message_under_way_is_refused()
    {
        _reader.ChunkBytesMax = 1;
        for (var id = 3u; id < 67; id++)
            Take(Type0(id, 0, 2, MessageType.Audio, 1, [1]));

        Assert.That(
            Fault(Type0(67, 0, 2, MessageType.Audio, 1, [1])),
            Is.EqualTo(ProtocolError.TooManyChunkStreams));
    }

    [Test]
    public void All_65_598_ids_may_be_used_one_after_the_other_at_little_cost()    // Q11
    {
        var wire = new List<byte>();
        for (var id = 2u; id < 65_600; id++)
            wire.AddRange(Type0(id, 0, 1, MessageType.Audio, 1, [1]));
        ReadOnlySpan<byte> input = wire.ToArray();
        var count = 0;

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (; _reader.TryRead(ref input, out var message); count++)
            message.Payload.Release();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That(count, Is.EqualTo(65_598));
        Assert.That(allocated, Is.LessThan(count * 128), "an entry each, 64 at a time");
        Assert.That(_pool.OutstandingBytes, Is.Zero);
    }

    [Test]
    public void A_message_under_way_is_not_forgotten_for_64_idle_ids()
    {
        _reader.ChunkBytesMax = 1;
        Take(Type0(6, 7, 2, MessageType.Video, 1, [1]));
        for (var id = 100u; id < 300; id++)
            Take(Type0(id, 0, 1, MessageType.Audio, 1, [1]));

        Assert.That(Take(Type3(6, [2])), Is.EqualTo(1));
    }

    // RTMP 1.0 §5.4.1 and Q12: MonaServer says 128 MB, others 0x7fffffff, somebody 0.
    [TestCase(1, 1)]
    [TestCase(128, 128)]
    [TestCase(0xFF_FFFF, 0xFF_FFFF)]
    [TestCase(0x0100_0000, 0xFF_FFFF)]
    [TestCase(0x7FFF_FFFF, 0xFF_FFFF)]
    [TestCase(0, 128)]
    public void A_chunk_size_is_taken_within_its_range(int size, int taken)
    {
        _reader.ChunkBytesMax = size;

        Assert.That(_reader.ChunkBytesMax, Is.EqualTo(taken));
        Assert.That(_pool.OutstandingBytes, Is.Zero);
    }

    [Test]
    public void What_is_dropped_and_what_is_empty_is_counted()
    {
        _reader.ChunkBytesMax = 1;
        Take(Type0(6, 0, 2, MessageType.Video, 1, [1]));
        Take(Type0(6, 0, 2, MessageType.Video, 1, [1]));    // the first is given up (Q15)
        Take(Type0(7, 0, 0, MessageType.Video, 1, []));     // empty (Q17)
        _reader.Abort(6);                                   // the second is given up (Q16)
        _reader.Abort(6);

        Assert.That(_reader.Skipped, Is.EqualTo(3));
    }

    private ProtocolError? Fault(byte[] wire)
    {
        try
        {
            Take(wire);
            return null;
        }
        catch (ProtocolException broken)
        {
            return broken.Error;
        }
    }

    private int Take(byte[] wire)
    {
        var messages = new List<Heard>();
        Heard.Take(_reader, wire, messages);
        return messages.Count - messages.FindAll(m => m.Type == MessageType.SetChunkSize).Count;
    }
}
