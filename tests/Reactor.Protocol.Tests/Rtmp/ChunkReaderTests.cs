using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Rtmp;
using Reactor.Testing;
using static Reactor.Testing.Chunks;

namespace Reactor.Protocol.Tests.Rtmp;

/// <summary>What messages chunks make (RTMP 1.0 §5.3), wherever the network cuts them.</summary>
[TestFixture]
public sealed class ChunkReaderTests
{
    private const uint Id = 4;
    private const MessageType Audio = MessageType.Audio;
    private const MessageType Video = MessageType.Video;

    [Test]
    public void A_message_does_not_depend_on_where_the_network_cut_it(
        [Values(2u, 3u, 63u, 64u, 319u, 320u, 1000u, 65_599u)] uint id,
        [Values(0u, 40u, 0xFF_FFFEu, 0xFF_FFFFu, 0x100_0000u, 0xFFFF_FFFFu)] uint time)
    {
        var payload = Bytes(300);
        byte[] wire =
        [
            .. Type0(id, time, 300, Video, 0x0102_0304, payload.AsSpan(0, 128)),
            .. Continued(id, time, payload.AsSpan(128, 128)),
            .. Continued(id, time, payload.AsSpan(256)),
        ];

        Expect(wire, new Heard(Video, time, 0x0102_0304, payload));
    }

    [Test]
    public void An_id_of_64_to_319_may_be_written_in_two_or_three_bytes(
        [Values(64u, 100u, 319u)] uint id)
    {
        byte[] header = [0, 0, 9, 0, 0, 2, 8, 1, 0, 0, 0, 0xAA, 0xBB];
        byte[] next = [0, 0, 5, 0xCC, 0xDD];    // type 2: known only if both forms are one id
        byte[] wire = [.. Chunks.Id(0, id, 2), .. header, .. Chunks.Id(2, id, 3), .. next];

        Expect(wire, new Heard(Audio, 9, 1, [0xAA, 0xBB]), new Heard(Audio, 14, 1, [0xCC, 0xDD]));
    }

    [Test]
    public void Each_type_inherits_what_it_leaves_out()
    {
        byte[] wire =
        [
            .. Type0(Id, 1000, 2, Audio, 7, [1, 2]),
            .. Type1(Id, 20, 3, Video, [3, 4, 5]),
            .. Type2(Id, 30, [6, 7, 8]),
            .. Type3(Id, [9, 10, 11]),
        ];

        Expect(
            wire,
            new Heard(Audio, 1000, 7, [1, 2]),
            new Heard(Video, 1020, 7, [3, 4, 5]),
            new Heard(Video, 1050, 7, [6, 7, 8]),
            new Heard(Video, 1080, 7, [9, 10, 11]));
    }

    // ffmpeg means the first as a delta, librtmp the second as the same time (Q9).
    [TestCase(0u, 0u, 0u)]
    [TestCase(23u, 46u, 69u)]
    [TestCase(1000u, 2000u, 3000u)]
    [TestCase(1001u, 1001u, 1001u)]
    [TestCase(0x1234_5678u, 0x1234_5678u, 0x1234_5678u)]
    public void A_type_3_that_opens_a_message_after_a_type_0_adds_a_small_time_only(
        uint first, uint second, uint third)
    {
        byte[] wire =
        [
            .. Type0(Id, first, 1, Audio, 1, [1]),
            .. Continued(Id, first, [2]),
            .. Continued(Id, first, [3]),
        ];

        Expect(
            wire,
            new Heard(Audio, first, 1, [1]),
            new Heard(Audio, second, 1, [2]),
            new Heard(Audio, third, 1, [3]));
    }

    [Test]
    public void A_type_3_that_opens_a_message_adds_the_delta_of_the_type_before(  // S1.40, Q9
        [Values(0u, 23u, 0xFF_FFFFu, 0x0200_0000u)] uint delta, [Values(1, 2)] int format)
    {
        var second = format == 1 ? Type1(Id, delta, 1, Audio, [2]) : Type2(Id, delta, [2]);
        byte[] wire =
        [
            .. Type0(Id, 50, 1, Audio, 1, [1]),
            .. second,
            .. Continued(Id, delta, [3]),
            .. Continued(Id, delta, [4]),
        ];

        Expect(
            wire,
            new Heard(Audio, 50, 1, [1]),
            new Heard(Audio, 50 + delta, 1, [2]),
            new Heard(Audio, 50 + (2 * delta), 1, [3]),
            new Heard(Audio, 50 + (3 * delta), 1, [4]));
    }

    [Test]
    public void Time_goes_round_at_2_to_the_32nd()
    {
        byte[] wire =
        [
            .. Type0(Id, 0xFFFF_FFF0, 1, Audio, 1, [1]),
            .. Type2(Id, 0x20, [2]),
        ];

        Expect(
            wire, new Heard(Audio, 0xFFFF_FFF0, 1, [1]), new Heard(Audio, 0x10, 1, [2]));
    }

    [Test]
    public void A_fresh_chunk_stream_begins_with_zeros()                    // Q10
    {
        byte[] wire =
        [
            .. Type1(2, 0, 6, MessageType.UserControl, [0, 7, 0, 0, 0, 9]),    // librtmp's ping
            .. Type2(70, 15, []),               // DJI's: a message of no bytes
            .. Type3(71, []),
            .. Type1(70, 5, 2, Video, [1, 2]),
        ];

        Expect(
            wire,
            new Heard(MessageType.UserControl, 0, 0, [0, 7, 0, 0, 0, 9]),
            new Heard(Video, 20, 0, [1, 2]));
    }

    [Test]
    public void Audio_may_cut_into_a_video_message()                        // Q14
    {
        var picture = Bytes(300);
        byte[] wire =
        [
            .. Type0(6, 40, 300, Video, 1, picture.AsSpan(0, 128)),
            .. Type0(4, 41, 2, Audio, 1, [1, 2]),
            .. Type3(6, picture.AsSpan(128, 128)),
            .. Type3(4, [3, 4]),
            .. Type3(6, picture.AsSpan(256)),
        ];

        Expect(
            wire,
            new Heard(Audio, 41, 1, [1, 2]),
            new Heard(Audio, 82, 1, [3, 4]),
            new Heard(Video, 40, 1, picture));
    }

    [Test]
    public void A_new_chunk_size_is_in_force_at_the_next_chunk_of_a_message_under_way()  // Q14
    {
        var picture = Bytes(600);
        byte[] wire =
        [
            .. Type0(6, 40, 600, Video, 1, picture.AsSpan(0, 128)),
            .. Control(MessageType.SetChunkSize, 0, 0, 0, 200),
            .. Type3(6, picture.AsSpan(128, 200)),
            .. Control(MessageType.SetChunkSize, 0, 0, 0, 1),
            .. Type3(6, picture.AsSpan(328, 1)),
            .. Type3(2, [0]),                   // of a control message too: type 3 opens one
            .. Type3(2, [0]),
            .. Type3(2, [16]),
            .. Type3(2, [0]),                   // 4,096
            .. Type3(6, picture.AsSpan(329)),
        ];

        Expect(
            wire,
            new Heard(MessageType.SetChunkSize, 0, 0, [0, 0, 0, 200]),
            new Heard(MessageType.SetChunkSize, 0, 0, [0, 0, 0, 1]),
            new Heard(MessageType.SetChunkSize, 0, 0, [0, 0, 16, 0]),
            new Heard(Video, 40, 1, picture));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public void A_header_in_mid_message_begins_anew(int format)             // Q15
    {
        var old = Bytes(200);
        byte[] again = format switch
        {
            0 => Type0(Id, 90, 3, Audio, 1, [1, 2, 3]),
            1 => Type1(Id, 50, 3, Audio, [1, 2, 3]),
            _ => [.. Type2(Id, 50, old.AsSpan(0, 128)), .. Type3(Id, old.AsSpan(128))],
        };
        byte[] wire = [.. Type0(Id, 40, 200, Audio, 1, old.AsSpan(0, 128)), .. again];

        Expect(wire, new Heard(Audio, 90, 1, format == 2 ? old : [1, 2, 3]));
    }

    [Test]
    public void An_abort_drops_what_is_under_way_on_its_chunk_stream_alone()     // Q16
    {
        var picture = Bytes(200);
        byte[] wire =
        [
            .. Type0(6, 40, 200, Video, 1, picture.AsSpan(0, 128)),
            .. Type0(7, 41, 200, Video, 1, picture.AsSpan(0, 128)),
            .. Control(MessageType.Abort, 0, 0, 0, 6),
            .. Control(MessageType.Abort, 0, 0, 1, 0),      // an id that was never seen
            .. Type0(6, 80, 2, Video, 1, [1, 2]),
            .. Type3(7, picture.AsSpan(128)),
        ];

        Expect(
            wire,
            new Heard(MessageType.Abort, 0, 0, [0, 0, 0, 6]),
            new Heard(MessageType.Abort, 0, 0, [0, 0, 1, 0]),
            new Heard(Video, 80, 1, [1, 2]),
            new Heard(Video, 41, 1, picture));
    }

    [Test]
    public void A_message_of_no_bytes_is_left_out_and_its_time_counts()     // Q17
    {
        byte[] wire =
        [
            .. Type0(Id, 40, 0, Audio, 1, []),
            .. Type1(Id, 10, 0, Audio, []),
            .. Type0(5, 0x200_0000, 0, Audio, 1, []),
            .. Type3(5, 0x200_0000, []),
            .. Type1(Id, 10, 1, Audio, [1]),
        ];

        Expect(wire, new Heard(Audio, 60, 1, [1]));
    }

    private static void Expect(byte[] wire, params Heard[] expected)
    {
        foreach (var cut in Wire.EveryCutOf(wire))
            Assert.That(Heard.All(cut), Is.EqualTo(expected));
    }

    /// <summary>A type 3 chunk as the specification has it: an extended time is repeated.</summary>
    private static byte[] Continued(uint id, uint time, ReadOnlySpan<byte> payload) =>
        time >= ExtendedMark ? Type3(id, time, payload) : Type3(id, payload);

    /// <summary>Bytes that differ, and in which no time of these tests occurs.</summary>
    private static byte[] Bytes(int count) =>
        [.. Enumerable.Range(0, count).Select(i => (byte)(0x80 | (i * 7)))];
}
