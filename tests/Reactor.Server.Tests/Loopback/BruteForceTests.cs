using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using NUnit.Framework;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;

namespace Reactor.Server.Tests.Loopback;

/// <summary>Whoever guesses keys is heard ten times a minute, over real sockets.</summary>
public class BruteForceTests
{
    private const int Heard = 10;

    [Test]
    public void By_RTMP_the_eleventh_is_not_heard_and_closed_like_the_others()
    {
        using var world = new LoopbackServer(new ServerOptions
        {
            Http = new HttpOptions { Listen = [] },
            Defaults = new StreamOptions { Publish = new PublishOptions { Key = ["right"] } },
        });
        for (var i = 0; i < Heard; i++)
            Assert.That(Refused(world, $"a?key={i}"), Is.EqualTo(StatusCode.PublishDenied), $"{i}");

        Assert.That(Refused(world, "a?key=right"), Is.EqualTo(StatusCode.PublishDenied));
        Assert.That(world.Server.PublisherCount, Is.Zero, "not even with the right one");
        Assert.That(world.Server.Struck[Limit.FailedAttempts], Is.EqualTo(1));
    }

    [TestCase(3, false)]
    [TestCase(4, true)]
    [TestCase(0, true)]
    public void So_many_are_heard_as_the_limit_says(int most, bool isHeard)
    {
        using var world = new LoopbackServer(new ServerOptions
        {
            Http = new HttpOptions { Listen = [] },
            Limits = new LimitsOptions { MaxFailedAttempts = most },
            Defaults = new StreamOptions { Publish = new PublishOptions { Key = ["right"] } },
        });
        for (var i = 0; i < 3; i++)
            Assert.That(Refused(world, $"a?key={i}"), Is.EqualTo(StatusCode.PublishDenied), $"{i}");

        var publisher = world.Publish("a?key=right");
        world.Until(() => publisher.IsClosed || publisher.Conversation.IsStarted, "an answer");
        Assert.That(publisher.Conversation.IsStarted, Is.EqualTo(isHeard));
        Assert.That(world.Server.Struck[Limit.FailedAttempts], Is.EqualTo(isHeard ? 0 : 1));
    }

    [TestCase("GET /live/a.flv?key=KEY HTTP/1.1\r\nHost: a\r\n\r\n", 403)]
    [TestCase(
        "GET /stat HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic KEY\r\n\r\n", 401)]
    public void By_HTTP_the_eleventh_is_429(string request, int refused)
    {
        using var world = new LoopbackServer(new ServerOptions
        {
            Http = new HttpOptions
            {
                Listen = [new HttpListen { Address = ListenAddress.Parse("127.0.0.1:0") }],
            },
            Api = new ApiOptions { Users = [new ApiUser("a", "b")] },
            Defaults = new StreamOptions { Play = new PlayOptions { Key = ["right"] } },
        });

        var statuses = Enumerable.Range(0, Heard + 2)
            .Select(i => Ask(world, request.Replace("KEY", $"{i:D4}")));

        Assert.That(
            statuses,
            Is.EqualTo(Enumerable.Repeat(refused, Heard).Concat(Enumerable.Repeat(429, 2))));
        Assert.That(world.Server.Struck[Limit.FailedAttempts], Is.EqualTo(2));
    }

    /// <summary>The status with which it is refused and closed.</summary>
    private static string Refused(LoopbackServer world, string name)
    {
        var publisher = world.Publish(name);
        world.Until(() => publisher.IsClosed || publisher.Conversation.IsStarted, "an answer");
        Assert.That(publisher.IsClosed);
        return publisher.Codes[^1];
    }

    private static int Ask(LoopbackServer world, string request)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(new IPEndPoint(IPAddress.Loopback, world.Server.Listening.Last().Port));
        socket.Send(Encoding.ASCII.GetBytes(request));
        world.Until(() => socket.Available > 12, "an answer");
        var head = new byte[12];
        socket.Receive(head);
        return int.Parse(Encoding.ASCII.GetString(head)["HTTP/1.1 ".Length..]);
    }
}
