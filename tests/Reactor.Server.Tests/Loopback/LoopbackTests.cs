using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Rtmp;
using Reactor.Testing;

namespace Reactor.Server.Tests.Loopback;

/// <summary>Real sockets, our own client: media that ffmpeg cannot make, and leaks.</summary>
public class LoopbackTests
{
    private static readonly byte[] AudioHeader = [0xAF, 0, 0x12, 0x10];
    private static readonly byte[] VideoHeader = [0x17, 0, 0, 0, 0, 1, 0x64, 0, 0x1F, 0xFF, 0xE0];
    private static readonly byte[] Keyframe = [0x17, 1, 0, 0, 0, 0, 0, 0, 2, 9, 0x10];

    [Test]
    public void Enhanced_av1_and_opus_arrive_unchanged_at_an_early_and_a_late_player()
    {
        using var world = new LoopbackServer();
        var tags = ReadTags("ertmp-av1-opus.flv");
        var early = world.Play("a");
        world.Until(() => early.Conversation.IsStarted, "the early player starts");
        var publisher = world.Publish("a");
        world.Until(() => publisher.Conversation.IsStarted, "the publisher starts");

        var half = tags.Count / 2;
        SendAll(publisher, tags[..half]);
        world.Until(() => early.Received.Count == half, "half arrives");
        var late = world.Play("a");
        world.Until(() => late.Conversation.IsStarted, "the late player starts");
        SendAll(publisher, tags[half..]);
        world.Until(() => early.Received.Count == tags.Count, "all arrives");
        world.Until(() => EndsAlike(late, tags), "the late player has the end");

        Assert.That(early.Received.Select(m => m.Payload), Is.EqualTo(tags.Select(t => t.Payload)));
        AssertJoined(late, tags);
        publisher.Close();
        early.Close();
        late.Close();
        world.Until(() => world.Server.ConnectionCount == 0, "all have left");
    }

    [Test]
    public void Two_hundred_publishers_that_come_and_go_leave_nothing_behind()
    {
        using var world = new LoopbackServer();
        var player = world.Play("a");
        world.Until(() => player.Conversation.IsStarted, "the player starts");
        CycleOnce(world, player);
        var descriptors = Descriptors();
        var watched = world.Server.Loop.Poller.Watched;
        var timers = world.Server.Loop.Timers.Count;
        var packets = world.Server.Loop.Pool.Outstanding;

        for (var cycle = 0; cycle < 200; cycle++)
            CycleOnce(world, player);

        Assert.Multiple(() =>
        {
            Assert.That(Descriptors(), Is.EqualTo(descriptors));
            Assert.That(world.Server.Loop.Poller.Watched, Is.EqualTo(watched));
            Assert.That(world.Server.Loop.Timers.Count, Is.EqualTo(timers));
            Assert.That(world.Server.Loop.Pool.Outstanding, Is.EqualTo(packets));
            Assert.That(world.Server.PublisherCount, Is.Zero);
            Assert.That(player.IsClosed, Is.False);
        });
        foreach (var track in player.Received.GroupBy(message => message.Type))
            Assert.That(track.Select(message => message.Time), Is.Ordered, $"{track.Key}");
        player.Close();
        world.Until(() => world.Server.ConnectionCount == 0, "the player has left");
    }

    private static void CycleOnce(LoopbackServer world, LoopbackClient player)
    {
        var before = player.Received.Count;
        var publisher = world.Publish("a");
        world.Until(() => publisher.Conversation.IsStarted, "the publisher starts");
        publisher.Conversation.SendMedia(MessageType.Audio, 0, AudioHeader);
        publisher.Conversation.SendMedia(MessageType.Video, 0, VideoHeader);
        publisher.Conversation.SendMedia(MessageType.Video, 40, Keyframe);
        world.Until(() => player.Received.Count == before + 3, "the frames arrive");
        publisher.Conversation.End();
        world.Until(() => world.Server.PublisherCount == 0, "the stream ends");
        publisher.Close();
        world.Until(() => world.Server.ConnectionCount == 1, "the publisher has left");
    }

    /// <summary>Sockets of this process; the rest is the test host's own affair.</summary>
    private static int Descriptors() => OperatingSystem.IsLinux()
        ? Directory.GetFiles("/proc/self/fd").Count(IsSocket)
        : 0;

    private static bool IsSocket(string descriptor) =>
        new FileInfo(descriptor).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal)
            == true;

    private static List<(MessageType Type, uint Time, byte[] Payload)> ReadTags(string sample)
    {
        var tags = new List<(MessageType, uint, byte[])>();
        using var reader = new FlvReader(new PacketPool(), 1 << 20);
        ReadOnlySpan<byte> input = Samples.Load(sample);
        while (reader.TryRead(ref input, out var tag))
        {
            if (tag.Type is MessageType.Audio or MessageType.Video)
                tags.Add((tag.Type, tag.TimestampMs, tag.Payload.Written.ToArray()));
            tag.Payload.Release();
        }
        return tags;
    }

    private static void SendAll(
        LoopbackClient publisher, List<(MessageType Type, uint Time, byte[] Payload)> tags)
    {
        foreach (var (type, time, payload) in tags)
            publisher.Conversation.SendMedia(type, time, payload);
    }

    private static bool EndsAlike(
        LoopbackClient player, List<(MessageType Type, uint Time, byte[] Payload)> tags) =>
        player.Received.Count > 0
        && player.Received[^1].Payload.AsSpan().SequenceEqual(tags[^1].Payload);

    /// <summary>Configurations, then everything from a keyframe on, byte by byte.</summary>
    private static void AssertJoined(
        LoopbackClient late, List<(MessageType Type, uint Time, byte[] Payload)> tags)
    {
        var payloads = late.Received.ConvertAll(message => message.Payload);
        var first = late.Received.FindIndex(message =>
            message.Type == MessageType.Video && VideoTagHeader.Read(message.Payload).IsKeyframe);
        Assert.That(first, Is.GreaterThan(0), "headers come before the first keyframe");
        Assert.That(
            payloads[..first].Exists(payload => VideoTagHeader.Read(payload).IsSequenceHeader));

        var rest = payloads[first..];
        var from = tags.Count - rest.Count;
        Assert.That(rest, Is.EqualTo(tags[from..].ConvertAll(tag => tag.Payload)));
        Assert.That(late.Received[first].Time, Is.Zero, "a joiner's clock begins at 0");
    }
}
