using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Server.Storage;

namespace Reactor.Server.Tests.Recording;

/// <summary>Recordings that go on in the file that is there (nginx-rtmp's record_append).</summary>
[TestFixture]
public sealed class RecordAppendTests
{
    private const string Path = "rec/a.flv";

    [Test]
    public void A_recording_goes_on_in_its_file_without_a_gap_and_its_index_covers_both()
    {
        var first = Record([], seconds: 3);
        var second = Record(first, seconds: 4);

        var file = new RecordedFile(second);
        var pictures = Pictures(file);
        Assert.Multiple(() =>
        {
            Assert.That(pictures, Has.Length.EqualTo(7 * 25));
            Assert.That(pictures.Select(tag => tag.TimeMs), Is.Ordered.And.Unique);
            Assert.That(
                pictures[75].TimeMs - pictures[74].TimeMs, Is.InRange(1, 60), "no gap in time");
            Assert.That(file["duration"].AsNumber(), Is.EqualTo(7).Within(0.1));
            Assert.That(file["filesize"].AsNumber(), Is.EqualTo(second.Length));
            Assert.That(file["hasAudio"].AsBoolean(), Is.True);
            Assert.That(file.Tags.Count(tag => tag.Type == MessageType.Data), Is.EqualTo(1));
            Assert.That(file.Index.Count, Is.EqualTo(7));
        });
        for (var i = 0; i < file.Index.Count; i++)
        {
            var tag = file.Tags.Single(each => each.Position == file.Index[i].Position);
            Assert.That(tag.Payload[0], Is.EqualTo(0x17), $"keyframe {i}");
            Assert.That(tag.TimeMs, Is.EqualTo(file.Index[i].TimeMs));
        }
    }

    [Test]
    public void What_a_killed_recorder_left_behind_the_last_whole_tag_is_cut_off()
    {
        var whole = Record([], seconds: 2);
        var tags = new RecordedFile(whole).Tags;
        var cuts = Enumerable.Range(0, 30)
            .Concat([tags[0].Payload.Length / 2, (int)tags[1].Position])
            .Concat(Enumerable.Range(1, 40).Select(back => whole.Length - back))
            .Concat(tags.TakeLast(6).Select(tag => (int)tag.Position));
        foreach (var cut in cuts)
        {
            var kept = tags.Skip(1).Count(tag => EndOf(tag) <= cut);
            var second = new RecordedFile(Record(whole[..cut], seconds: 1));
            Assert.That(
                second.Tags.Skip(1).Take(kept).Select(tag => (tag.TimeMs, tag.Payload.Length)),
                Is.EqualTo(
                    tags.Skip(1).Take(kept).Select(tag => (tag.TimeMs, tag.Payload.Length))),
                $"cut at {cut}");
            Assert.That(
                Pictures(second), Has.Length.EqualTo(
                    25 + tags.Skip(1).Take(kept).Count(IsPicture)), $"cut at {cut}");
            Assert.That(Pictures(second).Select(tag => tag.TimeMs), Is.Ordered.And.Unique);
        }
    }

    [Test]
    public void A_file_that_was_killed_while_it_was_written_on_goes_on_as_well()
    {
        var first = Record([], seconds: 3);
        var killed = Record(first, seconds: 3)[..^11];
        first.AsSpan(0, 17_000).CopyTo(killed);         // its metadata was not completed again
        var third = new RecordedFile(Record(killed, seconds: 2));

        Assert.That(Pictures(third).Length, Is.InRange((8 * 25) - 1, 8 * 25));
        Assert.That(third.Index.Count, Is.EqualTo(8));
        Assert.That(third["duration"].AsNumber(), Is.EqualTo(8).Within(0.1));
    }

    [TestCase("FLV of another program")]
    [TestCase("no FLV")]
    public void A_file_that_no_recorder_began_is_not_touched(string what)
    {
        byte[] theirs = what == "no FLV"
            ? [.. Enumerable.Repeat((byte)'x', 5000)]
            : [
                .. "FLV"u8, 1, 5, 0, 0, 0, 9, 0, 0, 0, 0,
                9, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0x17, 1, 0, 0, 0, 13,
            ];
        using var server = Start(theirs, new RecordOptions());
        Stream(server, seconds: 1);

        Assert.That(server.Disk.Names, Is.EqualTo(new[] { "rec/a-1.flv", Path }));
        Assert.That(server.Disk.Read(Path), Is.EqualTo(theirs));
        var ours = new RecordedFile(server.Disk.Read("rec/a-1.flv"));
        Assert.That(Pictures(ours), Has.Length.EqualTo(25));
    }

    [Test]
    public void Two_streams_of_one_name_do_not_write_into_one_file()
    {
        using var server = Start([], new RecordOptions());
        var publishers = new[] { server.Publish("a"), server.Publish("b") };
        foreach (var publisher in publishers)
            publisher.Headers();
        for (var i = 0; i < 50; i++)
        {
            foreach (var publisher in publishers)
                publisher.Film(i);
            server.Turn(40);
        }
        server.Server.StopNow();
        server.Turns(5);

        Assert.That(server.Disk.Names, Is.EqualTo(new[] { "rec/a-1.flv", Path }));
        foreach (var name in server.Disk.Names)
            Assert.That(Pictures(new RecordedFile(server.Disk.Read(name))), Has.Length.EqualTo(50));
    }

    [Test]
    public void An_operator_who_stops_and_starts_finds_both_in_one_file()
    {
        using var server = Start([], new RecordOptions { Record = RecordMode.Manual, Name = "x" });
        var publisher = server.Publish();
        publisher.Headers();
        for (var i = 0; i < 125; i++)
        {
            if (i is 0 or 50)
                Assert.That(server.Server.RecordingApi.Start("live", "a", "x").Why, Is.Empty);
            if (i is 50)
                Assert.That(server.Server.RecordingApi.Stop("live", "a", "x").Why, Is.Empty);
            if (i is 50)
                Assert.That(server.Server.RecordingApi.Start("live", "a", "x").Why, Is.Empty);
            publisher.Film(i);
            server.Turn(40);
        }
        server.Server.StopNow();
        server.Turns(5);

        var file = new RecordedFile(server.Disk.Read(server.Disk.Names.Single()));
        Assert.That(Pictures(file).Length, Is.InRange(100, 125), "a second at most is lost");
        Assert.That(Pictures(file).Select(tag => tag.TimeMs), Is.Ordered.And.Unique);
    }

    [Test]
    public void A_split_begins_another_file_only_where_its_name_is_another(
        [Values] bool isNamedByTime)
    {
        using var server = Start(
            [], new RecordOptions { RecordInterval = TimeSpan.FromSeconds(2) },
            isNamedByTime ? "rec/{stream}_%S.{ext}" : "rec/{stream}.{ext}");
        Stream(server, seconds: 6);

        Assert.That(server.Disk.Names.Count(), Is.EqualTo(isNamedByTime ? 3 : 1));
        Assert.That(
            server.Disk.Names.Sum(n => Pictures(new RecordedFile(server.Disk.Read(n))).Length),
            Is.EqualTo(150));
    }

    [Test]
    public void A_name_may_be_made_unique_by_its_time()
    {
        using var server = Start([], new RecordOptions { RecordUnique = true }, append: false);
        var at = server.Time.GetUtcNow().ToUnixTimeSeconds();
        Stream(server, seconds: 1);

        Assert.That(server.Disk.Names.Single(), Is.AnyOf($"rec/a-{at}.flv", $"rec/a-{at + 1}.flv"));
    }

    /// <summary>What is in the file once a stream was recorded behind what was in it.</summary>
    private static byte[] Record(byte[] before, int seconds)
    {
        using var server = Start(before, new RecordOptions());
        Stream(server, seconds);
        Assert.That(server.Disk.Names.Single(), Is.EqualTo(Path));
        Assert.That(server.LeftAfterStop(), Is.Empty);
        return server.Disk.Read(Path);
    }

    private static ServerInMemory Start(
        byte[] before, RecordOptions rule, string template = "rec/a.{ext}", bool append = true)
    {
        rule = rule with
        {
            RecordPath = PathTemplate.TryParse(template, out _)!,
            RecordAppend = append,
            MinFree = 0,
        };
        var server = new ServerInMemory(options: new ServerOptions
        {
            Defaults = new StreamOptions { Record = [rule] },
        });
        if (before.Length > 0)
            server.Disk.Put(Path, before);
        return server;
    }

    private static void Stream(ServerInMemory server, int seconds)
    {
        var publisher = server.Publish();
        server.Film(publisher, seconds);
        server.Server.StopNow();
        server.Turns(5);
    }

    private static bool IsPicture(RecordedTag tag) => tag.Payload is [0x17 or 0x27, 1, ..];

    private static RecordedTag[] Pictures(RecordedFile file) => [.. file.Media.Where(IsPicture)];

    private static long EndOf(RecordedTag tag) => tag.Position + 11 + tag.Payload.Length + 4;
}
