using System;
using System.Collections.Generic;
using NUnit.Framework;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Http;

namespace Reactor.Server.Tests;

/// <summary>What a turn costs the garbage collector: nothing, once it has found its size.</summary>
[TestFixture]
[Category("Allocation")]
public sealed class AllocationTests
{
    private const int FrameMs = 20;

    [Test]
    public void A_frame_to_every_player_allocates_nothing()
    {
        using var server = new ServerInMemory();
        var publisher = server.Publish();
        publisher.Headers();
        var players = new List<Peer>();
        for (var i = 0; i < 400; i++)
            players.Add(server.Play());
        foreach (var player in players)
            player.Socket.IsKept = false;
        var before = players[0].Socket.SentBytes;

        for (uint i = 0; i < 1000; i++)
            Relay(server, publisher, i);
        var allocated = 0L;
        for (uint i = 1000; i < 2000; i++)
            allocated += Relay(server, publisher, i);

        Assert.That(players.ConvertAll(player => player.Socket.SentBytes - before), Is.All.EqualTo(
            players[0].Socket.SentBytes - before));
        Assert.That(players[0].Socket.SentBytes - before, Is.GreaterThan(2000 * 100));
        Assert.That(allocated, Is.Zero);
    }

    [Test]
    public void A_frame_to_every_player_of_FLV_allocates_nothing(
        [Values("", "?chunked=0")] string query)
    {
        using var server = new ServerInMemory();
        var publisher = server.Publish();
        publisher.Headers();
        publisher.Key(0);
        var players = new List<HttpPeer>();
        for (var i = 0; i < 400; i++)
            players.Add(new HttpPeer(server).Say($"GET /live/a.flv{query} HTTP/1.1\nHost: x\n\n"));
        server.Turns(2);
        foreach (var player in players)
            player.Socket.IsKept = false;
        var before = players[0].Socket.SentBytes;

        for (uint i = 0; i < 500; i++)
            Relay(server, publisher, i);
        var allocated = 0L;
        for (uint i = 500; i < 1000; i++)
            allocated += Relay(server, publisher, i);

        Assert.That(players.ConvertAll(player => player.Socket.SentBytes - before), Is.All.EqualTo(
            players[0].Socket.SentBytes - before));
        Assert.That(players[0].Socket.SentBytes - before, Is.GreaterThan(1000 * 100));
        Assert.That(allocated, Is.Zero);
        players.ForEach(player => player.Dispose());
    }

    [Test]
    public void A_player_that_falls_behind_and_is_dropped_for_allocates_nothing()
    {
        // It answers no ping either, which is another test's matter.
        var options = new ServerOptions { Rtmp = new RtmpOptions { Ping = TimeSpan.Zero } };
        using var server = new ServerInMemory(options: options);
        var publisher = server.Publish();
        publisher.Headers();
        var frozen = server.Play();
        frozen.Socket.IsKept = false;
        frozen.Socket.Room = 0;

        var allocated = 0L;
        for (uint i = 0; i < 5000; i++)
        {
            var turn = Relay(server, publisher, i);
            allocated += i < 4000 ? 0 : turn;
            frozen.Socket.Room = i % 100 == 0 ? 1 : 0;          // a byte, lest it be closed
        }

        Assert.That(frozen.Socket.IsClosed, Is.False);
        Assert.That(allocated, Is.Zero);
    }

    [Test]
    public void Gops_of_ten_megabytes_that_leave_the_cache_at_once_allocate_nothing()
    {
        using var server = new ServerInMemory();
        var publisher = server.Publish();
        server.Play().Socket.IsKept = false;

        var allocated = 0L;
        for (uint i = 0; i < 400; i++)          // 20 Mbit/s with a keyframe each 4 s
        {
            if (i % 100 == 0)
                publisher.Key(i * 40, 100_000);
            else
                publisher.Inter(i * 40, 100_000);
            server.Time.Advance(40);
            for (var turn = 0; turn < 4; turn++)        // 64 KiB are read in one
            {
                var bytes = Turn(server);
                allocated += i < 200 ? 0 : bytes;
            }
        }

        Assert.That(server.Server.Hub.Find(new("live", "a"))!.Gops.Count, Is.EqualTo(100));
        Assert.That(allocated, Is.Zero);
    }

    [Test]
    public void A_turn_with_nothing_to_do_and_a_check_of_all_allocate_nothing()
    {
        using var server = new ServerInMemory();
        for (var i = 0; i < 1000; i++)
            server.Play($"{i % 7}");
        server.Turns(20, eachMs: 100);

        var allocated = 0L;
        for (var i = 0; i < 20; i++)            // every other turn is one with the check
        {
            server.Time.Advance(100);
            allocated += Turn(server);
        }

        Assert.That(server.Server.ConnectionCount, Is.EqualTo(1000));
        Assert.That(allocated, Is.Zero);
    }

    /// <summary>Video with a keyframe a second and sound between, as encoders send it.</summary>
    private static long Relay(ServerInMemory server, Peer publisher, uint index)
    {
        var time = index * FrameMs;
        switch (index % 50)
        {
            case 0:
                publisher.Key(time, 40_000);
                break;
            case 1:
                publisher.Send(MessageType.Data, 0, [2, 0, 10, .. "onTextData"u8, 5]);
                break;
            case var odd when odd % 2 == 1:
                publisher.Sound(time, 300);
                break;
            default:
                publisher.Inter(time, 5_000 + (int)(index % 7 * 100));
                break;
        }
        server.Time.Advance(FrameMs);
        return Turn(server);
    }

    /// <summary>
    /// A collection on behalf of another thread, such as the test host's, takes the rest of
    /// this thread's allocation buffer (up to 8 KiB) and counts it as used: such a turn says
    /// nothing, and there are hundreds that do.
    /// </summary>
    private static long Turn(ServerInMemory server)
    {
        var collections = GC.CollectionCount(0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        server.Server.Loop.RunOnce();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return collections == GC.CollectionCount(0) ? allocated : 0;
    }
}
