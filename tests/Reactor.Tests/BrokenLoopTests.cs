using System;
using System.IO;
using NUnit.Framework;
using Reactor.Tests.Harness;

namespace Reactor.Tests;

/// <summary>What becomes of the process when the loop itself is broken.</summary>
[TestFixture]
[Platform("Linux")]
public sealed class BrokenLoopTests
{
    private const int Internal = 70;            // EX_SOFTWARE: a supervisor starts it again

    [Test]
    public void A_broken_loop_ends_the_process_with_a_report_and_exit_code_70()
    {
        using var folder = new TemporaryFolder();
        var signal = Path.Combine(folder.Path, "break");
        using var server = ServerProgram.StartBuild(
            [
                "-c", Path.Combine(AppContext.BaseDirectory, "empty.json"),
                "--set", "rtmp.listen=127.0.0.1:0", "--set", "http.listen=[]",
                "--set", "reactor.backend=epoll",
            ],
            ("DOTNET_STARTUP_HOOKS", typeof(BrokenLoopTests).Assembly.Location),
            (StartupHook.SignalFile, signal));
        server.WaitForLine(line => line.Contains("listening on rtmp://"), Patience.Long);

        File.WriteAllText(signal, "");

        Assert.That(server.WaitForExit(Patience.Long), Is.EqualTo(Internal));
        var report = string.Join('\n', server.Lines);
        Assert.That(report, Does.Contain("InvariantException: error == Libc.Interrupted"));
        Assert.That(report, Does.Contain("EventLoop.RunOnce"), "with the place where it broke");
    }
}
