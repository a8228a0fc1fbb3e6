using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Storage;

namespace Reactor.Server.Tests.Rooms;

/// <summary>One publishes with a room's key, and plays the room (S4.6).</summary>
public class RoomPublishTests
{
    private static readonly string Key = new('K', 48);

    [Test]
    public void A_publisher_with_the_key_is_played_by_the_rooms_name()
    {
        using var server = Open(out var redis);
        var player = server.Play("movie");
        var publisher = server.Visit(Key, publishes: true);
        Turns(server, redis, 10);
        Assert.That(publisher.IsStarted);
        publisher.Headers();
        publisher.Key(0);
        Turns(server, redis, 3);

        Assert.That(player.Video.Any(seen => seen.IsKeyframe));
        Assert.That(
            server.Server.Hub.Streams.Select(stream => stream.Key.ToString()),
            Is.EqualTo(new[] { "live/movie" }), "the key names nothing");
        Assert.That(player.Socket.SentBytes, Is.GreaterThan(0));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [TestCase("movie", "NetStream.Publish.Denied", TestName = "The room's name is no key")]
    [TestCase("KKKK", "NetStream.Publish.Denied", TestName = "Half a key")]
    public void Who_has_no_key_is_refused(string name, string code)
    {
        using var server = Open(out var redis);
        var publisher = server.Visit(name, publishes: true);
        Turns(server, redis, 10);

        Assert.That(publisher.Last, Is.EqualTo(code));
    }

    [Test]
    public void A_key_that_nobody_was_given_is_refused_and_counted()
    {
        using var server = Open(out var redis);
        for (var i = 0; i < 11; i++)
        {
            var guesser = server.Visit($"{i:D48}", publishes: true);
            Turns(server, redis, 10);
            Assert.That(guesser.Last, Is.EqualTo(StatusCode.PublishDenied));
        }
        var right = server.Visit(Key, publishes: true);
        Turns(server, redis, 10);

        Assert.That(right.IsStarted, Is.False, "too many guesses came from there");
    }

    [Test]
    public void What_is_sent_before_the_verdict_is_held_and_nothing_of_it_is_lost()     // Q39
    {
        using var server = Open(out var redis);
        var player = server.Play("movie");
        redis.Answers = false;
        var publisher = server.Visit(Key, publishes: true);
        Turns(server, redis, 10);
        Assert.That(publisher.IsStarted, Is.False, "Publish.Start comes after the verdict (A13)");
        Eager(publisher, frames: 40, bytes: 20_000);
        Turns(server, redis, 5);
        Assert.That(player.Video, Is.Empty);
        Assert.That(server.Pool.OutstandingBytes, Is.LessThan(2 << 20), "held within a bound");

        redis.Answers = true;
        Turns(server, redis, 20);

        Assert.That(publisher.IsStarted);
        Assert.That(player.Video.Count(seen => !seen.IsHeader), Is.EqualTo(40));
        Assert.That(player.Video.Select(seen => seen.Time), Is.Ordered);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_publisher_that_leaves_before_the_verdict_leaves_nothing()
    {
        using var server = Open(out var redis);
        redis.Answers = false;
        var publisher = server.Visit(Key, publishes: true);
        Turns(server, redis, 10);
        Eager(publisher, frames: 5, bytes: 1000);
        Turns(server, redis, 3);
        publisher.Socket.Leave();
        Turns(server, redis, 3);
        Assert.That(server.Server.ConnectionCount, Is.Zero);

        redis.Answers = true;
        Turns(server, redis, 5);

        Assert.That(server.Server.PublisherCount, Is.Zero);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_stream_that_is_deleted_before_the_verdict_is_not_published()
    {
        using var server = Open(out var redis);
        redis.Answers = false;
        var publisher = server.Visit(Key, publishes: true);
        Turns(server, redis, 10);
        publisher.Call(1, "deleteStream", AmfValue.Of(1));
        Turns(server, redis, 3);
        redis.Answers = true;
        Turns(server, redis, 5);

        Assert.That(server.Server.PublisherCount, Is.Zero);
        Assert.That(server.Server.Hub.Count, Is.Zero);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_server_that_stops_before_the_verdict_leaves_nothing()
    {
        using var server = Open(out var redis);
        redis.Answers = false;
        var publisher = server.Visit(Key, publishes: true);
        Turns(server, redis, 10);
        Eager(publisher, frames: 40, bytes: 20_000);
        Turns(server, redis, 3);

        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void While_Redis_hangs_publishers_are_refused_after_two_seconds_and_streams_go_on()
    {
        using var server = Open(out var redis);
        var player = server.Play("movie");
        var running = server.Visit(Key, publishes: true);
        Turns(server, redis, 10);
        redis.Answers = false;
        var late = server.Visit(Key, publishes: true);
        Turns(server, redis, 10);
        Assert.That(late.Codes, Is.Empty);
        Turns(server, redis, 11, eachMs: 200);

        Assert.That(late.Last, Is.EqualTo(StatusCode.PublishDenied));
        running.Headers();
        running.Key(0);
        Turns(server, redis, 3);
        Assert.That(player.Video.Any(seen => seen.IsKeyframe));
    }

    [TestCase(2000, 1999, 0)]
    [TestCase(2000, 2000, 1)]
    [TestCase(2000, 2001, 1)]
    [TestCase(100, 99, 0)]
    [TestCase(100, 100, 1)]
    [TestCase(60_000, 59_999, 0)]
    [TestCase(60_000, 60_000, 1)]
    public void Redis_timeout_is_how_long_an_answer_is_waited_for(
        int timeoutMs, int passedMs, int struck)
    {
        using var server = Open(out var redis, timeoutMs: timeoutMs);
        redis.Answers = false;
        var publisher = server.Visit(Key, publishes: true);
        Turns(server, redis, 10);
        Turns(server, redis, 1, eachMs: passedMs);
        Turns(server, redis, 2);

        Assert.That(server.Server.Struck[Limit.RedisTimeout], Is.EqualTo(struck));
        Assert.That(
            publisher.Last, Is.EqualTo(struck == 0 ? "" : StatusCode.PublishDenied));
    }

    [Test]
    public void A_store_that_answers_no_RESP_costs_its_own_connection_only()
    {
        using var server = Open(out var redis);
        redis.Answers = false;
        var publisher = server.Visit(Key, publishes: true);
        Turns(server, redis, 10);
        redis.Reply("HTTP/1.1 400 Bad Request\r\n");
        Turns(server, redis, 5);

        Assert.That(publisher.Last, Is.EqualTo(StatusCode.PublishDenied));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void The_rooms_name_publishes_its_key_only_where_that_is_wanted(bool isSymmetric)
    {
        using var server = Open(out var redis, isSymmetric);
        var publisher = server.Visit("movie", publishes: true);
        Turns(server, redis, 10);

        Assert.That(publisher.IsStarted, Is.EqualTo(isSymmetric));
        Assert.That(
            server.Server.Hub.Streams.Any(stream => stream.Key.Name == Key),
            Is.EqualTo(isSymmetric), "S4.7");
    }

    private static ServerInMemory Open(
        out RedisPeer redis, bool isSymmetric = false, int timeoutMs = 2000)
    {
        var server = new ServerInMemory(
            options: new ServerOptions
            {
                Rooms = new RoomsOptions
                {
                    Enabled = true,
                    Store = RoomStore.Redis,
                    Symmetric = isSymmetric,
                    RedisTimeout = TimeSpan.FromMilliseconds(timeoutMs),
                },
            },
            takesCalls: true);
        redis = new RedisPeer(server.Network);
        redis.Set("movie", Key);
        redis.Set(Key, "movie");
        Turns(server, redis, 4);
        return server;
    }

    private static void Turns(ServerInMemory server, RedisPeer redis, int count, int eachMs = 0)
    {
        for (var i = 0; i < count; i++)
        {
            server.Turn(eachMs);
            redis.Turn();
        }
    }

    /// <summary>Sends as ffmpeg does: without waiting for an answer.</summary>
    private static void Eager(Peer publisher, int frames, int bytes)
    {
        for (var i = 0; i < frames; i++)
        {
            var payload = new byte[bytes];
            payload[0] = (byte)(i == 0 ? 0x17 : 0x27);
            payload[1] = 1;
            publisher.Raw(6, MessageType.Video, 1, (uint)(i * 40), payload);
        }
    }
}
