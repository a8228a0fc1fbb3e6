using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.WebSocket;

namespace Reactor.Protocol.Tests.WebSocket;

[TestFixture]
public sealed class WebSocketFrameWriterTests
{
    [TestCase(0, "8200")]
    [TestCase(125, "827D")]
    [TestCase(126, "827E007E")]
    [TestCase(65_535, "827EFFFF")]
    [TestCase(65_536, "827F0000000000010000")]
    [TestCase(0x1_0000_0001, "827F0000000100000001")]
    public void A_length_stands_in_its_shortest_form(long length, string hex)
    {
        var room = new byte[WebSocketFrameWriter.HeaderLengthMax];
        var to = new ByteWriter(room);
        WebSocketFrameWriter.Header(ref to, WebSocketOpcode.Binary, length);

        Assert.That(Convert.ToHexString(room, 0, to.Length), Is.EqualTo(hex));
        Assert.That(WebSocketFrameWriter.HeaderLength(length), Is.EqualTo(to.Length));
    }

    [Test]
    public void The_example_of_the_specification_is_written()
    {
        // §5.7: a single masked text message of "Hello".
        var room = new byte[11];
        var to = new ByteWriter(room);
        WebSocketFrameWriter.MaskedFrame(ref to, WebSocketOpcode.Text, "Hello"u8, 0x37FA213D);

        Assert.That(Convert.ToHexString(room), Is.EqualTo("818537FA213D7F9F4D5158"));
    }

    [Test]
    public void What_a_client_writes_a_server_reads([Values(0, 9, 200, 65_536)] int length)
    {
        var payload = new byte[length];
        new Random(length).NextBytes(payload);
        var room = new byte[length + 14];
        var to = new ByteWriter(room);
        WebSocketFrameWriter.MaskedFrame(ref to, WebSocketOpcode.Binary, payload, 0x01020384);

        var seen = Frames.Read([room[..to.Length]]).Single();

        Assert.That(seen.Payload, Is.EqualTo(string.Concat(payload.Select(b => (char)b))));
    }

    [TestCase(WebSocketCloseCode.None, "", 1005, "")]
    [TestCase(WebSocketCloseCode.GoingAway, "the server stops", 1001, "the server stops")]
    public void A_close_frame_says_why(
        WebSocketCloseCode code, string reason, int seenCode, string seenReason)
    {
        var pool = new PacketPool();
        var packet = WebSocketFrameWriter.Close(pool, code, reason);
        var seen = Frames.Read([packet.Written.ToArray()], isMasked: false).Single();
        packet.Release();

        Assert.That((seen.Code, seen.Reason), Is.EqualTo((seenCode, seenReason)));
        Assert.That(pool.Outstanding, Is.Zero);
    }

    [Test]
    public void A_control_frame_is_short_and_whole()
    {
        Assert.That(() => Write(126, isFinal: true), Throws.TypeOf<InvariantException>());
        Assert.That(() => Write(1, isFinal: false), Throws.TypeOf<InvariantException>());
        Assert.That(() => Write(125, isFinal: true), Throws.Nothing);

        static void Write(int length, bool isFinal)
        {
            var to = new ByteWriter(new byte[16]);
            WebSocketFrameWriter.Header(ref to, WebSocketOpcode.Ping, length, isFinal);
        }
    }

    [Test]
    public void A_header_allocates_nothing()
    {
        Span<byte> room = stackalloc byte[WebSocketFrameWriter.HeaderLengthMax];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var length = 0; length < 100_000; length += 7)
        {
            var to = new ByteWriter(room);
            WebSocketFrameWriter.Header(ref to, WebSocketOpcode.Binary, length);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
