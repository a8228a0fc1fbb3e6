using System;
using System.Collections.Generic;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;

namespace Reactor.Protocol.Tests.Rtmp;

[TestFixture]
public sealed class AggregateReaderTests
{
    [Test]
    public void Its_tags_are_moved_to_the_time_of_the_aggregate()           // RTMP 1.0 §7.1.6
    {
        byte[] body = [.. Tag(8, 1000, [1]), .. Tag(9, 1040, [2, 3]), .. Tag(18, 990, [4])];

        Assert.That(
            Read(5000, body),
            Is.EqualTo(new[]
            {
                new Heard(MessageType.Audio, 5000, 0, [1]),
                new Heard(MessageType.Video, 5040, 0, [2, 3]),
                new Heard(MessageType.Data, 4990, 0, [4]),
            }));
    }

    [Test]
    public void A_tags_time_has_its_top_byte_behind_the_others()
    {
        byte[] body = [.. Tag(8, 0x00FF_FFFF, [1]), .. Tag(8, 0x0100_0001, [2])];

        Assert.That(Read(10, body)[1].Time, Is.EqualTo(12));
    }

    [Test]
    public void Times_go_round_at_2_to_the_32nd()
    {
        byte[] body = [.. Tag(8, 0xFFFF_FFFF, [1]), .. Tag(8, 1, [2])];

        Assert.That(Read(0xFFFF_FFFF, body)[1].Time, Is.EqualTo(1));
    }

    [Test]
    public void The_last_back_pointer_may_be_missing()
    {
        byte[] body = [.. Tag(8, 0, [1]), .. Tag(9, 0, [2])];

        Assert.That(Read(0, body.AsSpan(0, body.Length - 4)), Has.Count.EqualTo(2));
    }

    [Test]
    public void A_body_that_is_cut_gives_its_whole_tags()
    {
        byte[] first = Tag(8, 0, [1, 2, 3]);
        byte[] body = [.. first, .. Tag(9, 0, [4, 5, 6])];

        for (var length = 0; length < body.Length; length++)
        {
            var expected = length < 14 ? 0 : length < first.Length + 14 ? 1 : 2;
            var parts = Read(0, body.AsSpan(0, length));
            Assert.That(parts, Has.Count.EqualTo(expected), $"{length} bytes");
        }
    }

    [Test]
    public void A_tag_longer_than_the_body_ends_it()
    {
        byte[] body = [.. Tag(8, 0, [1]), 9, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3];

        Assert.That(Read(0, body), Has.Count.EqualTo(1));
    }

    private static byte[] Tag(byte type, uint time, byte[] body) =>
    [
        type, .. Testing.Chunks.Number(body.Length, 3), .. Testing.Chunks.Number(time, 3),
        (byte)(time >> 24), 0, 0, 0, .. body, .. Testing.Chunks.Number(body.Length + 11, 4),
    ];

    private static List<Heard> Read(uint time, ReadOnlySpan<byte> body)
    {
        var pool = new PacketPool();
        var payload = pool.Copy(body);
        var reader = new AggregateReader(new(MessageType.Aggregate, time, 1, payload));
        var parts = new List<Heard>();
        while (reader.TryRead(out var type, out var at, out var part))
            parts.Add(new Heard(type, at, 0, part.ToArray()));
        payload.Release();
        return parts;
    }
}
