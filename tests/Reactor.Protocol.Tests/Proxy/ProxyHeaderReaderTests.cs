using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Proxy;
using Reactor.Protocol.Tests.Http;
using Reactor.Testing;

namespace Reactor.Protocol.Tests.Proxy;

/// <summary>The protocol of haproxy's proxy-protocol.txt, versions 1 (§2.1) and 2 (§2.2).</summary>
[TestFixture]
public sealed class ProxyHeaderReaderTests
{
    private const string Follows = "GET / HTTP/1.1\r\n";

    [TestCase("PROXY TCP4 192.0.2.7 10.0.0.1 56324 443\r\n", "192.0.2.7:56324", "10.0.0.1:443")]
    [TestCase("PROXY TCP4 255.255.255.255 0.0.0.0 0 9\r\n", "255.255.255.255:0", "0.0.0.0:9")]
    [TestCase("PROXY TCP4 1.2.3.4 1.2.3.5 65535 80\r\n", "1.2.3.4:65535", "1.2.3.5:80")]
    [TestCase("PROXY TCP6 2001:db8::7 ::1 1 2\r\n", "[2001:db8::7]:1", "[::1]:2")]
    [TestCase("PROXY TCP6 ::ffff:192.0.2.7 ::1 1 2\r\n", "[::ffff:192.0.2.7]:1", "[::1]:2")]
    [TestCase("PROXY UNKNOWN\r\n", null, null)]
    [TestCase("PROXY UNKNOWN ffff:f...f:ffff anything 1 2\r\n", null, null)]
    public void A_line_of_version_1_is_read(string line, string? source, string? target)
    {
        AssertRead(Requests.Bytes(line), source, target);
    }

    [TestCase("21 11 000C C0000207 0A000001 DC04 01BB", "192.0.2.7:56324", "10.0.0.1:443")]
    [TestCase(
        "21 11 0010 C0000207 0A000001 DC04 01BB 04 0001 00", "192.0.2.7:56324", "10.0.0.1:443",
        TestName = "An extension is passed over")]
    [TestCase(
        "21 21 0024 20010DB8000000000000000000000007 00000000000000000000000000000001 0001 0002",
        "[2001:db8::7]:1", "[::1]:2")]
    [TestCase("20 00 0000", null, null, TestName = "A health check of the proxy's own")]
    [TestCase("20 11 000C C0000207 0A000001 DC04 01BB", null, null, TestName = "Likewise")]
    [TestCase("20 11 0001 00", null, null, TestName = "Likewise, and cut short")]
    [TestCase("21 00 0003 040000", null, null, TestName = "A family that is not told")]
    [TestCase("21 12 000C C0000207 0A000001 DC04 01BB", null, null, TestName = "UDP")]
    public void A_header_of_version_2_is_read(string hex, string? source, string? target)
    {
        AssertRead(Binary(hex), source, target);
    }

    [Test]
    public void A_Unix_socket_has_no_address()
    {
        AssertRead([.. Binary("21 31 00D8"), .. new byte[216]], null, null);
    }

    [Test]
    public void Extensions_are_as_long_as_the_limit_and_no_longer([Values(0, 1)] int over)
    {
        var length = ProxyHeaderReader.BodyBytesMax + over;
        byte[] header =
        [
            .. Binary($"21 11 {length:X4} C0000207 0A000001 DC04 01BB"), .. new byte[length - 12],
        ];

        if (over == 0)
            AssertRead(header, "192.0.2.7:56324", "10.0.0.1:443");
        else
            AssertRefused(header);
    }

    [TestCase("PROXY\r\n")]
    [TestCase("PROXX ")]
    [TestCase("POST / HTTP/1.1\r\n")]
    [TestCase("GET / HTTP/1.1\r\n")]
    [TestCase("\r\n\r\n\0\r\nQUIX")]
    [TestCase("\r\nGET / HTTP/1.1\r\n")]
    [TestCase("\x03")]
    public void What_is_no_header_is_given_back_to_the_last_byte(string text)
    {
        foreach (var cut in Wire.EveryCutOf(Requests.Bytes(text)))
        {
            var reader = new ProxyHeaderReader();
            var (state, _, left) = Read(reader, cut);

            Assert.That(state, Is.EqualTo(ProxyHeaderState.None));
            byte[] all = [.. reader.Rest, .. left];
            Assert.That(all, Is.EqualTo(Requests.Bytes(text)));
        }
    }

    [TestCase("")]
    [TestCase("PROXY ")]
    [TestCase("PROXY TCP4 192.0.2.7 10.0.0.1 56324 443\r")]
    [TestCase("\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0C")]
    public void Half_a_header_waits_for_more(string text)
    {
        var (state, _, left) = Read(new ProxyHeaderReader(), [Requests.Bytes(text)]);

        Assert.That(state, Is.EqualTo(ProxyHeaderState.Incomplete));
        Assert.That(left, Is.Empty);
    }

    [TestCase("PROXY \r\n")]
    [TestCase("PROXY TCP4\r\n")]
    [TestCase("PROXY TCP5 1.2.3.4 1.2.3.4 1 2\r\n")]
    [TestCase("PROXY tcp4 1.2.3.4 1.2.3.4 1 2\r\n")]
    [TestCase("PROXY TCP4 1.2.3.4 1.2.3.4 1 2\n")]
    [TestCase("PROXY TCP4 1.2.3.4 1.2.3.4 1\r\n")]
    [TestCase("PROXY TCP4 1.2.3.4 1.2.3.4 1 2 3\r\n")]
    [TestCase("PROXY TCP4  1.2.3.4 1.2.3.4 1 2\r\n")]
    [TestCase("PROXY TCP4 ::1 ::1 1 2\r\n")]
    [TestCase("PROXY TCP6 1.2.3.4 1.2.3.4 1 2\r\n")]
    [TestCase("PROXY TCP4 1.2.3 1.2.3.4 1 2\r\n")]
    [TestCase("PROXY TCP4 01.2.3.4 1.2.3.4 1 2\r\n")]
    [TestCase("PROXY TCP4 0x1.2.3.4 1.2.3.4 1 2\r\n")]
    [TestCase("PROXY TCP4 1.2.3.256 1.2.3.4 1 2\r\n")]
    [TestCase("PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n")]
    [TestCase("PROXY TCP6 [::1] ::1 1 2\r\n")]
    [TestCase("PROXY TCP4 1.2.3.4 1.2.3.4 1 65536\r\n")]
    [TestCase("PROXY TCP4 1.2.3.4 1.2.3.4 01 2\r\n")]
    [TestCase("PROXY TCP4 1.2.3.4 1.2.3.4 +1 2\r\n")]
    public void A_malformed_line_is_refused(string line)
    {
        AssertRefused(Requests.Bytes(line));
    }

    [Test]
    public void A_line_has_107_bytes_at_most()
    {
        var longest = "PROXY UNKNOWN ".PadRight(ProxyHeaderReader.TextBytesMax - 2, 'x') + "\r\n";

        AssertRead(Requests.Bytes(longest), null, null);
        AssertRefused(Requests.Bytes("x" + longest).Select((b, i) => i == 0 ? (byte)'P'
            : i < 6 ? (byte)"PROXY "[i] : b).ToArray());
    }

    [TestCase("11 11 000C C0000207 0A000001 DC04 01BB", TestName = "Version 1 in binary")]
    [TestCase("22 11 000C C0000207 0A000001 DC04 01BB", TestName = "A command that is none")]
    [TestCase("21 41 000C C0000207 0A000001 DC04 01BB", TestName = "A family that is none")]
    [TestCase("21 13 000C C0000207 0A000001 DC04 01BB", TestName = "A transport that is none")]
    [TestCase("21 11 000B C0000207 0A000001 DC04 01", TestName = "Too few bytes for IPv4")]
    [TestCase("21 21 000C C0000207 0A000001 DC04 01BB", TestName = "Too few bytes for IPv6")]
    public void A_malformed_header_of_version_2_is_refused(string hex)
    {
        AssertRefused(Binary(hex));
    }

    private static void AssertRead(byte[] header, string? source, string? target)
    {
        byte[] wire = [.. header, .. Requests.Bytes(Follows)];
        foreach (var cut in Wire.EveryCutOf(wire))
        {
            var (state, read, left) = Read(new ProxyHeaderReader(), cut);

            Assert.That(state, Is.EqualTo(ProxyHeaderState.Read));
            Assert.That(read.Source?.ToString(), Is.EqualTo(source));
            Assert.That(read.Destination?.ToString(), Is.EqualTo(target));
            Assert.That(left, Is.EqualTo(Requests.Bytes(Follows)));
        }
    }

    private static void AssertRefused(byte[] wire)
    {
        foreach (var cut in Wire.EveryCutOf(wire))
        {
            var refused = Assert.Throws<ProtocolException>(
                () => Read(new ProxyHeaderReader(), cut));
            Assert.That(refused.Error, Is.EqualTo(ProtocolError.ProxyHeader));
        }
    }

    private static (ProxyHeaderState State, ProxyHeader Header, byte[] Left) Read(
        ProxyHeaderReader reader, IEnumerable<byte[]> pieces)
    {
        var state = ProxyHeaderState.Incomplete;
        var header = default(ProxyHeader);
        var left = new List<byte>();
        foreach (var piece in pieces)
        {
            ReadOnlySpan<byte> input = piece;
            if (state == ProxyHeaderState.Incomplete)
                state = reader.TryRead(ref input, out header);
            left.AddRange(input);
        }
        return (state, header, [.. left]);
    }

    private static byte[] Binary(string hex) =>
    [
        .. Requests.Bytes("\r\n\r\n\0\r\nQUIT\n"), .. Convert.FromHexString(hex.Replace(" ", "")),
    ];
}
