using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using NUnit.Framework;

namespace Reactor.Tests.Harness;

/// <summary>The program under test, started as a user starts it.</summary>
internal sealed class ReactorProcess : RtmpServerProcess
{
    private ReactorProcess(int port, ChildProcess process)
        : base(port, process)
    {
    }

    /// <summary>Starts it on a free port of the loopback with a file that says nothing.</summary>
    /// <param name="settings">What deviates from the defaults, as <c>key=value</c>.</param>
    public static ReactorProcess Start(params string[] settings)
    {
        var port = FreePort();
        return new ReactorProcess(port, Launch(port, settings));
    }

    /// <summary>As <see cref="Start"/>, but whether it lives is the test's affair.</summary>
    public static ChildProcess Launch(int port, params string[] settings)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "empty.json");
        List<string> arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "Reactor.dll"),
            "-c", file, "--set", $"rtmp.listen=127.0.0.1:{port}", "--set", "http.listen=[]",
        ];
        foreach (var setting in settings)
            arguments.AddRange(["--set", setting]);
        return new ChildProcess("dotnet", arguments);
    }

    /// <summary>
    /// Sockets that it has open (Linux); other descriptors the runtime opens at will.
    /// </summary>
    public int OpenSockets => Directory.GetFiles($"/proc/{Process.Id}/fd")
        .Count(path => new FileInfo(path).LinkTarget?.StartsWith("socket:") == true);

    /// <summary>Stops it as a service manager would; anything but a clean end fails.</summary>
    public void Stop()
    {
        Process.Send(PosixSignal.SIGTERM);
        Assert.That(Process.WaitForExit(TimeSpan.FromSeconds(15)), Is.Zero, "exit code");
    }

    /// <summary>A test that did not stop the server itself still hears of an unclean end.</summary>
    public override void Dispose()
    {
        try
        {
            if (!Process.HasExited)
                Stop();
        }
        finally
        {
            base.Dispose();
        }
    }
}
