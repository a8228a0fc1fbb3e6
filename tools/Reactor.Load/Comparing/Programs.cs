using System;
using System.Diagnostics;

namespace Reactor.Load.Comparing;

/// <summary>Starts other programs.</summary>
internal static class Programs
{
    /// <summary>Starts a program on one core only; it inherits our standard error.</summary>
    public static Process Start(int core, string folder, string[] command)
    {
        var start = new ProcessStartInfo("taskset", ["-c", $"{core}", .. command])
        {
            WorkingDirectory = folder,
        };
        return Process.Start(start)!;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it printed, without the last line end.</returns>
    public static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output.Trim()
            : throw new InvalidOperationException($"{program} ended with {process.ExitCode}");
    }
}
