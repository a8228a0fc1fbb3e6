using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Reactor.Primitives;
using Reactor.Protocol.Flv;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Server.Tests.Http;
using Reactor.Testing;
using Reactor.Testing.Mp4;

namespace Reactor.Server.Tests.Recording;

/// <summary>Live streams into files of fragmented MP4, on a disk in memory.</summary>
[TestFixture]
public sealed class Mp4RecorderTests
{
    /// <summary>H.264 of another profile.</summary>
    private static readonly byte[] Other = Convert.FromHexString(
        "1700000000014D401EFFE100186764001EACD940B424D8088000000300800000190F8A14CB01000668FBE3CB"
        + "22C0FDF8F800");

    [Test]
    public void A_stream_is_recorded_whole_and_its_head_and_index_are_completed_at_the_end()
    {
        using var server = Start(new RecordOptions());
        HlsFilm.Film(server, HlsFilm.Publish(server), 0, 10_000);
        Stop(server);

        var bytes = Only(server);
        var file = Walk(bytes);
        Assert.Multiple(() =>
        {
            Assert.That(file.Pictures.Count(), Is.EqualTo(250));
            Assert.That(file.Sounds.Count(), Is.EqualTo(500));
            Assert.That(file.DurationMs, Is.EqualTo(10_000).Within(20));
            Assert.That(file.Tracks.Select(track => track.Codec), Is.EqualTo(["avc1", "mp4a"]));
        });
        var index = IndexOf(bytes);
        Assert.That(index, Has.Count.EqualTo(10), "a keyframe a second");
        foreach (var (time, moof) in index)
        {
            Assert.That(bytes.AsSpan(moof + 4, 4).ToArray(), Is.EqualTo("moof"u8.ToArray()));
            var fragment = FragmentAt(bytes, moof);
            var first = file.Pictures.First(picture => picture.Fragment == fragment);
            Assert.That((first.IsSync, first.ShowTime), Is.EqualTo((true, time)));
        }
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_file_lasts_until_its_last_picture_ends([Values(1, 2, 3, 31)] int pictures)
    {
        using var server = Start(new RecordOptions());
        var publisher = HlsFilm.Publish(server);
        for (var i = 0; i < pictures; i++)
            HlsFilm.ShowSilently(server, publisher, (uint)(i * 100 / 3), i == 0);
        Stop(server);

        var file = Walk(Only(server));
        var last = file.Pictures.Last();
        var endMs = Math.Ceiling((last.DecodeTime + last.Duration) / 90.0);
        Assert.That(file.Pictures.Count(), Is.EqualTo(pictures));
        Assert.That(file.DurationMs, Is.EqualTo(endMs));
    }

    [Test]
    public void A_server_that_is_killed_leaves_whole_fragments_and_loses_a_second_at_most()
    {
        using var server = Start(new RecordOptions());
        var publisher = HlsFilm.Publish(server);
        for (var time = 0u; time < 8000; time += 40)
        {
            HlsFilm.Show(server, publisher, time, time % 2000 == 0);
            if (time < 1400)
                continue;
            var file = Walk(Only(server));              // as it is on the disk now
            Assert.That(
                time - (file.Pictures.Last().DecodeTime / 90), Is.LessThanOrEqualTo(1300));
        }
    }

    [Test]
    public void Files_are_split_at_keyframes_and_nothing_is_lost_between_them(
        [Values("time", "size", "pictures")] string by)
    {
        using var server = Start(by switch
        {
            "time" => new RecordOptions { RecordInterval = TimeSpan.FromSeconds(2.5) },
            "size" => new RecordOptions { RecordMaxSize = 20_000 },
            _ => new RecordOptions { RecordMaxFrames = 60 },
        });
        HlsFilm.Film(server, HlsFilm.Publish(server), 0, 12_000, bytes: 300);
        Stop(server);

        var files = server.Disk.Names.Select(name => Walk(server.Disk.Read(name))).ToList();
        Assert.That(files, Has.Count.InRange(3, 6));
        Assert.That(files.Sum(file => file.Pictures.Count()), Is.EqualTo(300));
        Assert.That(files.Sum(file => file.Sounds.Count()), Is.EqualTo(600));
        foreach (var file in files)
        {
            var first = file.Pictures.First();
            Assert.That((first.IsSync, first.DecodeTime), Is.EqualTo((true, 0)));
        }
    }

    [Test]
    public void A_publisher_that_returns_with_the_same_headers_goes_on_in_the_same_file()
    {
        using var server = Start(new RecordOptions());
        var first = HlsFilm.Publish(server);
        HlsFilm.Film(server, first, 0, 2000);
        first.End();
        server.Turns(5, 1000);
        HlsFilm.Film(server, HlsFilm.Publish(server), 0, 2000);
        Stop(server);

        var file = Walk(Only(server));
        Assert.That(file.Pictures.Count(), Is.EqualTo(100));
        Assert.That(file.Sounds.Count(), Is.EqualTo(200));
    }

    [Test]
    public void Other_headers_begin_another_file()
    {
        using var server = Start(new RecordOptions());
        var publisher = HlsFilm.Publish(server);
        HlsFilm.Film(server, publisher, 0, 3000);
        publisher.Send(MessageType.Video, 3000, Other);
        HlsFilm.Film(server, publisher, 3000, 6000);
        Stop(server);

        var files = server.Disk.Names.Select(name => Walk(server.Disk.Read(name))).ToList();
        Assert.That(files.Select(file => file.Pictures.Count()), Is.EqualTo([75, 75]));
        Assert.That(files.Select(file => file.Video!.Config[1]), Is.EqualTo([0x64, 0x4D]));
    }

    [Test]
    public void A_track_that_comes_late_begins_another_file_and_one_that_comes_soon_does_not(
        [Values(200u, 3000u)] uint at)
    {
        using var server = Start(new RecordOptions());
        var publisher = server.Publish();
        publisher.Send(MessageType.Video, 0, HlsFilm.Avc);
        for (var time = 0u; time < 6000; time += 40)
        {
            if (time == at)
                publisher.Send(MessageType.Audio, time, 0xAF, 0, 0x12, 0x10);
            if (time >= at)
                HlsFilm.Show(server, publisher, time, time % 1000 == 0);
            else
                HlsFilm.ShowSilently(server, publisher, time, time % 1000 == 0);
        }
        Stop(server);

        var files = server.Disk.Names.Select(name => Walk(server.Disk.Read(name))).ToList();
        Assert.That(files.Select(file => file.Tracks.Count),
            Is.EqualTo(at < 1000 ? [2] : (int[])[1, 2]));
        Assert.That(files.Sum(file => file.Pictures.Count()), Is.EqualTo(150));
    }

    [TestCase("ffmpeg7-publish-hevc.client.bin", "hvc1", "mp4a")]
    [TestCase("ffmpeg8-publish-multitrack.client.bin", "avc1", "mp4a")]
    public void What_modern_encoders_publish_is_held(string sample, string video, string audio)
    {
        using var server = Start(new RecordOptions());
        server.Network.Visit().Arrive(Samples.Load(sample));
        server.Turns(60, 40);
        Stop(server);

        var file = Walk(Only(server));
        Assert.That(file.Tracks.Select(track => track.Codec), Is.EqualTo([video, audio]));
        Assert.That(file.Pictures.Count(), Is.GreaterThan(10));
        Assert.That(file.Sounds.Count(), Is.GreaterThan(10));
    }

    [Test]
    public void AV1_and_Opus_are_held()
    {
        using var server = Start(new RecordOptions());
        var publisher = server.Publish();
        using var reader = new FlvReader(new PacketPool(), 1 << 20);
        ReadOnlySpan<byte> rest = Samples.Load("ertmp-av1-opus.flv");
        var (pictures, sounds) = (0, 0);
        while (reader.TryRead(ref rest, out var tag))
        {
            var payload = tag.Payload.Written.ToArray();
            tag.Payload.Release();
            pictures += tag.Type == MessageType.Video
                && VideoTagHeader.Read(payload).Kind == TagKind.Frames ? 1 : 0;
            sounds += tag.Type == MessageType.Audio
                && AudioTagHeader.Read(payload).Kind == TagKind.Frames ? 1 : 0;
            publisher.Send(tag.Type, tag.TimestampMs, payload);
            server.Turn(20);
        }
        Stop(server);

        var file = Walk(Only(server));
        Assert.That(file.Tracks.Select(track => track.Codec), Is.EqualTo(["av01", "Opus"]));
        Assert.That(file.Pictures.Count(), Is.EqualTo(pictures));
        Assert.That(file.Sounds.Count(), Is.EqualTo(sounds).Within(10), "from the keyframe on");
    }

    [Test]
    public void A_stream_that_it_cannot_hold_is_told_of_and_costs_nothing_else(
        [Values(1, 10)] int part)
    {
        using var server = Start(new RecordOptions { Part = TimeSpan.FromSeconds(part) }, 1);
        var publisher = server.Publish();
        var player = server.Play();
        for (var i = 0u; i < 300; i++)
        {
            publisher.Send(MessageType.Audio, i * 40, 0xB6, 1, 2, 3);       // Speex
            server.Turn(40);
        }
        Assert.That(player.Audio.Count(), Is.EqualTo(300));
        Assert.That(Only(server), Is.Empty);
        Assert.That(
            server.Server.RecordingApi.List().Single().LastError,
            Does.EndWith("nothing came that its format can hold"));
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void Old_recordings_are_deleted_by_their_ending()
    {
        using var server = Start(new RecordOptions
        {
            Record = RecordMode.Manual,
            DeleteAfter = TimeSpan.FromHours(1),
        });
        server.Disk.Put("record/live/a_1.mp4", [1]);
        server.Disk.Put("record/live/a_1.flv", [1]);
        server.Turns(70, 60_000);

        Assert.That(server.Disk.Names, Is.EqualTo(["record/live/a_1.flv"]));
    }

    private static ServerInMemory Start(RecordOptions rule, long minFree = 0) =>
        new(options: new ServerOptions
        {
            Defaults = new StreamOptions
            {
                Record = [rule with { Format = RecordFormat.Fmp4, MinFree = minFree }],
            },
        });

    private static void Stop(ServerInMemory server)
    {
        server.Server.StopNow();
        server.Turns(3);
    }

    private static byte[] Only(ServerInMemory server) =>
        server.Disk.Read(server.Disk.Names.Single());

    private static Mp4Walk Walk(byte[] bytes)
    {
        var walk = new Mp4Walk();
        Assert.That(walk.ReadFile(bytes), Is.EqualTo(bytes.Length), "whole to its last byte");
        return walk;
    }

    /// <summary>Times and places of the tfra, found by the length at the file's end.</summary>
    private static List<(long Time, int Moof)> IndexOf(byte[] bytes)
    {
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(bytes.Length - 4));
        var tfra = Mp4Boxes.Find(bytes.AsSpan(bytes.Length - length + 8), "tfra");
        var entries = new List<(long, int)>();
        for (var rest = tfra[16..]; !rest.IsEmpty; rest = rest[19..])
        {
            entries.Add((
                BinaryPrimitives.ReadInt64BigEndian(rest),
                (int)BinaryPrimitives.ReadInt64BigEndian(rest[8..])));
        }
        return entries;
    }

    private static int FragmentAt(byte[] bytes, int at)
    {
        var boxes = new Mp4Boxes(bytes.AsSpan(0, at));
        var count = 0;
        while (boxes.TryRead())
            count += boxes.Type == "moof" ? 1 : 0;
        return count;
    }
}
