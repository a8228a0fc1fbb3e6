using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using NUnit.Framework;
using Reactor.Testing.Hls;
using Reactor.Testing.Mp4;

namespace Reactor.Tests.Harness;

/// <summary>Two servers that make the same of what one publisher sends them.</summary>
internal sealed class AlignedServers(string type)
{
    private const int FramesPerSecond = Film.FramesPerSecond;
    private const int Seconds = 22;
    private const int FragmentMs = 2000;
    private const int BeginsMs = 400;

    private readonly (int Rtmp, int Http)[] _ports =
    [
        (RtmpServerProcess.FreePort(), RtmpServerProcess.FreePort()),
        (RtmpServerProcess.FreePort(), RtmpServerProcess.FreePort()),
    ];

    /// <summary>One dies and is begun anew, then the other, and a viewer misses nothing.</summary>
    public void StandInForOneAnother()
    {
        using var one = Serve(0);
        using var other = Serve(1);
        using var nginx = NginxFiles.StartBefore(_ports[0].Http, _ports[1].Http);
        WaitForWholeFragment();
        using var publisher = Publisher.StartAll(
            Film.Long, Seconds, one.Url("live/a"), other.Url("live/a"));
        publisher.WaitForFrame(FramesPerSecond * 7);
        Assert.That(CountSame(), Is.InRange(1, 3), "those that begin at 0, 2 and 4 s");
        other.Process.Kill();
        Thread.Sleep(200);
        using var again = Serve(1);
        using var killer = new Timer(_ => one.Process.Kill());
        publisher.WaitForFrame(FramesPerSecond * 15);
        Assert.That(
            CountSame, Is.InRange(1, 3).After(20_000, pollingInterval: 200),
            "what is whole behind a restart");

        var played = HlsPlayer.Play(
            nginx.Url("live/a.m3u8"), hasAac: type == "ts",
            onBegun: () => killer.Change(1500, Timeout.Infinite));

        publisher.Finish();
        Assert.That(one.Process.HasExited);
        ShouldBeWhole(played);
        Check(HlsPlayer.Fetch(Url(1)));
        using var back = Serve(0);              // it knows of nothing, and the other is asked
        Assert.That(
            HlsPlayer.Fetch(nginx.Url("live/a.m3u8")).Keys,
            Is.EqualTo(HlsPlayer.Fetch(Url(1)).Keys));
    }

    /// <summary>How many segments both list, which are the same then.</summary>
    private int CountSame()
    {
        var one = HlsPlayer.Fetch(Url(0));
        var other = HlsPlayer.Fetch(Url(1));
        var names = one.Keys.Intersect(other.Keys).ToList();
        foreach (var name in names)
            Assert.That(other[name].AsSpan().SequenceEqual(one[name]), name);
        if (type == "fmp4")
            Assert.That(names.Count(IsInit), Is.EqualTo(1), "one init for both");
        return names.Count(name => !IsInit(name));
    }

    /// <summary>Each can be read behind the one before it.</summary>
    private void Check(Dictionary<string, byte[]> segments)
    {
        var ts = new TsChecker { AreAlone = true };
        var mp4 = new Mp4Walk();
        foreach (var (_, bytes) in segments.Where(each => IsInit(each.Key)))
            mp4.ReadInit(bytes);
        foreach (var (_, bytes) in segments.Where(each => !IsInit(each.Key)))
        {
            if (type == "ts")
                ts.Read(bytes);
            else
                mp4.ReadFragments(bytes);
        }
    }

    /// <summary>The film from a whole segment on to the end, at its pace.</summary>
    private static void ShouldBeWhole(Recording played)
    {
        var all = Film.Long.Recording.Pictures.Select(frame => frame.Hash).ToList();
        var first = all.IndexOf(played.Pictures[0].Hash);
        Assert.That(first, Is.InRange(0, 4 * FramesPerSecond));
        Assert.That(first % (FragmentMs * FramesPerSecond / 1000), Is.Zero);
        var count = played.Pictures.Count - Film.FramesReordered;      // cut off from the others
        Assert.That(
            played.Pictures.Take(count).Select(frame => frame.Hash),
            Is.EqualTo(all.Skip(first).Take(count)));
        Assert.That(first + count, Is.EqualTo(Seconds * FramesPerSecond).Within(3));
        var times = played.Video.Select(frame => (double)frame.Dts).ToList();
        var unit = (times[^1] - times[0]) / (times.Count - 1);
        Assert.That(
            times.Select((time, at) => (time - times[0]) / unit),
            Is.EqualTo(Enumerable.Range(0, times.Count)).Within(0.05), "no leap of the clock");
    }

    /// <summary>
    /// Both round the beginning to a whole fragment by their clocks: half-way between two they
    /// may differ, and ffmpeg takes a moment to begin.
    /// </summary>
    private static void WaitForWholeFragment()
    {
        var passed = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() % FragmentMs;
        Thread.Sleep((int)(((2 * FragmentMs) - BeginsMs - passed) % FragmentMs));
    }

    private static bool IsInit(string name) => name.EndsWith(".mp4");

    private ReactorProcess Serve(int index) => ReactorProcess.StartAt(
        _ports[index].Rtmp,
        $"http.listen=127.0.0.1:{_ports[index].Http}", "defaults.publish.grace=1s",
        $"defaults.hls.type={type}", "defaults.hls.on_demand=false",
        "defaults.hls.hls_fragment=2s", "defaults.hls.hls_window=30",
        "defaults.hls.hls_fragment_slicing=aligned");

    private string Url(int index) => $"http://127.0.0.1:{_ports[index].Http}/live/a.m3u8";
}
