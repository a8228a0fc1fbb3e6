using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;

namespace Reactor.Server.Tests.Limits;

/// <summary>What a stream may have kept, and a player may lag: below, at, above; and counts.
/// </summary>
[TestFixture]
public sealed class StreamLimitTests
{
    [TestCase(9, 0)]
    [TestCase(10, 0)]
    [TestCase(11, 1)]
    public void Gop_cache_max_frames_bounds_what_is_kept(int frames, int struck)
    {
        using var server = new ServerInMemory(new PlayOptions { GopCacheMaxFrames = 10 });
        var publisher = server.Publish();

        publisher.Headers();
        publisher.Key(0);
        for (var i = 1u; i < frames; i++)
            publisher.Inter(i * 40);
        server.Turns(2);

        var kept = server.Server.Hub.Streams.Single().Gops.Count;
        Assert.That(kept, Is.EqualTo(struck == 0 ? frames : 0));
        var joiner = server.Play();
        server.Turn();
        Assert.That(joiner.Seen.Count(seen => seen.IsHeader), Is.EqualTo(2), "headers stay");
        Assert.That(joiner.Video.Count(seen => !seen.IsHeader), Is.EqualTo(kept));
        Expect(server, Limit.GopCache, struck);
    }

    [TestCase(99_000, 0)]
    [TestCase(100_000, 0)]
    [TestCase(101_000, 1)]
    public void Gop_cache_max_size_bounds_what_is_kept(int bytes, int struck)
    {
        using var server = new ServerInMemory(new PlayOptions { GopCacheMaxSize = 100_000 });
        var publisher = server.Publish();

        publisher.Key(0, 1000);
        for (var sent = 2000; sent <= bytes; sent += 1000)
            publisher.Inter((uint)sent, 1000);
        server.Turns(4);

        Assert.That(
            server.Server.Hub.Streams.Single().Gops.Bytes, Is.EqualTo(struck == 0 ? bytes : 0));
        Expect(server, Limit.GopCache, struck);
    }

    [TestCase(262_143, 0, 262_144)]
    [TestCase(262_144, 0, 262_144)]
    [TestCase(262_145, 1, 262_144)]
    [TestCase(2000, 0, 2000)]
    [TestCase(2001, 1, 2000)]
    public void Max_metadata_bounds_it_and_more_is_left_out(int bytes, int struck, int most)
    {
        Assert.That(new PublishOptions().MaxMetadata, Is.EqualTo(262_144));
        using var server = new ServerInMemory(publish: new PublishOptions { MaxMetadata = most });
        var publisher = server.Publish();
        var player = server.Play();
        byte[] name = [2, 0, 10, .. "onMetaData"u8];

        publisher.Send(MessageType.Data, 0, [.. name, .. new byte[bytes - name.Length]]);
        publisher.Sound(0);
        server.Turns(8, eachMs: 10);

        var metadata = player.Seen.Count(seen => seen.Payload.AsSpan().StartsWith(name));
        Assert.That(metadata, Is.EqualTo(1 - struck));
        Assert.That(player.Audio.Count(), Is.EqualTo(1), "the session lives");
        Expect(server, Limit.ConfigBytes, struck);
    }

    [TestCase(999, 0)]
    [TestCase(1000, 0)]
    [TestCase(1001, 1)]
    public void Queue_length_is_how_long_a_frame_may_wait(int ms, int struck)
    {
        using var server = new ServerInMemory(
            new PlayOptions { QueueLength = TimeSpan.FromSeconds(1), GopCache = false });
        var publisher = server.Publish();
        var player = server.Play();
        player.Socket.Room = 0;
        publisher.Key(0);
        server.Turn();

        publisher.Inter((uint)ms);
        server.Turn(afterMs: ms);

        Expect(server, Limit.Queue, struck);
    }

    [TestCase(63, 0)]
    [TestCase(64, 0)]
    [TestCase(65, 1)]
    public void Read_messages_are_taken_in_one_turn(int messages, int struck)
    {
        using var server = new ServerInMemory();
        var publisher = server.Publish();

        for (var i = 0u; i < messages; i++)
            publisher.Sound(i);
        server.Turn();
        Assert.That(
            server.FramesIn, Is.EqualTo(Math.Min(messages, 64)));
        server.Turn();

        Assert.That(server.FramesIn, Is.EqualTo(messages));
        Expect(server, Limit.ReadMessages, struck);
    }

    private static void Expect(ServerInMemory server, Limit limit, int struck)
    {
        Assert.That(server.Server.Struck[limit], Is.EqualTo(struck));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }
}
