using System;
using System.Linq;
using NUnit.Framework;
using Reactor.Protocol.Amf;
using Reactor.Protocol.Rtmp;
using Reactor.Server.Configuration;
using Reactor.Server.Storage;
using Reactor.Server.Tests.Http;
using Reactor.Testing.Mp4;

namespace Reactor.Server.Tests.Vod;

/// <summary>Recordings in MP4 played back by RTMP, from a disk in memory.</summary>
[TestFixture]
public sealed class Mp4VodTests
{
    private const string Film = "record/live/a.mp4";
    private const int Seconds = 12;

    [Test]
    public void A_recording_is_played_whole_as_it_was_published()
    {
        using var server = Recorded();
        var file = Walk(server);
        var player = server.Play("a");
        server.Turns(25, 40);
        Assert.That(
            player.Video.Max(seen => seen.Time), Is.InRange(3000, 4500), "its own pace");
        server.Turns(Seconds * 25, 40);

        Assert.That(
            player.Video.Where(seen => !seen.IsHeader)
                .Select(seen => (seen.Time, seen.Payload[5..])),
            Is.EqualTo(file.Pictures.Select(frame => ((uint)frame.TimeMs, frame.Bytes))));
        Assert.That(
            player.Audio.Skip(1).Select(seen => seen.Payload[2..]),
            Is.EqualTo(file.Sounds.Select(frame => frame.Bytes)));
        Assert.That(player.Audio.First().Payload, Is.EqualTo(new byte[] { 0xAF, 0, 0x12, 0x10 }));
        Assert.That(player.Video.First().Payload, Is.EqualTo(HlsFilm.Avc));
        Assert.That(player.Codes[^1], Is.EqualTo(StatusCode.PlayStop));
        player.End();
        server.Turns(3, 40);
        Assert.That(server.Disk.Opened, Is.Zero);
        Assert.That(server.LeftAfterStop(), Is.Empty);
    }

    [Test]
    public void A_start_begins_at_the_keyframe_before_it(
        [Values(0, 5000, 5900, 6000, 11_900)] int startMs,
        [Values("whole", "growing", "torn", "lied")] string form)
    {
        using var server = Recorded();
        Change(server, form);
        var player = server.Play("somewhere-else");
        player.Call(1, "play", AmfValue.Of("a.mp4"), AmfValue.Of(startMs));
        server.Turns(60, 40);                   // one for each fragment that is walked through

        var first = player.Video.First(seen => !seen.IsHeader);
        Assert.That(first.IsKeyframe, Is.True);
        Assert.That(first.Time, Is.EqualTo(startMs / 1000 * 1000));
        Assert.That(player.Video.First().IsHeader, Is.True, "its configuration comes first");
    }

    [Test]
    public void It_is_paused_resumed_and_sought_in_also_after_its_end()
    {
        using var server = Recorded();
        var player = server.Play("a");
        server.Turns(5, 40);
        player.Call(1, "pause", AmfValue.Of(true), AmfValue.Of(0));
        server.Turns(2, 40);
        var before = player.Seen.Count;
        server.Turns(100, 100);
        Assert.That(player.Seen, Has.Count.EqualTo(before), "it stands still");

        player.Call(1, "pause", AmfValue.Of(false), AmfValue.Of(0));
        server.Turns((Seconds * 25) + 25, 40);
        Assert.That(player.Last, Is.EqualTo(StatusCode.PlayStop));
        Assert.That(
            player.Video.Where(seen => !seen.IsHeader).Select(seen => seen.Time),
            Is.EqualTo(Enumerable.Range(0, Seconds * 25).Select(i => (uint)i * 40)));
        Assert.That(player.Audio.Count(), Is.EqualTo(1 + (Seconds * 50)), "nothing is missing");

        player.Seen.Clear();
        player.Call(1, "seek", AmfValue.Of(4321));
        server.Turns(15, 40);
        Assert.That(player.Codes, Does.Contain(StatusCode.SeekNotify));
        Assert.That(player.Video.First(seen => !seen.IsHeader).Time, Is.EqualTo(4000));
    }

    [Test]
    public void What_a_killed_server_has_left_is_played_to_its_last_whole_frames()
    {
        using var server = Recorded();
        Change(server, "torn");
        var player = server.Play("somewhere-else");
        player.Call(1, "play", AmfValue.Of("a"), AmfValue.Of(0));
        server.Turns(Seconds * 25 * 2, 40);

        Assert.That(player.Last, Is.EqualTo(StatusCode.PlayStop));
        Assert.That(player.Video.Max(seen => seen.Time), Is.InRange(10_960, 11_960));
    }

    [Test]
    public void A_long_one_without_an_index_is_begun_with_few_reads(
        [Values(0, 1000, 171_900, 299_500)] int startMs,
        [Values("growing", "torn", "torn, hostile")] string form)
    {
        const int seconds = 300;
        using var server = Recorded(seconds, pictureBytes: 4000);
        Change(server, form);
        var player = server.Play("somewhere-else");
        var reads = 0;
        server.Disk.Before = () => reads++;
        player.Ask(9, "getStreamLength", AmfValue.Of("a"));
        server.Turns(200);
        Assert.That(player.Results[9], Is.InRange(seconds - 1, seconds));
        var asked = reads;
        player.Call(1, "play", AmfValue.Of("a.mp4"), AmfValue.Of(startMs));
        for (var i = 0; i < 800 && player.Video.All(seen => seen.IsHeader); i++)
            server.Turn(40);

        var first = player.Video.First(seen => !seen.IsHeader);
        Assert.That(first.Time, Is.EqualTo(startMs / 1000 * 1000));
        if (form == "torn, hostile")
            return;                             // it takes as long as it takes
        Assert.That(asked, Is.LessThan(seconds / 4), "it has as many fragments as seconds");
        Assert.That(reads - asked, Is.LessThan(seconds / 2));
    }

    [TestCase("empty")]
    [TestCase("noise")]
    [TestCase("fragment")]
    public void What_is_no_recording_costs_its_player_alone(string form)
    {
        using var server = Recorded();
        Change(server, form);
        var player = server.Play("somewhere-else");
        player.Call(1, "play", AmfValue.Of("a"), AmfValue.Of(0));
        server.Turns(15, 40);

        Assert.That(player.Video, Is.Empty);
        Assert.That(
            player.Last, Is.AnyOf(StatusCode.PlayStreamNotFound, StatusCode.PlayFailed));
        Assert.That(player.LastWords, Does.Contain("no whole recording"));
        Assert.That(server.Disk.Opened, Is.Zero);
    }

    private static ServerInMemory Recorded(int seconds = Seconds, int pictureBytes = 0)
    {
        var server = new ServerInMemory(options: new ServerOptions
        {
            Defaults = new StreamOptions
            {
                Record =
                [
                    new RecordOptions
                    {
                        Name = "r",
                        Record = RecordMode.Manual,
                        Format = RecordFormat.Fmp4,
                        RecordPath = PathTemplate.TryParse("record/{app}/{stream}.{ext}", out _)!,
                    },
                ],
                Vod = new VodOptions { Enabled = true },
            },
        });
        var publisher = HlsFilm.Publish(server);
        Assert.That(server.Server.RecordingApi.Start("live", "a", "r").Why, Is.Empty);
        HlsFilm.Film(server, publisher, 0, (uint)seconds * 1000, pictureBytes);
        server.Server.RecordingApi.Stop("live", "a", "r");
        publisher.End();
        server.Turns(5, 40);
        Assert.That(server.Disk.Names, Is.EqualTo([Film]));
        return server;
    }

    private static Mp4Walk Walk(ServerInMemory server)
    {
        var walk = new Mp4Walk();
        walk.ReadFile(server.Disk.Read(Film));
        return walk;
    }

    /// <summary>As it is on the disk while it is written, or after a kill, or a bad disk.</summary>
    private static void Change(ServerInMemory server, string form)
    {
        var bytes = server.Disk.Read(Film);
        var index = bytes.AsSpan().LastIndexOf("mfra"u8) - 4;
        var moof = bytes.AsSpan().IndexOf("moof"u8) - 4;
        if (form is "growing" or "torn" or "torn, hostile")
        {
            bytes = bytes[..(form == "growing" ? index : index - 300)];
            bytes.AsSpan(bytes.AsSpan().IndexOf("mvhd"u8) + 28, 8).Clear();     // its duration
        }
        if (form == "torn, hostile")
            FillWithFragments(bytes);
        else if (form == "lied")
        {
            bytes[index + 16] ^= 0x55;          // an index of nobody
        }
        else if (form == "empty")
        {
            bytes = [];
        }
        else if (form == "noise")
        {
            new Random(1).NextBytes(bytes);
        }
        else if (form == "fragment")
        {
            bytes = [.. bytes[..(moof + 40)], 0xFF, .. bytes[(moof + 41)..index]];
            bytes.AsSpan(bytes.AsSpan().IndexOf("mvhd"u8) + 28, 8).Clear();
        }
        server.Disk.Put(Film, bytes);
    }

    /// <summary>Pictures of what looks like the beginnings of fragments.</summary>
    private static void FillWithFragments(Span<byte> bytes)
    {
        Span<byte> plain = stackalloc byte[1000];
        plain.Fill(0x55);
        for (var rest = bytes; rest.IndexOf(plain) is >= 0 and var at; rest = rest[(at + 1000)..])
        {
            for (var i = 0; i < 1000; i += 8)
                "\0\0\0\x10moof"u8.CopyTo(rest[(at + i)..]);
        }
    }
}
