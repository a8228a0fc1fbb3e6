using System;
using System.Collections.Generic;
using NUnit.Framework;
using Reactor.Protocol.Rtmp;
using Reactor.Testing;
using static Reactor.Testing.Chunks;

namespace Reactor.Protocol.Tests.Rtmp;

/// <summary>
/// Times over 0xFFFFFF: some repeat them in type 3 chunks, some do not (Q8), and a payload may
/// look like either.
/// </summary>
[TestFixture]
public sealed class ExtendedTimestampTests
{
    private const uint Id = 6;
    private const uint Time = 0x0102_0305;

    [Test]
    public void Both_habits_are_read([Values] bool repeats, [Values(0, 2)] int format)
    {
        var payload = Pattern(300);
        var wire = new List<byte>();
        if (format == 0)
            wire.AddRange(Type0(Id, Time, 300, MessageType.Video, 1, payload.AsSpan(0, 128)));
        else
        {
            wire.AddRange(Type0(Id, 0, 300, MessageType.Video, 1, payload.AsSpan(0, 128)));
            wire.AddRange(Type3(Id, payload.AsSpan(128, 128)));
            wire.AddRange(Type3(Id, payload.AsSpan(256)));
            wire.AddRange(Type2(Id, Time, payload.AsSpan(0, 128)));
        }
        wire.AddRange(Next(repeats, payload.AsSpan(128, 128)));
        wire.AddRange(Next(repeats, payload.AsSpan(256)));
        wire.AddRange(Type0(4, 5, 1, MessageType.Audio, 1, [1]));

        foreach (var cut in Wire.EveryCutOf(wire.ToArray()))
        {
            var heard = Heard.All(cut);
            var video = new Heard(MessageType.Video, Time, 1, payload);
            var audio = new Heard(MessageType.Audio, 5, 1, [1]);
            Assert.That(heard[^2..], Is.EqualTo(new[] { video, audio }));
        }
    }

    /// <summary>The first bytes of the time, then another one: payload after all.</summary>
    [Test]
    public void A_payload_that_begins_as_the_time_does_is_kept(
        [Values(1, 2, 3)] int alike, [Values] bool repeats)
    {
        var payload = Pattern(140);
        Number(Time, 4).AsSpan(0, alike).CopyTo(payload.AsSpan(128));
        byte[] wire =
        [
            .. Type0(Id, Time, 140, MessageType.Video, 1, payload.AsSpan(0, 128)),
            .. Next(repeats, payload.AsSpan(128)),
            .. Type0(4, 5, 1, MessageType.Audio, 1, [1]),
        ];

        foreach (var cut in Wire.EveryCutOf(wire))
        {
            Assert.That(
                Heard.All(cut),
                Is.EqualTo(new[]
                {
                    new Heard(MessageType.Video, Time, 1, payload),
                    new Heard(MessageType.Audio, 5, 1, [1]),
                }));
        }
    }

    [Test]
    public void A_repeated_time_is_taken_once_though_the_payload_begins_with_it_too()
    {
        var payload = Pattern(140);
        Number(Time, 4).CopyTo(payload, 128);
        byte[] wire =
        [
            .. Type0(Id, Time, 140, MessageType.Video, 1, payload.AsSpan(0, 128)),
            .. Type3(Id, Time, payload.AsSpan(128)),
        ];

        foreach (var cut in Wire.EveryCutOf(wire))
        {
            Assert.That(
                Heard.All(cut),
                Is.EqualTo(new[] { new Heard(MessageType.Video, Time, 1, payload) }));
        }
    }

    /// <summary>
    /// A last chunk of one to three bytes, equal to the time's first ones and without the time:
    /// what was tried as the time then reaches into the headers and payloads behind it.
    /// </summary>
    [Test]
    public void A_chunk_shorter_than_the_time_gives_back_what_was_looked_at(
        [Values(1, 2, 3)] int tail, [Values(1, 2, 3)] int alike)
    {
        var payload = Pattern(128 + tail);
        Number(Time, 4).AsSpan(0, Math.Min(alike, tail)).CopyTo(payload.AsSpan(128));
        byte[] wire =
        [
            .. Type0(Id, Time, payload.Length, MessageType.Video, 1, payload.AsSpan(0, 128)),
            .. Type3(Id, payload.AsSpan(128)),
            .. Type0(4, 5, 2, MessageType.Audio, 1, [1, 2]),
            .. Type3(4, [3, 4]),
        ];

        foreach (var cut in Wire.EveryCutOf(wire))
        {
            Assert.That(
                Heard.All(cut),
                Is.EqualTo(new[]
                {
                    new Heard(MessageType.Video, Time, 1, payload),
                    new Heard(MessageType.Audio, 5, 1, [1, 2]),
                    new Heard(MessageType.Audio, 10, 1, [3, 4]),
                }));
        }
    }

    /// <summary>
    /// One-byte chunks without the time, whose header bytes are the time's own: what is given
    /// back is looked at as a time once more, inside what was given back.
    /// </summary>
    [Test]
    public void What_is_given_back_may_look_like_a_time_again()
    {
        const uint headers = 0xC6C6_C6C6;       // as a type 3 header of chunk stream 6
        byte[] payload = [0xC6, 0xC6, 0xC6, 1];
        byte[] wire =
        [
            .. Control(MessageType.SetChunkSize, 0, 0, 0, 1),
            .. Type0(Id, headers, 4, MessageType.Video, 1, payload.AsSpan(0, 1)),
            .. Type3(Id, headers, payload.AsSpan(1, 1)),
            .. Type3(Id, headers, payload.AsSpan(2, 1)),
            .. Type3(Id, payload.AsSpan(3)),
            .. Type0(4, 5, 1, MessageType.Audio, 1, [1]),
        ];

        foreach (var cut in Wire.EveryCutOf(wire))
        {
            Assert.That(
                Heard.All(cut)[1..],
                Is.EqualTo(new[]
                {
                    new Heard(MessageType.Video, headers, 1, payload),
                    new Heard(MessageType.Audio, 5, 1, [1]),
                }));
        }
    }

    /// <summary>Whatever the bytes mean, they mean it at every cut.</summary>
    [Test]
    public void Ambiguous_bytes_are_read_alike_at_every_cut([Range(0, 199)] int seed)
    {
        // Few values, so that headers, times and payloads look like each other all the time.
        var random = new Random(seed);
        byte[] few = [6, 0xC6, 0x86, 0xFF, 0xC6, 1];
        var wire = new List<byte>();
        wire.AddRange(Control(MessageType.SetChunkSize, 0, 0, 0, (byte)(1 + (seed % 5))));
        wire.AddRange(Type0(Id, 0xC6C6_0101, 3, MessageType.Video, 1, []));
        for (var i = 0; i < 60; i++)
            wire.Add(few[random.Next(few.Length)]);
        var bytes = wire.ToArray();
        var whole = Heard.All([bytes.AsSpan().ToArray()]);

        foreach (var cut in Wire.EveryCutOf(bytes))
            Assert.That(Heard.All(cut), Is.EqualTo(whole));
    }

    private static byte[] Next(bool repeats, ReadOnlySpan<byte> payload) =>
        repeats ? Type3(Id, Time, payload) : Type3(Id, payload);

    private static byte[] Pattern(int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++)
            bytes[i] = (byte)(0x80 | (i * 7));
        return bytes;
    }
}
