using System;
using System.Globalization;
using System.IO;
using System.Linq;
using NUnit.Framework;
using Reactor.Tests.Harness;

namespace Reactor.Tests;

/// <summary>What ffmpeg publishes is recorded, and ffmpeg reads the recordings.</summary>
[TestFixture]
public sealed class RecordingTests
{
    [Test]
    public void A_recording_in_MP4_holds_every_packet_and_says_how_long_it_is(
        [Values] bool isAudioOnly)
    {
        var film = isAudioOnly ? Film.AudioOnly : Film.Usual;
        using var folder = new TemporaryFolder();
        using var server = ReactorProcess.Start(RecordTo(folder.Path, "fmp4"));
        using var publisher = Publisher.Start(film, server.Url("live/a"));
        publisher.Finish();
        server.Stop();

        var file = Directory.GetFiles(folder.Path, "*.mp4").Single();
        Ffmpeg.ShouldDecode(file);
        var recorded = Ffmpeg.Record(file);
        recorded.ShouldHold(film.Recording);
        Assert.That(
            recorded.Video.Select(frame => (frame.Pts - recorded.Video[0].Dts) / 90),
            Is.EqualTo(film.Recording.Video.Select(
                frame => frame.Pts - film.Recording.Video[0].Dts)), "times");
        Assert.That(Ffmpeg.DurationOf(file), Is.EqualTo(6.0).Within(0.1));
    }

    [Test]
    public void A_browser_plays_a_recording_in_MP4_while_it_loads_and_seeks_in_it()
    {
        using var folder = new TemporaryFolder();
        var http = RtmpServerProcess.FreePort();
        using var server = ReactorProcess.Start(
            RecordTo(Path.Combine(folder.Path, "live"), "fmp4"), "defaults.publish.grace=500ms",
            "defaults.vod.enabled=true", $"defaults.vod.path={folder.Path}",
            $"http.listen=127.0.0.1:{http}");
        using var publisher = Publisher.Start(Film.Usual, server.Url("live/a"));
        publisher.Finish();
        server.Process.WaitForLine(line => line.Contains("live/a recorded"), Ffmpeg.Deadline);
        var file = Directory.GetFiles(folder.Path, "*.mp4", SearchOption.AllDirectories).Single();
        using var browser = Browser.Start();

        browser.Open($"http://127.0.0.1:{http}/live/{Path.GetFileName(file)}");
        const string video = "document.querySelector('video')";
        browser.WaitFor($"{video}.currentTime > 0.5 && {video}.videoWidth == 320", Ffmpeg.Deadline);
        browser.WaitFor($"Math.abs({video}.duration - 6) < 0.2", Ffmpeg.Deadline);
        foreach (var seconds in (double[])[4.5, 1.5])
        {
            var goal = seconds.ToString(CultureInfo.InvariantCulture);
            browser.Evaluate($"{video}.currentTime = {goal}");
            browser.WaitFor(
                $"!{video}.seeking && {video}.currentTime >= {goal} && {video}.readyState > 2",
                Ffmpeg.Deadline);
        }
        Assert.That(browser.Complaints, Is.Empty);
    }

    [Test]
    public void A_recording_holds_every_packet_and_says_how_long_it_is()
    {
        using var folder = new TemporaryFolder();
        using var server = ReactorProcess.Start(RecordTo(folder.Path));
        using var publisher = Publisher.Start(Film.Usual, server.Url("live/a"));
        publisher.Finish();
        server.Stop();

        var file = Directory.GetFiles(folder.Path).Single();
        Ffmpeg.ShouldDecode(file);
        Ffmpeg.Record(file).ShouldEqual(Film.Usual.Recording);
        Assert.That(Ffmpeg.DurationOf(file), Is.EqualTo(6.0).Within(0.1));
    }

    /// <summary>
    /// Twenty kills, 120 ms apart in a film whose recordings are written once a second.
    /// </summary>
    [Test]
    public void A_server_that_is_killed_at_any_moment_leaves_a_recording_that_plays(
        [Range(55, 112, 3)] int frames)
    {
        using var folder = new TemporaryFolder();
        using var server = ReactorProcess.Start(RecordTo(folder.Path, "flv", "fmp4"));
        using var publisher = Publisher.Start(Film.Usual, server.Url("live/a"));
        publisher.WaitForFrame(frames);
        server.Process.Kill();

        foreach (var kind in (string[])["*.flv", "*.mp4"])
        {
            var file = Directory.GetFiles(folder.Path, kind).Single();
            Ffmpeg.ShouldDecode(file);
            var recorded = Ffmpeg.Record(file);
            Assert.That(recorded.Video.Count, Is.GreaterThanOrEqualTo(frames - 40), kind);
            Assert.That(
                Recording.PlacesOf(recorded.Video, Film.Usual.Recording.Video),
                Is.EqualTo(Enumerable.Range(0, recorded.Video.Count)), "whole and in order");
        }
    }

    [Test]
    public void A_recording_that_is_written_on_survives_every_kill()
    {
        var random = new Random(21);
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "a.flv");
        var before = 0;
        for (var round = 0; round < 5; round++)
        {
            using var server = ReactorProcess.Start(AppendTo(folder.Path));
            using var publisher = Publisher.Start(Film.Usual, server.Url("live/a"));
            publisher.WaitForFrame(random.Next(40, 100));
            server.Process.Kill();

            Ffmpeg.ShouldDecode(file);
            var killed = Ffmpeg.Record(file).Video;
            Assert.That(killed, Has.Count.GreaterThan(before), $"round {round}");
            Assert.That(killed.Select(frame => frame.Dts), Is.Ordered.And.Unique);
            before = killed.Count;
        }
        using (var server = ReactorProcess.Start(AppendTo(folder.Path)))
        {
            using var publisher = Publisher.Start(Film.Usual, server.Url("live/a"));
            publisher.Finish();
            server.Stop();
        }

        Ffmpeg.ShouldDecode(file);
        var video = Ffmpeg.Record(file).Video;
        Assert.That(video, Has.Count.EqualTo(before + Film.Usual.Recording.Video.Count));
        Assert.That(video.Select(frame => frame.Dts), Is.Ordered.And.Unique);
        var seconds = (video[^1].Dts - video[0].Dts) / 1000.0;
        Assert.That(Ffmpeg.DurationOf(file), Is.EqualTo(seconds).Within(0.2));
        Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(1));
    }

    [Test]
    public void A_disk_that_is_full_costs_the_recording_and_not_the_stream(
        [Values("flv", "fmp4")] string format)
    {
        using var disk = SmallDisk.TryMount(400 << 10);
        if (disk is null)
            Assert.Ignore("a small disk can only be mounted by root");
        using var server = ReactorProcess.Start(
            RecordTo(disk.Path, format), "defaults.publish.grace=1s");
        using var player = Player.Start(server.Url("live/a"));
        using var publisher = Publisher.Start(Film.Usual, server.Url("live/a"));

        publisher.Finish();
        player.Finish().ShouldEqual(Film.Usual.Recording);
        server.Stop();
        var lines = server.Process.Lines.Where(line => line.Contains("is not recorded any more"));
        Assert.That(lines.Count(), Is.EqualTo(1), "one clear line");
        var file = Directory.GetFiles(disk.Path).Single();
        Ffmpeg.ShouldDecode(file);
        Assert.That(Ffmpeg.Record(file).Video, Has.Count.GreaterThan(10));
    }

    [Test]
    public void A_disk_that_is_read_only_costs_the_recording_and_not_the_stream()
    {
        using var disk = SmallDisk.TryMount(400 << 10, "ro");
        if (disk is null)
            Assert.Ignore("a small disk can only be mounted by root");
        using var server = ReactorProcess.Start(
            RecordTo(disk.Path), "defaults.publish.grace=1s");
        using var player = Player.Start(server.Url("live/a"));
        using var publisher = Publisher.Start(Film.Usual, server.Url("live/a"));

        publisher.Finish();
        player.Finish().ShouldEqual(Film.Usual.Recording);
        server.Stop();
        var line = server.Process.Lines.Single(said => said.Contains("is not recorded any more"));
        Assert.That(line, Does.Contain("ead-only").And.Contain(disk.Path));
    }

    private static string RecordTo(string folder, params string[] formats)
    {
        string[] all = formats.Length > 0 ? formats : ["flv"];
        var places = all.Select(format => $$"""
            {"format":"{{format}}","min_free":0,"record_path":"{{folder}}/{stream}_{unix}.{ext}"}
            """);
        return $"defaults.record=[{string.Join(',', places)}]";
    }

    private static string AppendTo(string folder) =>
        """defaults.record=[{"record":"all","record_append":true,"min_free":0,"""
        + $$"""
        "record_path":"{{folder}}/{stream}.{ext}"}]
        """;
}
