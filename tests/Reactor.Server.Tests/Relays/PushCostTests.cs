using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Server.Configuration;
using Reactor.Testing;

namespace Reactor.Server.Tests.Relays;

/// <summary>What a push costs beside others: a reference a frame, and no copy.</summary>
[TestFixture]
[Category("Allocation")]
public sealed class PushCostTests
{
    private const int Targets = 20;
    private const int Frames = 100;
    private const int FrameBytes = 6000;

    private readonly List<(MemorySocket Ours, MemorySocket Theirs)> _wires = [];

    [Test]
    public void A_frame_to_every_target_is_one_packet_and_allocates_nothing()
    {
        using var others = new ServerInMemory();
        using var server = new ServerInMemory(takesCalls: true, options: new ServerOptions
        {
            Defaults = new StreamOptions
            {
                Push = [.. Enumerable.Range(0, Targets).Select(
                    i => new RelayRule($"rtmp://127.0.0.1:{2000 + i}/live/{i}"))],
            },
        });
        var publisher = server.Publish();
        publisher.Headers();
        publisher.Key(0, FrameBytes);
        for (var i = 0; i < 20; i++)
            Carry(server, others);
        Assert.That(others.Server.PublisherCount, Is.EqualTo(Targets));

        foreach (var (ours, _) in _wires)
            ours.Room = 0;                      // all that comes now waits for every target
        var before = server.Pool.Outstanding;
        var allocated = 0L;
        for (var i = 1u; i <= Frames; i++)
        {
            publisher.Inter(i * 40, FrameBytes);
            server.Time.Advance(40);
            var start = GC.GetAllocatedBytesForCurrentThread();
            server.Server.Loop.RunOnce();
            allocated = Math.Max(allocated, GC.GetAllocatedBytesForCurrentThread() - start);
        }

        Assert.That(server.Pool.Outstanding - before, Is.EqualTo(Frames), "packets, once each");
        Assert.That(
            allocated, Is.LessThan(Targets * FrameBytes), "rings grow, and nothing is copied");
        foreach (var (ours, _) in _wires)
            ours.Room = long.MaxValue;
        for (var i = 0; i < 20; i++)
            Carry(server, others);
        foreach (var stream in others.Server.Hub.Streams)
            Assert.That(stream.VideoFramesIn, Is.EqualTo(Frames + 2), stream.Key.ToString());
    }

    private void Carry(ServerInMemory server, ServerInMemory others)
    {
        foreach (var called in server.Network.Called)
            _wires.Add((called, others.Network.Visit()));
        server.Network.Called.Clear();
        foreach (var (ours, theirs) in _wires)
        {
            Move(ours, theirs);
            Move(theirs, ours);
        }
        server.Turn(40);
        others.Turn(40);
    }

    private static void Move(MemorySocket from, MemorySocket to)
    {
        if (from.Sent.Count > 0)
            to.Arrive(from.Sent.ToArray());
        from.Sent.Clear();
    }
}
