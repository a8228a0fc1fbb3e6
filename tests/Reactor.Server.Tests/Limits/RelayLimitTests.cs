using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Storage;

namespace Reactor.Server.Tests.Limits;

/// <summary>What a relay waits for, below and above, and how it is counted.</summary>
[TestFixture]
public sealed class RelayLimitTests
{
    [TestCase(4800, 0)]
    [TestCase(5200, 1)]
    public void A_connection_has_five_seconds(int milliseconds, int struck)
    {
        using var server = Start("rtmp://127.0.0.1:9/x/a");
        server.Publish();
        server.Turns(milliseconds / 40, 40);

        Expect(server, Limit.RelayConnect, struck);
    }

    [TestCase(9800, 0)]
    [TestCase(10_300, 1)]
    public void An_answer_has_ten_seconds(int milliseconds, int struck)
    {
        using var server = Start("rtmp://127.0.0.1:9/x/a");
        server.Publish();
        server.Turns(2);
        server.Network.Called.Single().Arrive(new byte[] { 3 });
        server.Turns(milliseconds / 40, 40);

        Expect(server, Limit.RelayAnswer, struck);
        Expect(server, Limit.RelayConnect, 0);
    }

    [Test]
    public void A_ring_is_counted()
    {
        using var server = Start("rtmp://127.0.0.1:1935/live/a");
        server.Publish();
        server.Turns(3, 40);

        Expect(server, Limit.RelayRing, 1);
    }

    [TestCase(2000, 1999, 0)]
    [TestCase(2000, 2000, 1)]
    [TestCase(2000, 2001, 1)]
    [TestCase(100, 99, 0)]
    [TestCase(100, 100, 1)]
    public void Redis_timeout_is_how_long_the_directory_is_waited_for(
        int timeoutMs, int passedMs, int struck)
    {
        using var server = new ServerInMemory(takesCalls: true, options: new()
        {
            Cluster = new ClusterOptions
            {
                Redis = new HostPort("127.0.0.1", 6379),
                Address = new HostPort("10.0.0.1", 1935),
                RedisTimeout = TimeSpan.FromMilliseconds(timeoutMs),
            },
        });
        var redis = new RedisPeer(server.Network);
        Turns(server, redis, 4);
        redis.Answers = false;
        var publisher = server.Publish();
        Turns(server, redis, 4);
        Turns(server, redis, 1, passedMs);
        Turns(server, redis, 2);

        Expect(server, Limit.RedisTimeout, struck);
        Assert.That(publisher.Socket.IsClosed, Is.False, "streams go on");
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    private static void Turns(ServerInMemory server, RedisPeer redis, int count, int eachMs = 0)
    {
        for (var i = 0; i < count; i++)
        {
            redis.Turn();
            server.Turn(eachMs);
        }
    }

    private static ServerInMemory Start(string url) => new(takesCalls: true, options: new()
    {
        Defaults = new StreamOptions
        {
            Push = [new RelayRule(url)],
            Publish = new PublishOptions { FirstpktTimeout = TimeSpan.FromHours(1) },
        },
    });

    private static void Expect(ServerInMemory server, Limit limit, int struck) =>
        Assert.That(server.Server.Struck[limit], Is.EqualTo(struck), $"{limit}");
}
