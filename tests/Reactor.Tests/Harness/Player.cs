using System;
using System.Linq;
using NUnit.Framework;

namespace Reactor.Tests.Harness;

/// <summary>ffmpeg, playing a stream until the server ends it, and decoding what comes.</summary>
internal sealed class Player : IDisposable
{
    private static readonly string[] BadLevels = ["[error]", "[fatal]", "[panic]"];

    private readonly TemporaryFolder _folder;
    private readonly ChildProcess _process;

    private Player(TemporaryFolder folder, ChildProcess process)
    {
        _folder = folder;
        _process = process;
    }

    /// <summary>Starts it, and waits until it has asked for the stream.</summary>
    public static Player Start(string url, params string[] options)
    {
        var folder = new TemporaryFolder();
        var process = Ffmpeg.Start(
            [
                "-v", "level+debug", "-copyts", .. options, "-i", url,
                .. Recording.OutputTo(folder),
            ]);
        var player = new Player(folder, process);
        process.WaitForLine(HasAsked, Ffmpeg.Deadline);
        return player;
    }

    /// <summary>The last word before the answer, of RTMP or of HTTP.</summary>
    private static bool HasAsked(string line) =>
        line.Contains("Sending play command") || line.Contains("request: GET ");

    /// <summary>Waits until pictures come.</summary>
    public void WaitForStream() =>
        _process.WaitForLine(line => line.Contains("Input #0, flv"), Ffmpeg.Deadline);

    /// <summary>
    /// Waits until the server has ended the stream, which has to be without a word of complaint
    /// from the demuxer or a decoder.
    /// </summary>
    public Recording Finish()
    {
        Assert.That(_process.WaitForExit(Ffmpeg.Deadline), Is.Zero, "the player's exit code");
        var complaints = _process.Lines.Where(line => BadLevels.Any(line.Contains));
        Assert.That(complaints, Is.Empty);
        return Recording.ReadFrom(_folder);
    }

    /// <summary>What it has received, once it has ended.</summary>
    public Recording Received() => Recording.ReadFrom(_folder);

    /// <summary>Waits until it ends, well or not.</summary>
    public void End() => _process.WaitForExit(Ffmpeg.Deadline);

    public void Dispose()
    {
        _process.Dispose();
        _folder.Dispose();
    }
}
