using System.Diagnostics;
using NUnit.Framework;

namespace Reactor.Transport.Tests.Network;

/// <summary>Runs one test as a child process; see <see cref="Program"/>.</summary>
internal static class OwnProcess
{
    /// <summary>Its exit code when all held; no crash and no failure has this number.</summary>
    public const int Passed = 42;

    /// <summary>Waits for the child, and fails with what it said unless it passed.</summary>
    public static void Run(string test)
    {
        var assembly = typeof(OwnProcess).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", [assembly, test])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // A second thread that compiles may load a file just when there are no descriptors.
        start.Environment["DOTNET_TieredCompilation"] = "0";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(2 * Bench.PatienceMs))
            process.Kill();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.EqualTo(Passed), output.Result + errors.Result);
    }
}
