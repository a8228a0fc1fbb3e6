using System;
using System.Globalization;
using NUnit.Framework;

namespace Reactor.Tests.Harness;

/// <summary>Runs ffmpeg; `make test` sees to it that there is one.</summary>
internal static class Ffmpeg
{
    public static readonly TimeSpan Deadline = Patience.Long;

    /// <summary>Runs to the end, which has to be a good one.</summary>
    public static void Run(params string[] arguments)
    {
        using var process = Start(arguments);
        Assert.That(process.WaitForExit(Deadline), Is.Zero, string.Join(' ', arguments));
    }

    /// <param name="arguments">Each line of what it says begins with its level.</param>
    public static ChildProcess Start(params string[] arguments) =>
        new("ffmpeg", ["-hide_banner", "-nostdin", "-y", "-v", "level+warning", .. arguments]);

    /// <summary>Decodes a whole file, which has to be without a word of complaint.</summary>
    public static void ShouldDecode(string file)
    {
        using var process = new ChildProcess(
            "ffmpeg", ["-hide_banner", "-nostdin", "-v", "error", "-i", file, "-f", "null", "-"]);
        Assert.That(process.WaitForExit(Deadline), Is.Zero, file);
        Assert.That(process.Lines, Is.Empty, file);
    }

    /// <summary>Seconds that a file says of itself.</summary>
    public static double DurationOf(string file) => double.Parse(
        Probe(file, "-show_entries", "format=duration")[0], CultureInfo.InvariantCulture);

    /// <summary>What ffprobe says of a file, a value a line.</summary>
    public static string[] Probe(string file, params string[] what)
    {
        using var process = new ChildProcess(
            "ffprobe", ["-v", "error", .. what, "-of", "csv=p=0", file]);
        Assert.That(process.WaitForExit(Deadline), Is.Zero, file);
        return process.Lines;
    }

    /// <summary>What the file holds.</summary>
    public static Recording Record(string file)
    {
        using var folder = new TemporaryFolder();
        Run(["-copyts", "-i", file, .. Recording.OutputTo(folder)]);
        return Recording.ReadFrom(folder);
    }
}
