using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Text.Json;
using System.Threading;
using NUnit.Framework;
using Reactor.Tests.Harness;

namespace Reactor.Tests;

/// <summary>Programs that the server starts: real ones, and none that is left.</summary>
[TestFixture]
[Platform("Linux")]
public sealed class ExecTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void Open() => _folder = new TemporaryFolder();

    [TearDown]
    public void Close() => _folder.Dispose();

    [Test]
    public void A_stream_is_transcoded_into_another_while_it_is_published()
    {
        var port = RtmpServerProcess.FreePort();
        var source = $"rtmp://127.0.0.1:{port}/{{app}}/{{stream}}";
        using var server = ReactorProcess.StartAt(
            port, "defaults.publish.grace=1s", "apps.low={}", Set("apps.live.exec.exec_push",
                "ffmpeg", "-hide_banner", "-i", source, "-vf", "scale=160:-2", "-c:v", "libx264",
                "-preset", "ultrafast", "-g", "25", "-c:a", "copy", "-f", "flv",
                $"rtmp://127.0.0.1:{port}/low/{{stream}}"));
        using var publisher = Publisher.Start(Film.Long, server.Url("live/a"));
        server.Process.WaitForLine(line => line.Contains("publishes low/a"), Ffmpeg.Deadline);
        using var player = Player.Start(server.Url("low/a"));
        player.WaitForStream();
        var transcoder = ProcessOf(server, "live/a exec_push: ffmpeg");
        Assert.That(Ffmpeg.Probe(server.Url("low/a"), "-show_entries", "stream=width"),
            Has.Some.Contains("160"));

        publisher.Kill();
        player.End();
        server.Process.WaitForLine(
            line => line.Contains("ffmpeg") && line.Contains("has ended"), Ffmpeg.Deadline);
        Assert.That(Exists(transcoder), Is.False, "it has gone, and is no zombie");
        Assert.That(player.Received().Video, Is.Not.Empty);
        Assert.That(server.Process.Lines, Has.Some.Contains("127.0.0.1").And.None.Contains(
            $"'rtmp://127.0.0.1:{port}/low/a"), "what it prints has no names in URLs");
    }

    [Test]
    public void A_stream_that_nobody_publishes_is_fetched_while_somebody_watches()
    {
        var port = RtmpServerProcess.FreePort();
        using var server = ReactorProcess.StartAt(
            port, "defaults.publish.grace=1s", "defaults.pull_stop_after=1s",
            Set("defaults.exec.exec_pull", "ffmpeg", "-v", "error", "-re", "-i", Film.Long.Path,
                "-c", "copy", "-f", "flv", $"rtmp://127.0.0.1:{port}/{{app}}/{{stream}}"));
        using (var player = Player.Start(server.Url("cam/1")))
        {
            player.WaitForStream();
            Assert.That(Exists(ProcessOf(server, "cam/1 exec_pull: ffmpeg")), Is.True);
        }
        var end = server.Process.WaitForLine(
            line => line.Contains("exec_pull: ffmpeg") && line.Contains("has ended"),
            Ffmpeg.Deadline);
        Assert.That(end, Does.Contain("nobody watches"));
        Assert.That(Exists(ProcessOf(server, "cam/1 exec_pull: ffmpeg")), Is.False);
    }

    [Test]
    public void One_that_was_killed_is_started_again()
    {
        using var server = ReactorProcess.Start(
            "defaults.exec.respawn_timeout=200ms", Set("exec_static", "sleep", "1000"));
        var first = ProcessOf(server, "exec_static: sleep");
        Process.GetProcessById(first).Kill();
        server.Process.WaitForLine(line => line.Contains("exit code 137"), Ffmpeg.Deadline);
        var second = ProcessOf(server, "exec_static: sleep", except: first);
        Assert.That(Exists(second), Is.True);

        server.Stop();
        Assert.That(Exists(second), Is.False);
    }

    [Test]
    public void One_that_ignores_TERM_is_killed_after_its_time()
    {
        var file = Path.Combine(_folder.Path, "pid");
        using var server = ReactorProcess.Start(
            "defaults.exec.kill_timeout=500ms", Set("defaults.exec.exec_push", "sh", "-c",
                DeafTo(file)));
        using var publisher = Publisher.Start(Film.Usual, server.Url("live/a"));
        var deaf = NumberIn(file);
        publisher.Finish();

        server.Process.WaitForLine(line => line.Contains("sh does not end"), Ffmpeg.Deadline);
        server.Process.WaitForLine(line => line.Contains("exit code 137"), Ffmpeg.Deadline);
        Assert.That(Exists(deaf), Is.False);
    }

    [Test]
    public void A_server_that_stops_leaves_none_and_is_in_time()
    {
        var file = Path.Combine(_folder.Path, "pid");
        using var server = ReactorProcess.Start(
            "defaults.exec.kill_timeout=1m", Set("exec_static", "sh", "-c",
                DeafTo(file)));
        var deaf = NumberIn(file);
        var clock = Stopwatch.StartNew();
        server.Stop();

        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(5)));
        Assert.That(Exists(deaf), Is.False);
    }

    [Test]
    public void Where_there_is_no_setsid_all_is_ended_too()
    {
        var file = Path.Combine(_folder.Path, "pid");
        foreach (var name in (string[])["sh", "sleep"])
            File.CreateSymbolicLink(Path.Combine(_folder.Path, name), $"/bin/{name}");
        using var server = ReactorProcess.StartAmong(
            _folder.Path, "defaults.exec.kill_timeout=100ms",
            Set("exec_static", "sh", "-c", $"trap '' TERM; sleep 1000 & echo $! > {file}; wait"));
        var sleeper = NumberIn(file);
        server.Stop();

        Assert.That(IsAlive(ProcessOf(server, "exec_static: sh")), Is.False);
        Assert.That(IsAlive(sleeper), Is.False, "what it has started");
    }

    [Test]
    public void A_server_that_is_killed_leaves_none()
    {
        using var server = ReactorProcess.Start(Set("exec_static", "sleep", "1000"));
        var child = ProcessOf(server, "exec_static: sleep");
        server.Process.Kill();

        Assert.That(
            SpinWait.SpinUntil(() => Pause(!IsAlive(child)), Ffmpeg.Deadline), Is.True);
    }

    [Test]
    public void A_script_is_run_when_a_recording_is_complete_also_at_the_stop()
    {
        var file = Path.Combine(_folder.Path, "told");
        var script = Path.Combine(_folder.Path, "done.sh");
        File.WriteAllText(script, $"sleep 0.5\necho \"$1 $2\" >> {file}\n");
        using var server = ReactorProcess.Start(
            "defaults.record=[{\"record\":\"all\",\"record_path\":\""
                + _folder.Path + "/{stream}.{ext}\"}]",
            Set("defaults.exec.exec_record_done", "sh", script, "{path}", "{duration}"));
        using var publisher = Publisher.Start(Film.Long, server.Url("live/a"));
        publisher.WaitForFrame(50);
        server.Stop();

        var words = File.ReadAllText(file).Trim().Split(' ');
        Assert.That(words[0], Is.EqualTo(Path.Combine(_folder.Path, "a.flv")));
        Assert.That(
            double.Parse(words[1], CultureInfo.InvariantCulture), Is.GreaterThan(1));
        Assert.That(File.Exists(words[0]));
    }

    /// <summary>A script that ignores TERM, and writes its number.</summary>
    private static string DeafTo(string file) =>
        $"trap '' TERM; echo $$ > {file}; while true; do sleep 0.1; done";

    /// <summary>A setting that is one program.</summary>
    private static string Set(string key, params string[] words) =>
        $"{key}=[{JsonSerializer.Serialize(words)}]";

    /// <summary>The number of a program, once it has begun.</summary>
    private static int ProcessOf(ReactorProcess server, string begin, int except = 0)
    {
        var line = server.Process.WaitForLine(
            line => line.Contains($"{begin} (") && line.EndsWith("has begun")
                && !line.Contains($"({except})"),
            Ffmpeg.Deadline);
        var number = line[(line.LastIndexOf('(') + 1)..line.LastIndexOf(')')];
        return int.Parse(number, CultureInfo.InvariantCulture);
    }

    private static int NumberIn(string file)
    {
        var number = 0;
        Assert.That(
            SpinWait.SpinUntil(
                () => Pause(File.Exists(file) && int.TryParse(
                    File.ReadAllText(file), CultureInfo.InvariantCulture, out number)),
                Ffmpeg.Deadline),
            Is.True);
        return number;
    }

    private static bool Pause(bool isSo)
    {
        if (!isSo)
            Thread.Sleep(20);
        return isSo;
    }

    private static bool Exists(int processId) => Directory.Exists($"/proc/{processId}");

    /// <summary>Whoever inherits what a killed process leaves may be late to bury it.</summary>
    private static bool IsAlive(int processId) =>
        Exists(processId) && !File.ReadAllText($"/proc/{processId}/stat").Contains(") Z ");
}
