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
    [TestCase(5000, 4999, 0)]
    [TestCase(5000, 5000, 1)]
    [TestCase(5000, 5001, 1)]
    [TestCase(700, 699, 0)]
    [TestCase(700, 700, 1)]
    public void Connect_timeout_is_how_long_a_server_may_say_nothing(
        int timeoutMs, int passedMs, int struck)
    {
        Assert.That(new RelayOptions().ConnectTimeout, Is.EqualTo(TimeSpan.FromSeconds(5)));
        using var server = Start("rtmp://127.0.0.1:9/x/a", new RelayOptions
        {
            ConnectTimeout = TimeSpan.FromMilliseconds(timeoutMs),
        });
        server.Publish();
        server.Turns(2);
        Assert.That(server.Network.Called, Has.Count.EqualTo(1));
        server.Turn(passedMs);

        Expect(server, Limit.RelayConnect, struck);
    }

    [TestCase(10_000, 9999, 0)]
    [TestCase(10_000, 10_000, 1)]
    [TestCase(10_000, 10_001, 1)]
    [TestCase(700, 699, 0)]
    [TestCase(700, 700, 1)]
    public void Answer_timeout_is_how_long_it_may_take_to_accept(
        int timeoutMs, int passedMs, int struck)
    {
        Assert.That(new RelayOptions().AnswerTimeout, Is.EqualTo(TimeSpan.FromSeconds(10)));
        using var server = Start("rtmp://127.0.0.1:9/x/a", new RelayOptions
        {
            AnswerTimeout = TimeSpan.FromMilliseconds(timeoutMs),
        });
        server.Publish();
        server.Turns(2);
        server.Network.Called.Single().Arrive(new byte[] { 3 });
        server.Turn();
        server.Turn(passedMs);

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
        var publisher = server.Visit("a", publishes: true);
        Turns(server, redis, 8);
        Turns(server, redis, 1, passedMs);
        Turns(server, redis, 2);

        Expect(server, Limit.RedisTimeout, struck);
        Assert.That(publisher.IsStarted, Is.EqualTo(struck > 0), "nobody is asked any more");
        Assert.That(publisher.Socket.IsClosed, Is.False);
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

    private static ServerInMemory Start(string url, RelayOptions? relay = null)
    {
        var defaults = new StreamOptions
        {
            Push = [new RelayRule(url)],
            Relay = relay ?? new RelayOptions(),
            Publish = new PublishOptions { FirstpktTimeout = TimeSpan.FromHours(1) },
        };
        return new ServerInMemory(
            options: new ServerOptions { Defaults = defaults }, takesCalls: true);
    }

    private static void Expect(ServerInMemory server, Limit limit, int struck) =>
        Assert.That(server.Server.Struck[limit], Is.EqualTo(struck), $"{limit}");
}
