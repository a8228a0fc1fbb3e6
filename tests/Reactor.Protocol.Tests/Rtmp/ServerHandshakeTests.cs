using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;
using Reactor.Testing;

namespace Reactor.Protocol.Tests.Rtmp;

[TestFixture]
public sealed class ServerHandshakeTests
{
    private const int Block = 1536;
    private const uint UptimeMs = 0x0102_0304;

    private static readonly byte[] FirstChunk = [2, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0, 0, 16, 0];

    [Test]
    public void A_simple_handshake_does_not_depend_on_where_the_network_cut_it()
    {
        var c1 = Random(Block, seed: 1);
        c1.AsSpan(4, 4).Clear();
        byte[] wire = [3, .. c1, .. Random(Block, seed: 2), .. FirstChunk];

        foreach (var cut in Wire.EveryCutOf(wire))
        {
            var (reply, rest, isDigest) = Run(cut);

            Assert.That(isDigest, Is.False);
            Assert.That(rest, Is.EqualTo(FirstChunk));
            Assert.That(reply, Has.Length.EqualTo(ServerHandshake.ReplyBytes));
            Assert.That(reply[0], Is.EqualTo(3));
            var s1 = reply.AsSpan(1);
            Assert.That(BinaryPrimitives.ReadUInt32BigEndian(s1), Is.EqualTo(UptimeMs));
            Assert.That(BinaryPrimitives.ReadUInt32BigEndian(s1[4..]), Is.Zero);
            Assert.That(reply[(1 + Block)..], Is.EqualTo(c1), "S2 echoes C1, after S1 (S1.8)");
        }
    }

    [Test]
    public void The_answer_does_not_wait_for_C2()
    {
        var pool = new PacketPool();
        var reply = pool.Rent(ServerHandshake.ReplyBytes);
        var handshake = new ServerHandshake(new Random(5), UptimeMs, allowDigest: true);
        ReadOnlySpan<byte> input = [3, .. new byte[Block]];

        var isDone = handshake.Advance(ref input, reply);

        Assert.That(isDone, Is.False);
        Assert.That(reply.Length, Is.EqualTo(ServerHandshake.ReplyBytes));
        reply.Release();
        Assert.That(pool.Outstanding, Is.Zero);
    }

    [Test]
    public void A_digest_is_answered_by_a_digest_of_the_same_schema([Values(0, 1)] int schema)
    {
        for (var seed = 0; seed < 50; seed++)   // the digest's place is another one each time
        {
            var c1 = FlashPlayer.Challenge(schema, seed);
            var (reply, _, isDigest) = Run([[3, .. c1, .. new byte[Block]]]);

            Assert.That(isDigest, Is.True);
            Assert.That(FlashPlayer.Accepts(c1, schema, s1s2: reply[1..]), Is.True);
        }
    }

    [Test]
    public void A_players_check_is_not_satisfied_by_a_changed_answer()
    {
        var c1 = FlashPlayer.Challenge(schema: 1, seed: 3);
        var (reply, _, _) = Run([[3, .. c1, .. new byte[Block]]]);

        for (var at = 1; at < reply.Length; at += 97)
        {
            var changed = reply[1..];
            changed[at - 1] ^= 1;
            Assert.That(FlashPlayer.Accepts(c1, 1, changed), Is.False);
        }
    }

    [Test]
    public void Librtmps_digest_is_recognised_and_answered()
    {
        var wire = Samples.Load("rtmpdump-play-digest.client.bin");
        var c1 = wire[1..(1 + Block)];
        var (reply, rest, isDigest) = Run([wire]);

        Assert.That(isDigest, Is.True);
        Assert.That(
            new[] { 0, 1 }.Count(schema => FlashPlayer.Accepts(c1, schema, reply[1..])),
            Is.EqualTo(1));
        Assert.That(rest, Is.EqualTo(wire[(1 + (2 * Block))..]));
    }

    [Test]
    public void The_check_of_these_tests_accepts_what_nginx_answered_librtmp()
    {
        var c1 = Samples.Load("rtmpdump-play-digest.client.bin")[1..(1 + Block)];
        var answer = Samples.Load("rtmpdump-play-digest.server.bin")[1..(1 + (2 * Block))];

        Assert.That(FlashPlayer.Accepts(c1, schema: 0, answer), Is.True);
    }

    [Test]
    public void A_digest_that_does_not_verify_is_answered_the_simple_way()  // Q1, Q2
    {
        var c1 = FlashPlayer.Challenge(schema: 0, seed: 9);
        c1[^1] ^= 0x80;
        var (reply, _, isDigest) = Run([[3, .. c1, .. new byte[Block]]]);

        Assert.That(isDigest, Is.False);
        Assert.That(reply[(1 + Block)..], Is.EqualTo(c1));
    }

    [Test]
    public void A_digest_is_answered_the_simple_way_when_digests_are_off()
    {
        var c1 = FlashPlayer.Challenge(schema: 0, seed: 9);
        var (reply, _, isDigest) = Run([[3, .. c1, .. new byte[Block]]], allowDigest: false);

        Assert.That(isDigest, Is.False);
        Assert.That(reply[(1 + Block)..], Is.EqualTo(c1));
    }

    [Test]
    public void Every_recorded_client_is_greeted([ValueSource(nameof(Recordings))] string name)
    {
        var wire = Samples.Load(name);
        var (reply, rest, isDigest) = Run([wire]);

        Assert.That(reply, Has.Length.EqualTo(ServerHandshake.ReplyBytes));
        Assert.That(rest, Has.Length.EqualTo(wire.Length - 1 - (2 * Block)));
        // ffmpeg signs its C1 as well (Q1); librtmp does so only when it has a SWF to prove.
        Assert.That(isDigest, Is.EqualTo(name != "rtmpdump-play.client.bin"));
    }

    [Test]
    public void An_offer_of_a_higher_version_is_answered_with_3([Values(3, 4, 7, 31)] int offer)
    {
        var (reply, _, _) = Run([[(byte)offer, .. new byte[2 * Block]]]);

        Assert.That(reply[0], Is.EqualTo(3));
    }

    [TestCase("GET /live HTTP/1.1", ProtocolError.NotRtmp, "HTTP request")]
    [TestCase("POST /open/1 HTTP/1.1", ProtocolError.NotRtmp, "HTTP request")]
    [TestCase("PROXY TCP4 10.0.0.1", ProtocolError.NotRtmp, "PROXY header")]
    [TestCase("P", ProtocolError.NotRtmp, "HTTP request or PROXY header")]
    [TestCase("\r\n\r\n\0\r\nQUIT\n", ProtocolError.NotRtmp, "PROXY header of version 2")]
    [TestCase("\u0016\u0003\u0001", ProtocolError.NotRtmp, "TLS ClientHello")]
    [TestCase("\u00f3\u0000", ProtocolError.NotRtmp, "PROXY header of SRS")]
    [TestCase("\u0080\u0000", ProtocolError.NotRtmp, "no protocol that is known")]
    [TestCase("\u0006", ProtocolError.HandshakeVersion, "RTMPE")]
    [TestCase("\u0002", ProtocolError.HandshakeVersion, "outdated")]
    public void Another_protocol_is_refused_by_name(string start, ProtocolError error, string name)
    {
        var wire = start.Select(letter => (byte)letter).ToArray();

        var refusal = Assert.Throws<ProtocolException>(() => Run([wire]));

        Assert.That(refusal.Error, Is.EqualTo(error));
        Assert.That(refusal.Detail, Does.StartWith(name).Or.Contain(name));
    }

    private static string[] Recordings() => Samples.ClientCaptures;

    private static byte[] Random(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static (byte[] Reply, byte[] Left, bool IsDigest) Run(
        byte[][] pieces, bool allowDigest = true)
    {
        var reply = new PacketPool().Rent(ServerHandshake.ReplyBytes);
        var handshake = new ServerHandshake(new Random(5), UptimeMs, allowDigest);
        var rest = new List<byte>();
        foreach (var piece in pieces)
        {
            ReadOnlySpan<byte> input = piece;
            if (handshake.Advance(ref input, reply))
                rest.AddRange(input);
            else
                Assert.That(input.IsEmpty, "a handshake under way takes all");
        }
        return (reply.Written.ToArray(), rest.ToArray(), handshake.IsDigest);
    }

    /// <summary>The player's half, written after librtmp's description, not after ours.</summary>
    private static class FlashPlayer
    {
        private static readonly byte[] Salt = Convert.FromHexString(
            "F0EEC24A8068BEE82E00D0D1029E7E576EEC5D2D29806FAB93B8E636CFEB31AE");

        private static readonly byte[] PlayerKey = [.. "Genuine Adobe Flash Player 001"u8];

        private static readonly byte[] ServerKey = [.. "Genuine Adobe Flash Media Server 001"u8];

        public static byte[] Challenge(int schema, int seed)
        {
            var c1 = Random(Block, seed);
            c1.AsSpan(0, 8).Clear();
            c1[4] = 9;
            var at = DigestAt(c1, schema);
            Digest(PlayerKey, c1, at).CopyTo(c1, at);
            return c1;
        }

        public static bool Accepts(byte[] c1, int schema, byte[] s1s2)
        {
            var s1 = s1s2[..Block];
            var s2 = s1s2[Block..];
            var at = DigestAt(s1, schema);
            var isS1Good = s1.AsSpan(at, 32).SequenceEqual(Digest(ServerKey, s1, at));

            // The player does not say which schema it used when S2 is made: both are its own.
            return isS1Good && new[] { 0, 1 }.Any(own =>
            {
                var digest = c1[DigestAt(c1, own)..(DigestAt(c1, own) + 32)];
                var key = HMACSHA256.HashData((byte[])[.. ServerKey, .. Salt], digest);
                return s2.AsSpan(Block - 32).SequenceEqual(HMACSHA256.HashData(key, s2[..^32]));
            });
        }

        private static int DigestAt(byte[] block, int schema)
        {
            var start = schema == 0 ? 8 : 772;
            return start + 4 + (block[start..(start + 4)].Sum(each => each) % 728);
        }

        private static byte[] Digest(byte[] key, byte[] block, int at) =>
            HMACSHA256.HashData(key, (byte[])[.. block[..at], .. block[(at + 32)..]]);
    }
}
