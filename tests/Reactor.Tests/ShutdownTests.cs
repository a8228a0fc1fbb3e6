using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using NUnit.Framework;
using Reactor.Tests.Harness;

namespace Reactor.Tests;

/// <summary>The end of a server that does everything at once.</summary>
[TestFixture]
[Platform("Linux,MacOsX")]
public sealed class ShutdownTests
{
    private static readonly TimeSpan Soon = Patience.Long;

    /// <summary>What a stop may take; a quit has its grace besides.</summary>
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    [TestCase(PosixSignal.SIGTERM)]
    [TestCase(PosixSignal.SIGQUIT)]
    public void Everybody_is_told_and_every_file_is_finished(PosixSignal signal)
    {
        using var folder = new TemporaryFolder();
        var http = RtmpServerProcess.FreePort();
        using var other = ReactorProcess.Start("defaults.publish.grace=500ms");
        using var source = Publisher.Start(Film.Long, other.Url("source/b"));
        using var server = ReactorProcess.Start(Everything(folder.Path, http, other.Port));
        using var copied = Player.Start(other.Url("copy/a"));
        using var pulled = Player.Start(server.Url("pulled/b"));
        using var publisher = Publisher.Start(Film.Long, server.Url("live/a"));
        using var player = Player.Start(server.Url("live/a"));
        using var viewer = Ask(http, "GET /live/a.flv HTTP/1.0\r\n\r\n");
        using var silent = Ask(server.Port, "\u0003");      // has said as much as its version
        foreach (var each in new[] { player, pulled, copied })
            each.WaitForStream();
        publisher.WaitForFrame(Film.FramesInGop * 4);

        var clock = Stopwatch.StartNew();
        server.Process.Send(signal);
        var flv = ReadToEnd(viewer);
        ReadToEnd(silent);
        var code = server.Process.WaitForExit(Soon);
        clock.Stop();

        Assert.That(code, Is.Zero, "exit code");
        Assert.That(clock.Elapsed, Is.LessThan(StopMax + Grace));
        Assert.That(flv, Is.GreaterThan(10_000));
        foreach (var each in new[] { player, pulled, copied })
            Assert.That(each.Finish().Video, Is.Not.Empty);
        Assert.That(publisher.Fail(), Is.Not.Empty);        // it has more to say
        Recorded(folder.Path);
        var list = Path.Combine(folder.Path, "hls", "live", "a", "index.m3u8");
        Assert.That(File.ReadAllLines(list), Does.Contain("#EXT-X-ENDLIST"));
        Assert.That(HlsPlayer.CheckFiles(list), Is.Not.Empty);
        Assert.That(
            Directory.GetFiles(folder.Path, "*.tmp", SearchOption.AllDirectories), Is.Empty);
    }

    private static void Recorded(string folder)
    {
        var file = Directory.GetFiles(folder, "a.flv").Single();
        Ffmpeg.ShouldDecode(file);
        var video = Ffmpeg.Record(file).Video;
        Assert.That(
            Ffmpeg.DurationOf(file),
            Is.EqualTo((video[^1].Dts - video[0].Dts) / 1000.0).Within(0.2), "it was completed");
    }

    private static string[] Everything(string folder, int http, int other) =>
    [
        $"http.listen=127.0.0.1:{http}", $"process.grace_period={Grace.TotalSeconds}s",
        "defaults.hls.on_demand=false", "defaults.hls.store=disk",
        $"defaults.hls.path={folder}/hls",
        $$"""apps.live.record=[{"record_path":"{{folder}}/{stream}.{ext}","min_free":0}]""",
        $"apps.live.push=rtmp://127.0.0.1:{other}/copy/{{stream}}",
        $"apps.pulled.pull=rtmp://127.0.0.1:{other}/source/{{stream}}",
    ];

    private static Socket Ask(int port, string text)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Connect("127.0.0.1", port);
        socket.Send(Encoding.ASCII.GetBytes(text));
        return socket;
    }

    /// <summary>A reset is an error here: what was sent last could be lost to it.</summary>
    private static long ReadToEnd(Socket socket)
    {
        socket.ReceiveTimeout = (int)Soon.TotalMilliseconds;
        var buffer = new byte[64 << 10];
        var total = 0L;
        while (socket.Receive(buffer) is > 0 and var count)
            total += count;
        return total;
    }
}
