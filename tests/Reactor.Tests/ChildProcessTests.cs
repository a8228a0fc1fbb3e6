using System.IO;
using NUnit.Framework;
using Reactor.Tests.Harness;

namespace Reactor.Tests;

/// <summary>What a test leaves behind: nothing.</summary>
[TestFixture]
[Platform("Linux")]
public sealed class ChildProcessTests
{
    [Test]
    public void Who_is_killed_leaves_nobody_that_it_has_started()
    {
        using var parent = new ChildProcess(
            "sh", ["-c", "sleep 300 > /dev/null 2>&1 & echo $!; wait"]);
        var child = int.Parse(parent.WaitForLine(_ => true, Ffmpeg.Deadline));
        Assert.That(Runs(child), "before");

        parent.Kill();

        Assert.That(() => Runs(child), Is.False.After(5000, pollingInterval: 20));
    }

    /// <summary>Who has ended and was not asked for its exit code is a zombie, and does not run.
    /// </summary>
    private static bool Runs(int process)
    {
        try
        {
            var status = File.ReadAllText($"/proc/{process}/stat");
            return status[status.LastIndexOf(')') + 2] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }
}
