using System;
using System.Collections.Generic;
using System.Linq;
using NLog;
using NUnit.Framework;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;

namespace Reactor.Server.Tests.Egress;

/// <summary>A player that does not keep up loses frames, and nobody else does.</summary>
[TestFixture]
public sealed class SlowPlayerTests
{
    private const int FrameMs = 40;

    private static readonly PlayOptions Small = new()
    {
        QueueSize = 64 << 10,
        QueueLength = TimeSpan.FromHours(1),
        SendTimeout = TimeSpan.FromHours(1),
    };

    [Test]
    public void A_player_that_reads_nothing_holds_little_and_the_others_miss_nothing(
        [Values(QueuePolicy.DropGop, QueuePolicy.DropInter)] QueuePolicy policy)
    {
        using var server = new ServerInMemory(Small with { QueuePolicy = policy });
        var publisher = server.Publish();
        var healthy = server.Play();
        var frozen = server.Play();
        frozen.Socket.Room = 0;
        var most = 0;
        for (uint i = 0; i < 1000; i++)
        {
            publisher.Key(i * FrameMs, 1000);
            publisher.Sound(i * FrameMs, 500);
            server.Turn(FrameMs);
            most = Math.Max(most, server.Pool.Outstanding);
        }

        Assert.That(healthy.Video.Count(), Is.EqualTo(1000));
        Assert.That(healthy.Audio.Count(), Is.EqualTo(1000));
        Assert.That(most, Is.LessThan(200));    // 64 KiB of sound, at last
        Assert.That(frozen.Socket.IsClosed, Is.False);
        frozen.Socket.Room = long.MaxValue;
        server.Turns(2);
        AssertDecodable(frozen, healthy);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void Whatever_is_dropped_video_goes_on_at_a_keyframe_behind_its_headers(
        [Range(0, 19)] int seed,
        [Values(QueuePolicy.DropGop, QueuePolicy.DropInter)] QueuePolicy policy)
    {
        var random = new Random(seed);
        using var server = new ServerInMemory(Small with
        {
            QueuePolicy = policy,
            QueueLength = TimeSpan.FromSeconds(random.Next(2, 20)),
        });
        var publisher = server.Publish();
        var healthy = server.Play();
        var slow = server.Play();
        for (uint i = 0; i < 800; i++)
        {
            if (i % 50 == 0)                    // another header now and then (Q48)
                publisher.Send(MessageType.Video, 0, 0x17, 0, 0, 0, 0, (byte)(i / 100));
            Frame(publisher, i * FrameMs, random.Next(12) == 0, random.Next(5, 6000));
            slow.Socket.Room = random.Next(3) == 0 ? random.Next(6000) : 0;
            server.Turn(FrameMs);
        }
        slow.Socket.Room = long.MaxValue;
        server.Turns(2);

        Assert.That(slow.Video.Count(), Is.InRange(20, 750));
        AssertDecodable(slow, healthy);
        Assert.That(
            slow.Video.Where(seen => seen.IsHeader).Select(seen => seen.Payload[5]),
            Is.EqualTo(healthy.Video.Where(seen => seen.IsHeader).Select(s => s.Payload[5])));
    }

    /// <summary>ffmpeg, reading what it has of 20 Mbit/s, was cut off before its end.</summary>
    [Test]
    public void What_waits_for_a_player_when_the_stream_ends_may_be_fetched_for_ten_seconds()
    {
        using var server = new ServerInMemory(Small, new PublishOptions { Grace = TimeSpan.Zero });
        var publisher = server.Publish();
        var slow = server.Play();
        server.Turn();
        slow.Socket.Room = 0;
        for (uint i = 0; i < 10; i++)
            publisher.Key(i * FrameMs);
        server.Turns(2);
        publisher.End();
        server.Turns(9, eachMs: 1000);
        Assert.That(slow.Socket.IsClosed, Is.False);

        slow.Socket.Room = long.MaxValue;
        server.Turns(2);

        Assert.That(slow.Video.Count(), Is.EqualTo(10));
        Assert.That(slow.Last, Is.EqualTo(StatusCode.PlayUnpublishNotify));
        server.Turns(3, eachMs: 1000);
        Assert.That(slow.Socket.IsClosed, Is.True, "it has an end all the same");
    }

    [Test]
    public void Old_pictures_go_before_any_sound()
    {
        using var server = new ServerInMemory(Small);
        var publisher = server.Publish();
        var healthy = server.Play();
        var frozen = server.Play();
        frozen.Socket.Room = 0;
        for (uint i = 0; i < 20; i++)
        {
            Second(publisher, i * 1000, frames: 10, bytes: 3000);
            server.Turn();
        }
        frozen.Socket.Room = long.MaxValue;
        server.Turns(2);

        Assert.That(frozen.Audio.Count(), Is.EqualTo(healthy.Audio.Count()));
        Assert.That(frozen.Video.Count(), Is.LessThan(30));
        AssertDecodable(frozen, healthy);
    }

    [Test]
    public void Where_sound_alone_is_too_much_the_old_goes_and_the_new_comes()
    {
        using var server = new ServerInMemory(Small);
        var publisher = server.Publish();
        var frozen = server.Play();
        frozen.Socket.Room = 0;
        for (uint i = 0; i < 1000; i++)
        {
            publisher.Sound(i * 20, 1000);
            server.Turn();
        }
        frozen.Socket.Room = long.MaxValue;
        server.Turns(2);

        Assert.That(frozen.Audio.Count(), Is.InRange(1, 70));
        Assert.That(frozen.Audio.Last().Time, Is.EqualTo(999 * 20));
    }

    [Test]
    public void Single_frames_give_way_where_keyframes_are_to_stay()
    {
        using var server = new ServerInMemory(Small with { QueuePolicy = QueuePolicy.DropInter });
        var publisher = server.Publish();
        var frozen = server.Play();
        frozen.Socket.Room = 0;
        for (uint i = 0; i < 20; i++)
        {
            Second(publisher, i * 1000, frames: 10, bytes: 1000);
            server.Turn();
        }
        frozen.Socket.Room = long.MaxValue;
        server.Turns(2);

        Assert.That(frozen.Video.Count(seen => seen.IsKeyframe), Is.EqualTo(20));
    }

    [Test]
    public void Close_ends_a_player_whose_queue_is_full_and_not_one_that_joins_a_large_gop()
    {
        using var server = new ServerInMemory(Small with { QueuePolicy = QueuePolicy.Close });
        var publisher = server.Publish();
        Second(publisher, 0, frames: 50, bytes: 3000);
        server.Turns(5);
        var player = server.Play();
        var healthy = server.Play();
        Assert.That(player.Video.Count(), Is.InRange(20, 23));      // as much as fits in 64 KiB
        Assert.That(player.Last, Is.Not.EqualTo(StatusCode.PlayFailed));

        player.Socket.Room = 0;
        for (uint i = 2; i < 10; i++)
        {
            Second(publisher, i * 1000, frames: 4, bytes: 3000);
            server.Turns(2);
        }
        Assert.That(server.Server.PlayerCount, Is.EqualTo(1));
        Assert.That(healthy.Video.Last().Time, Is.EqualTo(9000 + (3 * FrameMs)));

        player.Socket.Room = long.MaxValue;
        server.Turns(3);
        Assert.That(player.Last, Is.EqualTo(StatusCode.PlayFailed));
        Assert.That(player.Socket.HasEndedSending);
    }

    [Test]
    public void A_gop_larger_than_the_queue_begins_and_goes_on_at_the_next_keyframe()
    {
        using var server = new ServerInMemory(Small);
        var publisher = server.Publish();
        publisher.Headers();
        var healthy = server.Play();
        for (uint i = 0; i < 50; i++)
        {
            Frame(publisher, i * FrameMs, i == 0, 3000);
            server.Turn();
        }
        var player = server.Play();
        publisher.Inter(2000, 3000);
        publisher.Sound(2000);
        Second(publisher, 3000, frames: 3, bytes: 3000);
        server.Turns(5);

        var times = player.Video.Where(seen => !seen.IsHeader).Select(seen => seen.Time).ToList();
        Assert.That(times.Take(20), Is.EqualTo(Enumerable.Range(0, 20).Select(i => i * FrameMs)));
        Assert.That(times.TakeLast(3), Is.EqualTo(new[] { 3000, 3040, 3080 }));
        Assert.That(player.Audio.Select(seen => seen.Time), Does.Contain(2000));
        AssertDecodable(player, healthy);
    }

    [Test]
    public void A_queue_is_bounded_by_time_too()
    {
        using var server = new ServerInMemory(Small with
        {
            QueueSize = 1 << 20,
            QueueLength = TimeSpan.FromSeconds(2),
        });
        var publisher = server.Publish();
        var healthy = server.Play();
        var frozen = server.Play();
        frozen.Socket.Room = 0;
        for (uint i = 0; i < 20; i++)
        {
            Second(publisher, i * 1000, frames: 10, bytes: 100);
            server.Turn(1000);
        }
        frozen.Socket.Room = long.MaxValue;
        server.Turns(2);

        Assert.That(frozen.Video.First().IsKeyframe);
        Assert.That(
            frozen.Video.Concat(frozen.Audio).Select(seen => seen.Time),
            Has.All.GreaterThanOrEqualTo(17_000));
        AssertDecodable(frozen, healthy);
    }

    [Test]
    public void A_player_that_takes_no_byte_in_time_is_closed_and_one_byte_saves_it()
    {
        using var server = new ServerInMemory(
            new PlayOptions(), new PublishOptions { DropIdlePublisher = TimeSpan.Zero });
        var publisher = server.Publish();
        var frozen = server.Play();
        var slow = server.Play();
        frozen.Socket.Room = slow.Socket.Room = 0;
        publisher.Key(0);
        server.Turn();
        for (var second = 0; second < 9; second++)
            server.Turn(1000);
        Assert.That(server.Server.ConnectionCount, Is.EqualTo(3));

        slow.Socket.Room = 1;
        server.Turns(4, eachMs: 500);

        Assert.That(frozen.Socket.IsClosed);
        Assert.That(slow.Socket.IsClosed, Is.False);
        Assert.That(server.Server.PlayerCount, Is.EqualTo(1));
    }

    [Test]
    public void What_a_player_lost_stands_in_its_last_line()
    {
        using var log = new CapturedLog(LogLevel.Info);
        using var server = new ServerInMemory(Small);
        var publisher = server.Publish();
        var frozen = server.Play();
        frozen.Socket.Room = 0;
        for (uint i = 0; i < 100; i++)
        {
            publisher.Key(i * FrameMs, 10_000);
            server.Turn(FrameMs);
        }
        frozen.Socket.Room = long.MaxValue;
        server.Turns(2);
        frozen.Socket.Leave();
        server.Turns(2);

        var lost = 100 - frozen.Video.Count();
        Assert.That(lost, Is.GreaterThan(90));
        Assert.That(log.Lines, Has.Exactly(1).Contains(" played live/a: "));
        Assert.That(
            log.Lines.Single(line => line.Contains(" played ")), Does.Contain($"{lost} drop"));
    }

    [Test]
    public void A_flood_of_headers_does_not_fill_the_memory_of_a_frozen_player()
    {
        using var server = new ServerInMemory(Small);
        var publisher = server.Publish();
        var frozen = server.Play();
        frozen.Socket.Room = 0;
        var header = new byte[5000];
        header[0] = 0x17;
        for (byte i = 0; i < 100; i++)
        {
            header[9] = i;
            publisher.Send(MessageType.Video, 0, header);
            server.Turn();
        }

        Assert.That(server.Server.PlayerCount, Is.Zero);
        Assert.That(server.Server.PublisherCount, Is.EqualTo(1));
    }

    private static void Second(Peer publisher, uint time, int frames, int bytes)
    {
        for (uint i = 0; i < frames; i++)
            Frame(publisher, time + (i * FrameMs), i == 0, bytes);
    }

    private static void Frame(Peer publisher, uint time, bool isKey, int bytes)
    {
        if (isKey)
            publisher.Key(time, bytes);
        else
            publisher.Inter(time, bytes);
        publisher.Sound(time);
    }

    /// <summary>Each picture follows the one that it was sent behind, or is a keyframe.</summary>
    /// <param name="player">Who may have lost some; its clock may have begun later.</param>
    /// <param name="all">Who saw everything.</param>
    private static void AssertDecodable(Peer player, Peer all)
    {
        var sent = all.Video.ToList();
        var last = -1;
        byte[] header = [];
        byte[] wanted = [];
        foreach (var seen in player.Video)
        {
            var at = sent.FindIndex(
                last + 1, frame => frame.Payload.AsSpan().SequenceEqual(seen.Payload)
                    && (seen.IsHeader || frame.Time == seen.Time));
            Assert.That(at, Is.GreaterThan(last), "a picture that was not sent, or out of order");
            foreach (var passed in sent.Take((last + 1)..(at + 1)).Where(frame => frame.IsHeader))
                wanted = passed.Payload;
            if (seen.IsHeader)
                header = seen.Payload;
            else
                Assert.That(seen.IsKeyframe || IsNext(sent, last, at), $"a gap at {seen.Time}");
            Assert.That(header, Is.EqualTo(wanted), $"another header at {seen.Time}");
            last = at;
        }
    }

    private static bool IsNext(List<Seen> sent, int last, int at) =>
        last >= 0 && sent.Skip(last + 1).Take(at - last - 1).All(frame => frame.IsHeader);
}
