using System;
using NUnit.Framework;
using Reactor.Load.Traffic;

namespace Reactor.Load.Tests;

[TestFixture]
public sealed class FrameStampTests
{
    [Test]
    public void A_stamp_is_read_as_it_was_written([Values(30, 31, 37, 38, 3300)] int length)
    {
        var payload = Stamped(length);

        Assert.That(FrameStamp.TryRead(payload, out var stamp), Is.True);
        Assert.That(stamp, Is.EqualTo(new FrameStamp(7, 123_456_789_012)));
    }

    [Test]
    public void A_change_of_any_byte_is_seen([Range(0, 44)] int index)
    {
        var payload = Stamped(45);
        payload[index] ^= 0x10;

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
