using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Server.Storage;

namespace Reactor.Server.Tests.Recording;

/// <summary>Live streams into files, on a disk in memory.</summary>
[TestFixture]
public sealed class FlvRecorderTests
{
    [Test]
    public void A_stream_is_recorded_whole_and_its_metadata_is_completed_at_the_end()
    {
        using var server = Start(new RecordOptions());
        var publisher = server.Publish();
        publisher.Send(
            MessageType.Data, 0,
            [2, 0, 10, .. "onMetaData"u8, 8, 0, 0, 0, 1, 0, 5, .. "width"u8, 0, 0x40, 0x94, 0, 0,
                0, 0, 0, 0, 0, 0, 9]);
        server.Film(publisher, seconds: 10);
        publisher.End();
        server.Turns(3, 1000);
        Assert.That(server.Server.RecordingApi.List().Count(), Is.EqualTo(1), "grace");
        server.Turns(40, 1000);

        var file = Only(server);
        Assert.Multiple(() =>
        {
            Assert.That(file.Media.Count(tag => tag.Type == MessageType.Video), Is.EqualTo(251));
            Assert.That(file.Media.Count(tag => tag.Type == MessageType.Audio), Is.EqualTo(251));
            Assert.That(file["width"].AsNumber(), Is.EqualTo(1280), "as the publisher said");
            Assert.That(file["duration"].AsNumber(), Is.EqualTo(9.96).Within(0.05));
            Assert.That(file["filesize"].AsNumber(), Is.EqualTo(file.Bytes.Length));
            Assert.That(file["hasVideo"].AsBoolean(), Is.True);
            Assert.That(file.Index.Count, Is.EqualTo(10));
        });
        for (var i = 0; i < file.Index.Count; i++)
        {
            var tag = file.Tags.Single(each => each.Position == file.Index[i].Position);
            Assert.That(tag.Payload[0], Is.EqualTo(0x17), $"keyframe {i}");
            Assert.That(tag.TimeMs, Is.EqualTo(file.Index[i].TimeMs));
        }
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_server_that_is_killed_leaves_whole_tags_and_loses_a_second_at_most()
    {
        using var server = Start(new RecordOptions());
        var publisher = server.Publish();
        publisher.Headers();
        var sentMs = 0u;
        for (var i = 0; i < 250; i++)
        {
            sentMs = (uint)i * 40;
            publisher.Film(i);
            server.Turn(40);
            if (i < 30)
                continue;
            var file = Only(server);                    // as it is on the disk now
            Assert.That(
                sentMs - (long)file.Tags[^1].TimeMs, Is.LessThanOrEqualTo(1300), $"frame {i}");
        }
    }

    [Test]
    public void Files_are_split_at_keyframes_by_time_size_or_pictures(
        [Values("time", "size", "pictures")] string by)
    {
        var rule = by switch
        {
            "time" => new RecordOptions { RecordInterval = TimeSpan.FromSeconds(2.5) },
            "size" => new RecordOptions { RecordMaxSize = 20_000 },
            _ => new RecordOptions { RecordMaxFrames = 60 },
        };
        using var server = Start(rule);
        server.Film(server.Publish(), seconds: 12);
        server.Server.StopNow();
        server.Turns(3);

        var files = server.Disk.Names.Select(name => new RecordedFile(server.Disk.Read(name)))
            .ToArray();
        Assert.That(files, Has.Length.InRange(3, 6));
        Assert.That(
            files.Sum(file => file.Media.Count(tag => tag.Payload is [0x17 or 0x27, 1, ..])),
            Is.EqualTo(300), "nothing is lost between two files");
        foreach (var file in files)
        {
            var video = file.Media.Where(tag => tag.Type == MessageType.Video).ToArray();
            Assert.That(video[0].Payload[1], Is.Zero, "the configuration comes first");
            Assert.That(video[1].Payload[..2], Is.EqualTo(new byte[] { 0x17, 1 }));
            Assert.That(video[1].TimeMs, Is.LessThan(41));
            Assert.That(file["duration"].AsNumber(), Is.GreaterThan(0));
        }
    }

    [TestCase(RecordMode.Audio, 0, 251)]
    [TestCase(RecordMode.Video, 251, 0)]
    [TestCase(RecordMode.Keyframes, 11, 0)]
    public void A_recorder_may_take_a_part_of_the_stream(RecordMode mode, int video, int audio)
    {
        using var server = Start(new RecordOptions { Record = mode });
        server.Film(server.Publish(), seconds: 10);
        server.Server.StopNow();
        server.Turns(3);

        var file = Only(server);
        Assert.That(file.Media.Count(tag => tag.Type == MessageType.Video), Is.EqualTo(video));
        Assert.That(file.Media.Count(tag => tag.Type == MessageType.Audio), Is.EqualTo(audio));
    }

    [Test]
    public void A_publisher_that_returns_within_its_grace_goes_on_in_the_same_file()
    {
        using var server = Start(new RecordOptions());
        var first = server.Publish();
        server.Film(first, seconds: 2);
        first.End();
        server.Turns(5, 1000);
        server.Film(server.Publish(), seconds: 2);
        server.Server.StopNow();
        server.Turns(3);

        var file = Only(server);
        Assert.That(file.Media.Count(tag => tag.Payload is [0x17 or 0x27, 1, ..]), Is.EqualTo(100));
        Assert.That(
            file.Media.Where(tag => tag.Type == MessageType.Video).Select(tag => tag.TimeMs),
            Is.Ordered);
    }

    [Test]
    public void A_full_disk_costs_the_recording_and_not_the_stream_and_it_is_tried_again()
    {
        using var server = Start(new RecordOptions { MinFree = 0 });
        server.Disk.CapacityBytes = 60_000;
        var publisher = server.Publish();
        var player = server.Play();
        server.Film(publisher, seconds: 20);

        var recorder = server.Server.RecordingApi.List().Single();
        Assert.That(recorder.Path, Is.Empty);
        Assert.That(recorder.LastError, Is.Not.Empty);
        Assert.That(player.Video.Count(), Is.EqualTo(501), "the stream goes on");
        Assert.That(Only(server).Tags, Has.Count.GreaterThan(50), "what fitted can be played");

        server.Disk.CapacityBytes = long.MaxValue;
        server.Film(publisher, seconds: 30, from: 20);
        Assert.That(
            server.Server.RecordingApi.List().Single().Path, Is.Not.Empty, "tried again");
        server.Server.StopNow();
        server.Turns(3);
        Assert.That(server.Disk.Names.Count(), Is.EqualTo(2));
        Assert.That(server.Pool.Outstanding, Is.Zero);
    }

    [Test]
    public void Too_little_room_is_no_room()
    {
        using var server = Start(new RecordOptions { MinFree = 1 << 20 });
        server.Disk.CapacityBytes = 1 << 19;
        server.Film(server.Publish(), seconds: 3);

        Assert.That(
            server.Server.RecordingApi.List().Single().LastError, Does.Contain("min_free"));
    }

    [Test]
    public void A_name_of_the_network_stays_in_its_folder()
    {
        using var server = Start(new RecordOptions
        {
            RecordPath = PathTemplate.TryParse("rec/{app}/{stream}.{ext}", out _)!,
        });
        foreach (var name in (string[])["..%2e", "a%20b", "con"])
            server.Film(server.Publish(name), seconds: 1);
        server.Server.StopNow();
        server.Turns(3);

        Assert.That(server.Disk.Names, Is.EqualTo(new[]                       // Q43
        {
            "rec/live/%2E.%2E.flv", "rec/live/%63on.flv", "rec/live/a%20b.flv",
        }));
    }

    [Test]
    public void A_file_that_is_there_is_never_touched()
    {
        using var server = Start(new RecordOptions
        {
            RecordPath = PathTemplate.TryParse("rec/{stream}.{ext}", out _)!,
        });
        server.Disk.Put("rec/a.flv", [1, 2, 3]);
        server.Disk.Put("rec/a-1.flv", [4]);
        server.Film(server.Publish(), seconds: 1);
        server.Server.StopNow();
        server.Turns(3);

        Assert.That(
            server.Disk.Names, Is.EqualTo(new[] { "rec/a-1.flv", "rec/a-2.flv", "rec/a.flv" }));
        Assert.That(server.Disk.Read("rec/a.flv"), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public void A_manual_recorder_waits_for_the_word_of_an_operator()
    {
        using var server = Start(
            new RecordOptions { Name = "x", Record = RecordMode.Manual });
        var recorders = server.Server.RecordingApi;
        Assert.That(recorders.Start("live", "a", "x").Why, Does.Contain("nobody publishes"));
        var publisher = server.Publish();
        server.Film(publisher, seconds: 2);
        Assert.That(server.Disk.Names, Is.Empty);

        Assert.That(recorders.Start("live", "a", "y").Why, Does.Contain("no recorder y"));
        Assert.That(recorders.Start("live", "a", "x").Recording?.Stream, Is.EqualTo("live/a"));
        Assert.That(recorders.Start("live", "a", "").Recording, Is.Not.Null, "the same");
        server.Film(publisher, seconds: 2, from: 2);
        Assert.That(recorders.Stop("live", "a", "x").Recording?.Path, Does.StartWith("record/"));
        Assert.That(recorders.Stop("live", "a", "x").Why, Does.Contain("not being recorded"));
        server.Film(publisher, seconds: 2, from: 4);

        var video = Only(server).Media.Count(tag => tag.Payload is [0x17 or 0x27, 1, ..]);
        Assert.That(video, Is.EqualTo(50));
    }

    [Test]
    public void Old_recordings_are_deleted_and_nothing_else()
    {
        using var server = Start(new RecordOptions
        {
            Record = RecordMode.Manual,
            DeleteAfter = TimeSpan.FromHours(1),
        });
        server.Disk.Put("record/live/a_1.flv", [1]);
        server.Disk.Put("record/live/mine.flv", [1]);
        server.Disk.Put("record/a_1.txt", [1]);
        server.Turns(2, 60_000);
        Assert.That(server.Disk.Names.Count(), Is.EqualTo(3));
        server.Turns(70, 60_000);
        server.Disk.Put("record/live/b_2.flv", [1]);
        server.Turns(3, 60_000);

        Assert.That(server.Disk.Names, Is.EqualTo(new[]
        {
            "record/a_1.txt", "record/live/b_2.flv", "record/live/mine.flv",
        }));
    }

    private static ServerInMemory Start(RecordOptions rule) => new(options: new ServerOptions
    {
        Defaults = new StreamOptions { Record = [rule] },
    });

    private static RecordedFile Only(ServerInMemory server) =>
        new(server.Disk.Read(server.Disk.Names.Single()));
}
