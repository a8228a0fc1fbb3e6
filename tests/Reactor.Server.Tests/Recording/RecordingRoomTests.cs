using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Server.Configuration;

namespace Reactor.Server.Tests.Recording;

/// <summary>Recordings on a disk that is nearly full: who gives way, and how it ends.</summary>
[TestFixture]
public sealed class RecordingRoomTests
{
    private const int Capacity = 1_000_000;

    [Test]
    public void No_file_is_begun_where_there_is_no_room()
    {
        using var server = Start(new RecordOptions { MinFree = 200_000 });
        server.Disk.Put("other", new byte[900_000]);
        Stream(server, seconds: 40);

        Assert.That(server.Disk.Names, Is.EqualTo(new[] { "other" }));
        Assert.That(
            server.Server.RecordingApi.List().Single().LastError,
            Does.Contain("100000 bytes are free, and record.min_free is 200000 bytes"));
    }

    [Test]
    public void A_recording_that_reaches_the_bound_is_completed_and_goes_on_when_there_is_room()
    {
        using var server = Start(new RecordOptions { MinFree = 200_000 });
        var publisher = Stream(server, seconds: 5);
        server.Disk.Put("other", new byte[780_000]);
        Stream(server, seconds: 15, publisher, from: 5);

        var file = new RecordedFile(server.Disk.Read(server.Disk.Names.Single(IsRecording)));
        Assert.That(file["filesize"].AsNumber(), Is.EqualTo(file.Bytes.Length), "completed");
        Assert.That(file["duration"].AsNumber(), Is.EqualTo(10).Within(1.5));
        var status = server.Server.RecordingApi.List().Single();
        Assert.That((status.Path, status.LastError.Contains("min_free")), Is.EqualTo(("", true)));

        server.Disk.Put("other", new byte[1]);
        Stream(server, seconds: 35, publisher, from: 20);
        Assert.That(server.Disk.Names.Count(IsRecording), Is.EqualTo(2));
        server.Server.StopNow();
        server.Turns(5);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void With_delete_after_the_oldest_go_as_far_as_it_takes_and_nothing_else()
    {
        using var server = Start(
            new RecordOptions { MinFree = 300_000, DeleteAfter = TimeSpan.FromDays(100) });
        foreach (var (name, bytes) in ((string, int)[])[
            ("record/live/z_1.flv", 100_000), ("record/live/mine.flv", 200_000),
            ("record/live/b_2.flv", 150_000), ("record/live/c_3.flv", 200_000),
            ("record/live/c_4-1.flv", 200_000)])
        {
            server.Disk.Put(name, new byte[bytes]);
            server.Turn(1000);
        }
        Stream(server, seconds: 3);                     // 150,000 are free, 300,000 are to be

        var left = server.Disk.Names.Where(name => name.Contains("live/")).ToArray();
        Assert.That(left, Does.Not.Contain("record/live/z_1.flv"), "the oldest");
        Assert.That(left, Does.Not.Contain("record/live/b_2.flv"), "the next");
        Assert.That(left, Is.SupersetOf(new[]
        {
            "record/live/mine.flv", "record/live/c_3.flv", "record/live/c_4-1.flv",
        }));
        Assert.That(server.Server.RecordingApi.List().Single().Path, Is.Not.Empty, "it records");
    }

    [Test]
    public void Nothing_is_deleted_where_all_of_it_would_not_be_enough()
    {
        using var server = Start(
            new RecordOptions { MinFree = 300_000, DeleteAfter = TimeSpan.FromDays(100) });
        server.Disk.Put("other", new byte[800_000]);
        server.Disk.Put("record/live/z_1.flv", new byte[50_000]);
        Stream(server, seconds: 3);

        Assert.That(server.Disk.Names, Does.Contain("record/live/z_1.flv"));
        Assert.That(
            server.Server.RecordingApi.List().Single().LastError, Does.Contain("min_free"));
    }

    [Test]
    public void Without_delete_after_nothing_is_deleted()
    {
        using var server = Start(new RecordOptions { MinFree = 300_000 });
        server.Disk.Put("record/live/z_1.flv", new byte[800_000]);
        Stream(server, seconds: 3);

        Assert.That(server.Disk.Names.Single(), Is.EqualTo("record/live/z_1.flv"));
    }

    /// <summary>The rule was taken for one that has somebody at it, for ever.</summary>
    [Test]
    public void A_fault_while_room_is_made_leaves_it_to_the_next_recording()
    {
        using var server = Start(
            new RecordOptions { MinFree = 300_000, DeleteAfter = TimeSpan.FromDays(100) });
        server.Disk.Put("other", new byte[700_000]);
        server.Disk.Put("record/live/z_1.flv", new byte[100_000]);
        var publisher = server.Publish();
        var left = 2;                                   // what is free, and then what is there
        server.Disk.Before = () =>
        {
            if (--left == 0)
                throw new InvalidOperationException("planted");
        };
        Stream(server, seconds: 3, publisher);
        Assert.That(server.Server.RecordingApi.List(), Is.Empty, "it cost the recording");
        publisher.End();

        Stream(server, seconds: 3);

        Assert.That(server.Disk.Names, Does.Not.Contain("record/live/z_1.flv"), "the oldest");
    }

    private static bool IsRecording(string name) => name.StartsWith("record/");

    private static ServerInMemory Start(RecordOptions rule)
    {
        var server = new ServerInMemory(options: new ServerOptions
        {
            Defaults = new StreamOptions { Record = [rule] },
        });
        server.Disk.CapacityBytes = Capacity;
        return server;
    }

    private static Peer Stream(
        ServerInMemory server, int seconds, Peer? publisher = null, int from = 0)
    {
        publisher ??= server.Publish();
        server.Film(publisher, seconds, from, keyBytes: 1000);
        return publisher;
    }
}
