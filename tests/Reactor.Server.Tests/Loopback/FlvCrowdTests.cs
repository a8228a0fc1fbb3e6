using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;

namespace Reactor.Server.Tests.Loopback;

/// <summary>One stream and a crowd that plays it by HTTP, over real sockets.</summary>
[TestFixture]
public sealed class FlvCrowdTests
{
    private const int Players = 500;
    private const int Frames = 250;

    [Test]
    public void Five_hundred_players_receive_every_frame()
    {
        var options = new ServerOptions
        {
            Http = new HttpOptions
            {
                Listen =
                [
                    new HttpListen
                    {
                        Address = ListenAddress.Parse("127.0.0.1:0"),
                        Serve = [HttpRole.Flv],
                    },
                ],
            },
        };
        using var world = new LoopbackServer(options);
        var film = Enumerable.Range(0, Frames).Select(Frame).ToArray();
        var at = world.Server.Listening.Last();
        var players = Enumerable.Range(0, Players)
            .Select(_ => new FlvLoopbackClient(
                world.Server.Loop, at, "/live/a.flv", number => film[number]))
            .ToArray();
        world.Until(() => world.Server.PlayerCount == Players, "all wait");
        var publisher = world.Publish("a");
        world.Until(() => publisher.Conversation.IsStarted, "the publisher starts");

        for (var i = 0; i < Frames; i++)
        {
            publisher.Conversation.SendMedia(TypeOf(i), TimeOf(i), film[i]);
            if (i % 10 == 9)
                world.Until(() => players.All(player => player.Frames > i), $"frame {i}");
        }

        Assert.That(players.Select(player => player.Status), Is.All.EqualTo(200));
        Assert.That(players.Select(player => player.Frames), Is.All.EqualTo(Frames));
        Assert.That(players.Count(player => player.IsClosed), Is.Zero);
        foreach (var player in players)
            player.Dispose();
        publisher.Close();
        world.Until(() => world.Server.ConnectionCount == 0, "all have left");
    }

    private static MessageType TypeOf(int i) =>
        i % 2 == 0 ? MessageType.Video : MessageType.Audio;

    private static uint TimeOf(int i) => (uint)Math.Max(0, i - 2) * 20;

    /// <summary>Both configurations, then a keyframe in fifty; no two frames are alike.</summary>
    private static byte[] Frame(int i)
    {
        if (i < 2)
            return i == 0 ? [0x17, 0, 0, 0, 0, 1, 0x64] : [0xAF, 0, 0x12, 0x10];
        var frame = new byte[i % 50 == 2 ? 20_000 : i % 2 == 0 ? 1500 : 200];
        new Random(i).NextBytes(frame);
        frame[0] = i % 2 == 1 ? (byte)0xAF : i % 50 == 2 ? (byte)0x17 : (byte)0x27;
        frame[1] = 1;
        return frame;
    }
}
