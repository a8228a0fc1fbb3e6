using System;
using System.Runtime.InteropServices;
using NUnit.Framework;
using Reactor.Load.Traffic;

namespace Reactor.Load.Tests;

[TestFixture]
public sealed class FrameStampTests
{
    [Test]
    public void A_stamp_is_read_as_it_was_written([Values(30, 31, 61, 62, 3300)] int length)
    {
        var payload = Stamped(length);

        Assert.That(FrameStamp.TryRead(payload, out var stamp), Is.True);
        Assert.That(stamp, Is.EqualTo(new FrameStamp(7, 123_456_789_012)));
    }

    [Test]
    public void A_change_of_any_byte_is_seen([Range(0, 98)] int index)
    {
        var payload = Stamped(99);
        payload[index] ^= 0x10;

        Assert.That(FrameStamp.TryRead(payload, out _), Is.False);
    }

    [Test]
    public void Words_that_changed_places_are_seen(
        [Values(0, 3, 4)] int one, [Values(1, 2, 5, 7)] int other)
    {
        var payload = Stamped(99);
        var words = MemoryMarshal.Cast<byte, ulong>(payload.AsSpan(FrameStamp.PayloadBytesMin..^5));
        (words[one], words[other]) = (words[other], words[one]);

        Assert.That(FrameStamp.TryRead(payload, out _), Is.False);
    }

    [Test]
    public void A_payload_that_was_cut_is_seen([Range(0, 44)] int length)
    {
        Assert.That(FrameStamp.TryRead(Stamped(45).AsSpan(0, length), out _), Is.False);
    }

    private static byte[] Stamped(int length)
    {
        var payload = new byte[length];
        for (var i = 0; i < length; i++)
            payload[i] = (byte)(i * 7);
        new FrameStamp(7, 123_456_789_012).Write(payload);
        return payload;
    }
}
