using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using NUnit.Framework;
using Reactor.Tests.Harness;

namespace Reactor.Tests;

/// <summary>ffmpeg plays and seeks in files that are served as recordings.</summary>
[TestFixture]
public sealed class VodTests
{
    private TemporaryFolder _folder = null!;
    private ReactorProcess _server = null!;
    private int _httpPort;

    [SetUp]
    public void Serve()
    {
        _folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(_folder.Path, "live"));
        File.Copy(Film.Usual.Path, Path.Combine(_folder.Path, "live", "film.flv"));
        _httpPort = RtmpServerProcess.FreePort();
        _server = ReactorProcess.Start(
            "defaults.vod.enabled=true", $"defaults.vod.path={_folder.Path}",
            $"http.listen=127.0.0.1:{_httpPort}");
    }

    [TearDown]
    public void End()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [TestCase("any")]
    [TestCase("recorded")]
    public void A_recording_is_played_whole(string kind)
    {
        using var player = Player.Start(_server.Url("live/film"), "-rtmp_live", kind);

        player.Finish().ShouldEqual(Film.Usual.Recording);
    }

    [Test]
    public void A_recording_in_MP4_is_played_whole()
    {
        Record("mp4");
        using var player = Player.Start(_server.Url("live/mp4"), "-rtmp_live", "recorded");

        var (played, film) = (player.Finish(), Film.Usual.Recording);
        played.ShouldHold(film);
        Assert.That(Times(played.Video, played), Is.EqualTo(Times(film.Video, film)));
        Assert.That(Times(played.Audio, played), Is.EqualTo(Times(film.Audio, film)).Within(2));
    }

    [Test]
    public void A_seek_lands_on_the_keyframe_that_ffprobe_knows([Values("film", "mp4")] string name)
    {
        if (name == "mp4")
            Record(name);
        var keyframes = Keyframes();
        foreach (var target in (double[])[0.5, 2.5, 3.7, 5.9])
        {
            using var player = Player.Start(
                _server.Url($"live/{name}"), "-rtmp_live", "recorded", "-noaccurate_seek", "-ss",
                target.ToString(CultureInfo.InvariantCulture));
            player.End();

            var first = player.Received().Video[0].Dts;
            // ffmpeg asks for a little less, for pictures that are shown before they are decoded.
            var expected = keyframes.Last(time => time <= (target * 1000) - 130);
            Assert.That(first, Is.EqualTo(expected).Within(2), $"{target} s");
        }
    }

    [Test]
    public void A_start_by_http_lands_on_the_keyframe_that_ffprobe_knows()
    {
        var keyframes = Keyframes();
        foreach (var target in (double[])[0, 0.5, 1, 2.5, 3.7, 5.9])
        {
            using var player = Player.Start(string.Create(
                CultureInfo.InvariantCulture,
                $"http://127.0.0.1:{_httpPort}/live/film.flv?start={target}"));
            player.End();

            var video = player.Received().Video;
            Assert.That(
                video[0].Dts,
                Is.EqualTo(keyframes.Last(time => time <= target * 1000)).Within(2), $"{target} s");
            var film = Film.Usual.Recording.Video;
            Assert.That(
                Recording.PlacesOf(video, film),
                Is.EqualTo(Enumerable.Range(film.Count - video.Count, video.Count)),
                "all to the end");
        }
    }

    [Test]
    public void A_thousand_that_are_paused_cost_no_thread_and_little_memory()
    {
        const int Count = 1000;
        var viewers = new List<RecordingViewer>();
        try
        {
            viewers.Add(new RecordingViewer(_server.Port, "live", "film"));
            var (threads, memory) = (Status("Threads"), Status("VmRSS"));
            while (viewers.Count <= Count)
                viewers.Add(new RecordingViewer(_server.Port, "live", "film"));
            var each = (Status("VmRSS") - memory) / (double)Count;
            TestContext.Out.WriteLine(
                $"{Count} paused: {Status("Threads") - threads} threads more, {each:0.0} KB each");

            Assert.That(Status("Threads"), Is.LessThanOrEqualTo(threads + 3));
            Assert.That(each, Is.LessThan(48), "KB of memory");
        }
        finally
        {
            viewers.ForEach(viewer => viewer.Dispose());
        }
    }

    /// <summary>A number of the server's in /proc.</summary>
    private long Status(string name) => long.Parse(
        File.ReadAllLines($"/proc/{_server.Process.Id}/status")
            .Single(line => line.StartsWith($"{name}:"))
            .Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);

    /// <summary>The usual film as another server has recorded it, in fragmented MP4.</summary>
    private void Record(string name)
    {
        using var recorder = ReactorProcess.Start("defaults.record=" + $$"""
            [{"format":"fmp4","min_free":0,"record_path":"{{_folder.Path}}/live/{stream}.{ext}"}]
            """);
        using var publisher = Publisher.Start(Film.Usual, recorder.Url($"live/{name}"));
        publisher.Finish();
        recorder.Stop();
    }

    /// <summary>When each is shown, from the first picture's decoding on.</summary>
    private static IEnumerable<long> Times(IEnumerable<FramePrint> frames, Recording of) =>
        frames.Select(frame => frame.Pts - of.Video[0].Dts);

    /// <summary>Times of the film's keyframes, in milliseconds, as ffprobe sees them.</summary>
    private static long[] Keyframes()
    {
        var keyframes = Ffmpeg.Probe(
            Film.Usual.Path, "-select_streams", "v", "-skip_frame", "nokey",
            "-show_entries", "packet=dts_time,flags")
            .Where(line => line.Contains('K'))
            .Select(line => (long)(double.Parse(
                line.Split(',')[0], CultureInfo.InvariantCulture) * 1000))
            .ToArray();
        Assert.That(keyframes, Has.Length.EqualTo(6));
        return keyframes;
    }
}
