using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using NUnit.Framework;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;

namespace Reactor.Server.Tests.Loopback;

/// <summary>A player that takes no byte any more, over a real socket.</summary>
[TestFixture]
public sealed class FrozenPlayerTests
{
    private const int FrameBytes = 2000;
    private static readonly byte[] VideoHeader = [0x17, 0, 0, 0, 0, 1, 0x64, 0, 0x1F, 0xFF, 0xE0];

    [TestCase("RTMP")]
    [TestCase("HTTP-FLV")]
    public void Send_timeout_ends_it_and_the_others_miss_nothing(string protocol)
    {
        using var world = new LoopbackServer(Options());
        var publisher = world.Publish("a");
        var healthy = world.Play("a");
        world.Until(
            () => publisher.Conversation.IsStarted && healthy.Conversation.IsStarted, "they start");
        publisher.Conversation.SendMedia(MessageType.Video, 0, VideoHeader);
        using var frozen = Freeze(world, protocol);
        Assert.That(world.Server.PlayerCount, Is.EqualTo(2));

        // It is closed once its socket is full and has stayed so, whatever the machine's pace.
        var frames = 0;
        world.Until(
            () =>
            {
                if (healthy.Received.Count == frames + 1)
                    Send(publisher, frames++);
                return world.Server.PlayerCount == 1;
            },
            "the frozen one is closed");
        for (var i = 0; i < 10; i++)
        {
            world.Until(() => healthy.Received.Count == frames + 1, "all arrives");
            Send(publisher, frames++);
        }
        world.Until(() => healthy.Received.Count == frames + 1, "and goes on");

        Assert.That(world.Server.Struck[Limit.SendTimeout], Is.EqualTo(1));
        Assert.That(publisher.IsClosed || healthy.IsClosed, Is.False);
        for (var i = 0; i < frames; i++)
            Assert.That(healthy.Received[i + 1].Payload.SequenceEqual(Frame(i)), $"frame {i}");
    }

    private static ServerOptions Options() => new()
    {
        Rtmp = new RtmpOptions { SendBuffer = 32 << 10 },       // soon full
        Http = new HttpOptions
        {
            Listen = [new HttpListen { Address = ListenAddress.Parse("127.0.0.1:0") }],
        },
        Defaults = new StreamOptions
        {
            Play = new PlayOptions { SendTimeout = TimeSpan.FromMilliseconds(500) },
        },
    };

    /// <summary>Plays, and reads nothing of what it is sent then.</summary>
    private static Socket? Freeze(LoopbackServer world, string protocol)
    {
        if (protocol == "RTMP")
        {
            var player = world.Play("a");
            world.Until(() => player.Conversation.IsStarted, "it plays");
            player.Freeze();
            return null;
        }
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        socket.Connect(new IPEndPoint(IPAddress.Loopback, world.Server.Listening.Last().Port));
        socket.Send(Encoding.ASCII.GetBytes("GET /live/a.flv HTTP/1.1\r\nHost: a\r\n\r\n"));
        world.Until(() => world.Server.PlayerCount == 2, "it plays");
        return socket;
    }

    private static void Send(LoopbackClient publisher, int number) =>
        publisher.Conversation.SendMedia(MessageType.Video, (uint)number * 40, Frame(number));

    private static byte[] Frame(int number)
    {
        var frame = new byte[FrameBytes];
        new Random(number).NextBytes(frame);
        frame[0] = number % 25 == 0 ? (byte)0x17 : (byte)0x27;
        frame[1] = 1;
        return frame;
    }
}
