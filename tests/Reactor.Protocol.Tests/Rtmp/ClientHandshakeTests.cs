using System;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Rtmp;
using Reactor.Testing;

namespace Reactor.Protocol.Tests.Rtmp;

[TestFixture]
public sealed class ClientHandshakeTests
{
    private const int Block = 1536;

    private static readonly byte[] FirstChunk = [0x02, 0, 0, 0, 0, 0, 4, 5, 0, 0, 0, 0, 0, 38];

    [Test]
    public void C2_echoes_S1_wherever_the_network_cut_it()
    {
        var s1s2 = new byte[2 * Block];
        new Random(4).NextBytes(s1s2);
        byte[] wire = [3, .. s1s2, .. FirstChunk];

        foreach (var cut in Wire.EveryCutOf(wire))
        {
            var pool = new PacketPool();
            var reply = pool.Rent(ClientHandshake.ReplyBytes);
            var handshake = new ClientHandshake(new Random(5), uptimeMs: 7);
            var rest = 0;
            foreach (var piece in cut)
            {
                ReadOnlySpan<byte> input = piece;
                if (handshake.Advance(ref input, reply))
                    rest += input.Length;
            }

            Assert.That(rest, Is.EqualTo(FirstChunk.Length));
            Assert.That(reply.Written.ToArray(), Is.EqualTo(s1s2[..Block]));
            reply.Release();
            Assert.That(pool.Outstanding, Is.Zero);
        }
    }

    [Test]
    public void Both_sides_greet_each_other()
    {
        var pool = new PacketPool();
        var toServer = pool.Rent(ClientHandshake.GreetingBytes + ClientHandshake.ReplyBytes);
        var toClient = pool.Rent(ServerHandshake.ReplyBytes);
        var client = new ClientHandshake(new Random(1), uptimeMs: 7);
        var server = new ServerHandshake(new Random(2), uptimeMs: 9, allowDigest: true);

        client.Begin(toServer);
        var greeting = toServer.Written;
        Assert.That(server.Advance(ref greeting, toClient), Is.False);
        var answer = toClient.Written;
        Assert.That(client.Advance(ref answer, toServer), Is.True);
        var echo = toServer.Written[ClientHandshake.GreetingBytes..];
        Assert.That(server.Advance(ref echo, toClient), Is.True);

        Assert.That(server.IsDigest, Is.False);
        toServer.Release();
        toClient.Release();
        Assert.That(pool.Outstanding, Is.Zero);
    }

    [Test]
    public void A_servers_recorded_answer_is_taken(
        [Values("ffmpeg-publish.server.bin", "rtmpdump-play-digest.server.bin")] string name)
    {
        var wire = Samples.Load(name);
        var reply = new PacketPool().Rent(ClientHandshake.ReplyBytes);
        ReadOnlySpan<byte> input = wire;

        var isDone = new ClientHandshake(new Random(1), uptimeMs: 0).Advance(ref input, reply);

        Assert.That(isDone, Is.True);
        Assert.That(input.Length, Is.EqualTo(wire.Length - 1 - (2 * Block)));
    }

    [Test]
    public void A_server_of_another_version_is_refused()
    {
        var reply = new PacketPool().Rent(ClientHandshake.ReplyBytes);

        var refusal = Assert.Throws<ProtocolException>(() =>
        {
            ReadOnlySpan<byte> input = "HTTP/1.1 400 Bad Request"u8;
            new ClientHandshake(new Random(1), uptimeMs: 0).Advance(ref input, reply);
        });

        Assert.That(refusal.Error, Is.EqualTo(ProtocolError.HandshakeVersion));
    }
}
