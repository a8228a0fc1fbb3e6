using System;
using NUnit.Framework;
using Reactor.Testing;

namespace Reactor.Server.Tests.Http;

/// <summary>Large files on their way to readers of every kind.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FileDownloadTests : IDisposable
{
    private static readonly byte[] Film = Bytes(1_000_000);

    private readonly ServerInMemory _server = new();

    [Test]
    public void A_reader_that_is_slow_costs_a_piece_and_gets_it_all()
    {
        _server.Disk.Put("html/film.mp4", Film);
        using var peer = new HttpPeer(_server);
        peer.Socket.Room = 0;
        peer.Say("GET /film.mp4 HTTP/1.1\nHost: x\n\n");
        var most = 0L;
        while (peer.Answers.Count == 0 || !peer.IsDone)
        {
            peer.Socket.Room = 10_000;
            peer.Turn(afterMs: 500);
            most = Math.Max(most, _server.Pool.OutstandingBytes);
        }

        Assert.That(peer.Last.Body, Is.EqualTo(Film));
        Assert.That(most, Is.LessThan(300_000), "a piece of 128 KiB, and what is read ahead");
        Assert.That(_server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_reader_that_takes_nothing_or_leaves_keeps_no_file_open()
    {
        _server.Disk.Put("html/film.mp4", Film);
        using var stuck = new HttpPeer(_server);
        using var gone = new HttpPeer(_server);
        stuck.Socket.Room = gone.Socket.Room = 20_000;
        foreach (var peer in (HttpPeer[])[stuck, gone])
            peer.Say("GET /film.mp4 HTTP/1.1\nHost: x\n\n");
        _server.Turns(5);
        Assert.That(_server.Disk.Opened, Is.EqualTo(2));

        gone.Socket.Leave();
        _server.Turns(2);
        Assert.That(_server.Disk.Opened, Is.EqualTo(1));
        _server.Turns(60, eachMs: 200);
        Assert.That(stuck.Socket.IsClosed, "send_timeout");
        Assert.That(_server.Disk.Opened, Is.Zero);
        Assert.That(_server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_disk_that_fails_is_no_file_that_is_missing()
    {
        _server.Disk.Put("html/a.txt", "a"u8);
        _server.Disk.Faults = new() { Failing = 1000 };

        using var peer = new HttpPeer(_server);
        Assert.That(peer.Get("/a.txt")!.Status, Is.EqualTo(500));
        Assert.That(_server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_disk_that_hangs_keeps_nobody_from_a_stream_and_is_answered_for()
    {
        var work = default(HeldWork);
        using var server = new ServerInMemory(work: mailbox => work = new HeldWork(mailbox));
        server.Disk.Put("html/a.txt", "a"u8);
        work!.IsHeld = true;
        using var player = new HttpPeer(server);
        using var reader = new HttpPeer(server);
        player.Get("/live/a.flv");
        reader.Get("/a.txt");
        server.Turns(9, eachMs: 200);
        Assert.That(reader.Answers, Is.Empty, "it may still be found");

        server.Turns(3, eachMs: 200);
        reader.Turn();
        Assert.That(reader.Last.Status, Is.EqualTo(503));
        var publisher = server.Publish("a");
        publisher.Headers();
        publisher.Key(0);
        player.Turns(3, eachMs: 0);
        Assert.That(player.Last.Status, Is.EqualTo(200));

        work.Release();
        server.Turns(3);
        Assert.That(server.Disk.Opened, Is.Zero, "what came too late was closed");
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    public void Dispose() => _server.Dispose();

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
