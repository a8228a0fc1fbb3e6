using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Threading.Tasks;
using NUnit.Framework;
using Reactor.Testing;
using Reactor.Tests.Harness;

namespace Reactor.Tests;

/// <summary>ffmpeg publishes by RTMP and plays by HLS, and nothing is lost between.</summary>
[TestFixture]
public sealed class HlsTests
{
    private const double TicksPerMs = 90;

    private readonly int _port = RtmpServerProcess.FreePort();

    private static readonly Dictionary<string, Film> Films = new()
    {
        ["B-frames and AAC"] = Film.Usual,
        ["MP3"] = Film.WithMp3,
        ["sound alone"] = Film.AudioOnly,
        ["pictures alone"] = Film.VideoOnly,
    };

    private static IEnumerable<string> Names => Films.Keys;

    [TestCaseSource(nameof(Names))]
    public void Every_frame_of_a_film_arrives_at_its_time(string name)
    {
        var film = Films[name];
        using var server = Serve("defaults.hls.on_demand=false");
        using var publisher = Publisher.Start(film, server.Url("live/a"));
        publisher.Finish();
        HlsPlayer.WaitForEnd(Url("live/a"));

        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "a.ts");
        HlsPlayer.Check(Url("live/a"), file);
        var played = HlsPlayer.Play(Url("live/a"), hasAac: film != Film.WithMp3);
        // From a playlist of sound alone ffmpeg reckons the times of its first packets wrongly.
        var read = HlsPlayer.Play(file, hasAac: film != Film.WithMp3);

        played.ShouldShow(film.Recording);
        Assert.That(
            Times(read, TicksPerMs), Is.EqualTo(Times(film.Recording, 1)).Within(1.5), "times");
    }

    [Test]
    public void Whoever_asks_first_begins_at_a_keyframe_and_misses_nothing_after_it()
    {
        using var server = Serve();
        using var publisher = Publisher.Start(Film.Long, server.Url("city/park/a"));
        publisher.WaitForFrame(Film.FramesInGop * 5 / 2);       // in the middle of the third

        HlsPlayer.Fetch(Url("city/park/a"));
        var asked = publisher.Frames;
        var playing = Task.Run(() => HlsPlayer.Play(Url("city/park/a"), hasAac: true));
        var sent = publisher.Leave();
        var played = playing.Result;

        var missed = sent - played.Pictures.Count;
        Assert.That(missed, Is.InRange(Film.FramesInGop, asked + Film.FramesInGop));
        Assert.That(missed % Film.FramesInGop, Is.Zero);
        var whole = played.Pictures.Count - Film.FramesReordered;
        Assert.That(
            Recording.Hashes(played.Pictures.Take(whole)),
            Is.EqualTo(Recording.Hashes(Film.Long.Recording.Pictures.Skip(missed).Take(whole))));
    }

    [Test]
    public void A_publisher_that_returns_goes_on_behind_one_discontinuity()
    {
        using var server = Serve("defaults.hls.on_demand=false", "defaults.publish.grace=10s");
        using var first = Publisher.Start(Film.Usual, server.Url("live/a"));
        first.Finish();
        using var second = Publisher.Start(Film.Usual, server.Url("live/a"));
        second.Finish();
        HlsPlayer.WaitForEnd(Url("live/a"));

        var (segments, _) = HlsPlayer.Check(Url("live/a"));
        var played = HlsPlayer.Play(Url("live/a"), hasAac: true);

        var once = Recording.Hashes(Film.Usual.Recording.Pictures);
        Assert.That(segments.Count(segment => segment.IsDiscontinuity), Is.EqualTo(1));
        Assert.That(Recording.Hashes(played.Pictures), Is.EqualTo(once.Concat(once)));
    }

    [Test]
    public void Hevc_of_enhanced_rtmp_plays()
    {
        const string Name = "ffmpeg7-publish-hevc";
        using var server = Serve("defaults.hls.on_demand=false");
        Send(Name, server);

        var (_, ts) = HlsPlayer.Check(Url($"live/{Name}"));
        var played = HlsPlayer.Play(Url($"live/{Name}"), hasAac: true);

        var sent = ts.Frames.Count(frame => frame.IsVideo);
        Assert.That(ts.Frames.Select(frame => frame.StreamType), Does.Contain(0x24));
        Assert.That(sent, Is.GreaterThan(60));
        Assert.That(played.Pictures, Has.Count.EqualTo(sent));
    }

    [TestCaseSource(nameof(Names))]
    public void Every_frame_of_a_film_arrives_in_fragmented_MP4(string name)
    {
        var film = Films[name];
        using var server = Serve("defaults.hls.on_demand=false", "defaults.hls.type=fmp4");
        using var publisher = Publisher.Start(film, server.Url("live/a"));
        publisher.Finish();
        HlsPlayer.WaitForEnd(Url("live/a"));

        var (_, mp4) = HlsPlayer.CheckMp4(Url("live/a"));
        var played = HlsPlayer.Play(Url("live/a"), hasAac: false);

        Assert.That(mp4.Pictures.Count(), Is.EqualTo(film.Recording.Video.Count));
        played.ShouldHold(film.Recording);
    }

    [Test]
    public void Hevc_of_enhanced_rtmp_plays_in_fragmented_MP4()
    {
        const string Name = "ffmpeg7-publish-hevc";
        using var server = Serve("defaults.hls.on_demand=false", "defaults.hls.type=fmp4");
        Send(Name, server);

        var (_, mp4) = HlsPlayer.CheckMp4(Url($"live/{Name}"));
        var played = HlsPlayer.Play(Url($"live/{Name}"), hasAac: false);

        Assert.That(mp4.Video!.Codec, Is.EqualTo("hvc1"));
        Assert.That(mp4.Pictures.Count(), Is.GreaterThan(60));
        Assert.That(played.Pictures, Has.Count.EqualTo(mp4.Pictures.Count()));
    }

    [Test]
    public void Fragmented_MP4_on_the_disk_is_played_when_all_is_over()
    {
        using var folder = new TemporaryFolder();
        string[] settings =
        [
            "defaults.hls.type=fmp4", "defaults.hls.store=disk",
            $"defaults.hls.path={folder.Path}",
        ];
        using (var server = Serve(settings))
        {
            using var publisher = Publisher.Start(Film.Usual, server.Url("live/a"));
            publisher.Finish();
            HlsPlayer.WaitForEnd(Url("live/a"));
            server.Stop();
        }

        var file = Path.Combine(folder.Path, "live", "a", "index.m3u8");
        using var nginx = NginxFiles.Start(folder.Path);
        foreach (var input in (string[])[file, nginx.Url("live/a/index.m3u8")])
            HlsPlayer.Play(input, hasAac: false).ShouldShow(Film.Usual.Recording);
        Assert.That(
            Directory.GetFiles(folder.Path, "*.mp4", SearchOption.AllDirectories),
            Has.Length.EqualTo(1));
    }

    [Test]
    public void What_is_on_the_disk_is_played_by_ffmpeg_and_served_by_nginx_when_all_is_over()
    {
        using var folder = new TemporaryFolder();
        using (var server = Serve("defaults.hls.store=disk", $"defaults.hls.path={folder.Path}"))
        {
            using var publisher = Publisher.Start(Film.Usual, server.Url("live/a"));
            publisher.Finish();
            HlsPlayer.WaitForEnd(Url("live/a"));
            server.Stop();
        }

        var file = Path.Combine(folder.Path, "live", "a", "index.m3u8");
        using var nginx = NginxFiles.Start(folder.Path);
        var url = nginx.Url("live/a/index.m3u8");
        var (segments, _) = HlsPlayer.Check(url);
        Assert.That(segments, Has.Count.GreaterThan(1));
        foreach (var input in (string[])[file, url])
            HlsPlayer.Play(input, hasAac: true).ShouldShow(Film.Usual.Recording);
        Assert.That(
            Directory.GetFiles(folder.Path, "*.tmp", SearchOption.AllDirectories), Is.Empty);
    }

    [Test]
    public void A_killed_server_leaves_a_whole_folder_and_its_successor_rising_numbers()
    {
        using var folder = new TemporaryFolder();
        string[] settings = ["defaults.hls.store=disk", $"defaults.hls.path={folder.Path}"];
        var file = Path.Combine(folder.Path, "live", "a", "index.m3u8");
        using (var first = Serve(settings))
        {
            using var cut = Publisher.Start(Film.Usual, first.Url("live/a"));
            cut.WaitForFrame(Film.FramesInGop * 5);
            first.Process.Kill();
        }
        var left = HlsPlayer.CheckFiles(file);
        using var second = Serve(settings);
        using var publisher = Publisher.Start(Film.Usual, second.Url("live/a"));
        publisher.Finish();
        HlsPlayer.WaitForEnd(Url("live/a"));
        second.Stop();

        var segments = HlsPlayer.CheckFiles(file);
        Assert.That(segments[0].Sequence, Is.GreaterThan(left[^1].Sequence));
        Assert.That(
            Recording.Hashes(HlsPlayer.Play(file, hasAac: true).Pictures),
            Is.EqualTo(Recording.Hashes(Film.Usual.Recording.Pictures)));
    }

    [Test]
    public void A_full_disk_costs_the_files_and_neither_the_stream_nor_its_HLS()
    {
        using var disk = SmallDisk.TryMount(300 << 10);
        if (disk is null)
            Assert.Ignore("a small disk can only be mounted by root");
        using var server = Serve("defaults.hls.store=disk", $"defaults.hls.path={disk.Path}");
        using var player = Player.Start(server.Url("live/a"));
        using var publisher = Publisher.Start(Film.Usual, server.Url("live/a"));
        publisher.Finish();
        HlsPlayer.WaitForEnd(Url("live/a"));

        player.Finish().ShouldEqual(Film.Usual.Recording);
        Assert.That(
            Recording.Hashes(HlsPlayer.Play(Url("live/a"), hasAac: true).Pictures),
            Is.EqualTo(Recording.Hashes(Film.Usual.Recording.Pictures)));
        server.Stop();
        var lines = server.Process.Lines.Where(line => line.Contains("is not written any more"));
        Assert.That(lines.Count(), Is.EqualTo(1), "one clear line");
        var file = Path.Combine(disk.Path, "live", "a", "index.m3u8");
        if (File.Exists(file))
            HlsPlayer.CheckFiles(file);
    }

    /// <summary>When each packet is shown, in ms from the first of all.</summary>
    private static List<double> Times(Recording recording, double unit)
    {
        var all = recording.Video.Concat(recording.Audio).ToList();
        return [.. all.Select(frame => (frame.Pts - all[0].Pts) / unit)];
    }

    private ReactorProcess Serve(params string[] settings) => ReactorProcess.Start(
        ["defaults.publish.grace=1s", $"http.listen=127.0.0.1:{_port}", .. settings]);

    /// <summary>Publishes a recorded session, until its playlist says that it ends.</summary>
    private void Send(string name, ReactorProcess server)
    {
        using (var client = new TcpClient("127.0.0.1", server.Port))
        {
            var stream = client.GetStream();
            stream.Write(Samples.Load($"{name}.client.bin"));
            client.Client.Shutdown(SocketShutdown.Send);
            stream.CopyTo(Stream.Null);         // it has read all when it says no more
        }
        HlsPlayer.WaitForEnd(Url($"live/{name}"));
    }

    private string Url(string path) => $"http://127.0.0.1:{_port}/{path}.m3u8";
}
