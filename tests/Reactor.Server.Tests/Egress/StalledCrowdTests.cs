using System.Linq;
using System.Text;
using NUnit.Framework;
using Reactor.Testing;

namespace Reactor.Server.Tests.Egress;

/// <summary>Players that take no byte wait with references, not with copies.</summary>
[TestFixture]
public sealed class StalledCrowdTests
{
    private const int KeyBytes = 200_000;
    private const int Seconds = 5;

    [TestCase("RTMP")]
    [TestCase("HTTP-FLV")]
    [TestCase("WS-FLV")]
    public void Fifty_that_stall_hold_the_same_packets_as_one(string protocol)
    {
        var nobody = HeldWith(0, protocol);
        var one = HeldWith(1, protocol);

        Assert.That(one.Bytes - nobody.Bytes, Is.GreaterThan((Seconds - 1) * KeyBytes));
        Assert.That(HeldWith(50, protocol), Is.EqualTo(one));
    }

    private static (int Packets, long Bytes) HeldWith(int stalled, string protocol)
    {
        using var server = new ServerInMemory();
        var publisher = server.Publish();
        server.Film(publisher, 1);
        var player = server.Play();
        for (var i = 0; i < stalled; i++)
            Join(server, protocol).Room = 0;
        server.Film(publisher, Seconds, from: 1, keyBytes: KeyBytes);

        Assert.That(server.Server.PlayerCount, Is.EqualTo(stalled + 1), "nobody was closed");
        Assert.That(player.Video.Count(), Is.GreaterThan(Seconds * 25), "one that is well");
        var held = (server.Pool.Outstanding, server.Pool.OutstandingBytes);
        Assert.That(server.LeftAfterStop(), Is.Empty);
        return held;
    }

    /// <summary>Somebody who plays, and has had what was there so far.</summary>
    private static MemorySocket Join(ServerInMemory server, string protocol)
    {
        if (protocol == "RTMP")
            return server.Play().Socket;
        var upgrade = protocol == "WS-FLV"
            ? "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            : "";
        var socket = server.Network.Visit(7001);
        socket.Arrive(Encoding.ASCII.GetBytes(
            $"GET /live/a.flv HTTP/1.1\r\nHost: x\r\n{upgrade}\r\n"));
        server.Turns(3);
        return socket;
    }
}
