using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.WebSocket;
using Reactor.Testing;

namespace Reactor.Protocol.Tests.WebSocket;

/// <summary>RFC 6455 §5, as a server hears it unless told otherwise.</summary>
[TestFixture]
public sealed class WebSocketReaderTests
{
    private const byte Text = 0x81;
    private const byte Binary = 0x82;
    private const byte Close = 0x88;
    private const byte Ping = 0x89;

    [Test]
    public void The_examples_of_the_specification_are_read()
    {
        // §5.7: a single masked "Hello"; from a server, unmasked and in two fragments.
        byte[] client = [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
        byte[] server = [0x01, 0x03, 0x48, 0x65, 0x6c, 0x80, 0x02, 0x6c, 0x6f];

        Assert.That(Frames.Read([client]).Single().Payload, Is.EqualTo("Hello"));
        Assert.That(
            Frames.Read([server], isMasked: false).Single().Payload, Is.EqualTo("Hello"));
    }

    [Test]
    public void Messages_do_not_depend_on_where_the_network_cut_them()
    {
        var medium = new string('m', 300);
        byte[] wire =
        [
            .. Frames.Masked(Text, "hé"),
            .. Frames.Masked(0x02, "fra"), .. Frames.Masked(Ping, "alive?"),
            .. Frames.Masked(0x00, ""), .. Frames.Masked(0x8A, ""), .. Frames.Masked(0x80, "gment"),
            .. Frames.Masked(Binary, medium), .. Frames.Masked(Binary, ""),
            .. Frames.Masked(Close, [0x03, 0xE9, .. "bye"u8]), 0xFF, 0xFF, 0xFF,
        ];

        foreach (var cut in Wire.EveryCutOf(wire))
        {
            Assert.That(Frames.Read(cut), Is.EqualTo(new Frames.Seen[]
            {
                new(WebSocketOpcode.Text, "h\xC3\xA9", 1005, ""),
                new(WebSocketOpcode.Ping, "alive?", 1005, ""),
                new(WebSocketOpcode.Pong, "", 1005, ""),
                new(WebSocketOpcode.Binary, "fragment", 1005, ""),
                new(WebSocketOpcode.Binary, medium, 1005, ""),
                new(WebSocketOpcode.Binary, "", 1005, ""),
                new(WebSocketOpcode.Close, "\x03\xE9" + "bye", 1001, "bye"),
            }));
        }
    }

    [TestCase(0)]
    [TestCase(125)]
    [TestCase(126)]
    [TestCase(127)]
    [TestCase(65_535)]
    [TestCase(65_536)]
    public void A_payload_is_unmasked_whatever_its_length(int length)
    {
        var payload = new byte[length];
        new Random(length).NextBytes(payload);
        var expected = string.Concat(payload.Select(value => (char)value));
        var frame = Frames.Masked(Binary, payload);

        Assert.That(Frames.Read([frame]).Single().Payload, Is.EqualTo(expected));
        foreach (var seed in Enumerable.Range(0, 20))
        {
            var cut = Wire.RandomCuts(frame, seed, bytesMax: 1 + (length / 5));
            Assert.That(Frames.Read(cut).Single().Payload, Is.EqualTo(expected));
        }
    }

    [TestCase("C1 80 00000000", TestName = "A reserved bit")]
    [TestCase("A1 80 00000000", TestName = "Another reserved bit")]
    [TestCase("91 80 00000000", TestName = "The third reserved bit")]
    [TestCase("83 80 00000000", TestName = "A reserved opcode")]
    [TestCase("8B 80 00000000", TestName = "A reserved control opcode")]
    [TestCase("8F 80 00000000", TestName = "The last opcode")]
    [TestCase("81 00", TestName = "A client's frame without a mask")]
    [TestCase("09 80 00000000", TestName = "A ping in fragments")]
    [TestCase("89 FE 007E 00000000", TestName = "A ping of 126 bytes")]
    [TestCase("80 80 00000000", TestName = "A fragment of no message")]
    [TestCase("01 80 00000000 81 80 00000000", TestName = "A message within another")]
    [TestCase("82 FE 007D 00000000", TestName = "A length of 16 bits that needs 7")]
    [TestCase("82 FF 000000000000FFFF 00000000", TestName = "A length of 64 bits that needs 16")]
    [TestCase("82 FF 8000000000000000 00000000", TestName = "A negative length")]
    [TestCase("88 81 00000000 03", TestName = "Half a close code")]
    [TestCase("88 82 00000000 03E7", TestName = "Close code 999")]
    [TestCase("88 82 00000000 03EC", TestName = "Close code 1004")]
    [TestCase("88 82 00000000 03ED", TestName = "Close code 1005")]
    [TestCase("88 82 00000000 03EE", TestName = "Close code 1006")]
    [TestCase("88 82 00000000 03F7", TestName = "Close code 1015")]
    [TestCase("88 82 00000000 0BB7", TestName = "Close code 2999")]
    [TestCase("88 82 00000000 1388", TestName = "Close code 5000")]
    public void What_breaks_the_protocol_is_refused_with_1002(string hex)
    {
        AssertRefused(hex, WebSocketCloseCode.ProtocolError);
    }

    [TestCase("81 82 00000000 C328", TestName = "A text that is not UTF-8")]
    [TestCase("81 81 00000000 C3", TestName = "A text that ends within a character")]
    [TestCase("81 83 00000000 EDA080", TestName = "A surrogate")]
    [TestCase("88 83 00000000 03E8 FF", TestName = "A reason that is not UTF-8")]
    public void What_is_not_UTF_8_is_refused_with_1007(string hex)
    {
        AssertRefused(hex, WebSocketCloseCode.InvalidPayload);
    }

    [Test]
    public void A_character_may_be_cut_by_fragments()
    {
        byte[] wire =
        [
            .. Frames.Masked(0x01, [0xE2, 0x82]), .. Frames.Masked(0x80, [0xAC]),
        ];

        Assert.That(Frames.Read([wire]).Single().Payload, Is.EqualTo("\xE2\x82\xAC"));
    }

    [TestCase("82 FF 0000000000010001 00000000", TestName = "One byte over the limit")]
    [TestCase("82 FF 0000000100000001 00000000", TestName = "A length that an int cuts to 1")]
    [TestCase("82 FF 0000000080000000 00000000", TestName = "A length that an int makes negative")]
    [TestCase("82 FF 00000000FFFFFFFF 00000000", TestName = "A length that an int makes -1")]
    [TestCase("82 FF 7FFFFFFFFFFFFFFF 00000000", TestName = "The longest length")]
    public void A_message_over_the_limit_is_refused_with_1009(string hex)
    {
        AssertRefused(hex, WebSocketCloseCode.MessageTooBig);
    }

    [Test]
    public void A_message_is_as_long_as_the_limit_over_all_its_fragments([Values(0, 1)] int over)
    {
        byte[] wire =
        [
            .. Frames.Masked(0x02, new byte[6]), .. Frames.Masked(0x80, new byte[4 + over]),
        ];

        if (over == 0)
            Assert.That(Frames.Read([wire], bytesMax: 10), Has.Count.EqualTo(1));
        else
        {
            Assert.That(
                () => Frames.Read([wire], bytesMax: 10),
                Throws.TypeOf<WebSocketProtocolException>());
        }
    }

    [Test]
    public void A_server_that_masks_is_refused_by_a_client()
    {
        Assert.That(
            () => Frames.Read([Frames.Masked(Binary, "x")], isMasked: false),
            Throws.TypeOf<WebSocketProtocolException>());
    }

    [Test]
    public void A_claimed_length_reserves_little()
    {
        var pool = new PacketPool();
        using var reader = new WebSocketReader(pool, Frames.BytesMax, isMasked: true);
        ReadOnlySpan<byte> input = [Binary, 0xFE, 0xFF, 0xFF, 0, 0, 0, 0, 1];

        Assert.That(reader.TryRead(ref input, out _), Is.False);
        Assert.That(pool.OutstandingBytes, Is.LessThanOrEqualTo(256));
    }

    [TestCase("82 FF 0000000080000000 00000000", WebSocketCloseCode.MessageTooBig)]
    [TestCase("82 FF 7FFFFFFFFFFFFFFF 00000000", WebSocketCloseCode.MessageTooBig)]
    [TestCase("82 FF 8000000000000000 00000000", WebSocketCloseCode.ProtocolError)]
    public void A_length_beyond_the_limit_reserves_nothing(string hex, WebSocketCloseCode code)
    {
        var pool = new PacketPool();
        using var reader = new WebSocketReader(pool, Frames.BytesMax, isMasked: true);
        var wire = Convert.FromHexString(hex.Replace(" ", ""));

        var refused = Assert.Throws<WebSocketProtocolException>(() =>
        {
            ReadOnlySpan<byte> input = wire;
            reader.TryRead(ref input, out _);
        });
        Assert.That(refused.Code, Is.EqualTo(code));
        Assert.That(pool.Outstanding, Is.Zero);
    }

    [Test]
    public void A_message_that_fits_its_packet_allocates_nothing()
    {
        var pool = new PacketPool();
        using var reader = new WebSocketReader(pool, Frames.BytesMax, isMasked: true);
        var frame = Frames.Masked(Binary, new byte[100]);
        Receive(reader, frame);

        var bytes = Allocated.By(() =>
        {
            for (var i = 0; i < 1000; i++)
                Receive(reader, frame);
        });

        Assert.That(bytes, Is.Zero);
    }

    private static void Receive(WebSocketReader reader, ReadOnlySpan<byte> frame)
    {
        if (!reader.TryRead(ref frame, out var message))
            Assert.Fail();
        message.Payload.Release();
    }

    private static void AssertRefused(string hex, WebSocketCloseCode code)
    {
        var wire = Convert.FromHexString(hex.Replace(" ", ""));
        foreach (var cut in Wire.EveryCutOf(wire))
        {
            var refused = Assert.Throws<WebSocketProtocolException>(() => Frames.Read(cut));
            Assert.That(refused.Code, Is.EqualTo(code));
        }
    }
}
