using System;
using System.Linq;
using System.Runtime.InteropServices;
using NUnit.Framework;

namespace Reactor.Tests.Harness;

/// <summary>ffmpeg, sending a film at the pace of the film.</summary>
internal sealed class Publisher : IDisposable
{
    private const int Interrupted = 255;        // ffmpeg's exit code, when all went well

    private readonly ChildProcess _process;

    private Publisher(ChildProcess process) => _process = process;

    /// <param name="film">Its packets are sent as they are.</param>
    /// <param name="url">The stream's address.</param>
    /// <param name="options">Of the output, such as <c>-output_ts_offset</c>.</param>
    public static Publisher Start(Film film, string url, params string[] options) =>
        new(Ffmpeg.Start(
            [
                "-progress", "pipe:1", "-stats_period", "0.1", "-re", "-i", film.Path,
                "-c", "copy", .. options, "-f", "flv", url,
            ]));

    /// <summary>
    /// The same to several servers at once, each by its own queue; to one that went away it comes
    /// back.
    /// </summary>
    public static Publisher StartAll(Film film, int seconds, params string[] urls) =>
        new(Ffmpeg.Start(
            [
                "-progress", "pipe:1", "-stats_period", "0.1", "-re", "-t", $"{seconds}",
                "-i", film.Path, "-map", "0", "-c", "copy",
                "-f", "tee", "-use_fifo", "1", "-fifo_options",
                "attempt_recovery=1:recover_any_error=1:recovery_wait_time=1"
                    + ":restart_with_keyframe=1:drop_pkts_on_overflow=1",
                string.Join('|', urls.Select(url => $"[f=flv:onfail=ignore]{url}")),
            ]));

    /// <summary>Pictures sent, as far as it has said so.</summary>
    public int Frames => _process.Lines.Max(FrameOf);

    /// <summary>Waits until so many pictures are sent.</summary>
    public void WaitForFrame(int count) =>
        _process.WaitForLine(line => FrameOf(line) >= count, Ffmpeg.Deadline);

    /// <summary>Waits until it has sent all and taken its leave.</summary>
    public void Finish() =>
        Assert.That(_process.WaitForExit(Ffmpeg.Deadline), Is.Zero, "the publisher's exit code");

    /// <summary>Has it send some more, and take its leave before the film is over.</summary>
    /// <returns>How many pictures it has sent in all.</returns>
    public int Leave(int more = Film.FramesInGop * 2)
    {
        WaitForFrame(Frames + more);
        _process.Send(PosixSignal.SIGINT);
        Assert.That(
            _process.WaitForExit(Ffmpeg.Deadline), Is.EqualTo(Interrupted), "it had left before");
        return Frames;
    }

    /// <summary>Waits until it gives up, which it has to do with an error.</summary>
    /// <returns>What it said.</returns>
    public string[] Fail()
    {
        var code = _process.WaitForExit(Ffmpeg.Deadline);
        Assert.That(code, Is.Not.Zero, "the publisher's exit code");
        return _process.Lines;
    }

    /// <summary>Waits until it ends, well or not.</summary>
    public void End() => _process.WaitForExit(Ffmpeg.Deadline);

    /// <summary>Cuts it off in the middle of a word.</summary>
    public void Kill() => _process.Kill();

    public void Dispose() => _process.Dispose();

    private static int FrameOf(string line) =>
        line.StartsWith("frame=", StringComparison.Ordinal)
            && int.TryParse(line["frame=".Length..], out var count) ? count : 0;
}
