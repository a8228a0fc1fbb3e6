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
    private ReactorProcess(int port, ChildProcess process, string[] settings)
        : base(port, process)
    {
        if (!settings.Any(setting => setting.StartsWith("log.")))
            WaitUntilItSaysSo();
    }

    /// <summary>Starts it on a free port of the loopback with a file that says nothing.</summary>
    /// <param name="settings">What deviates from the defaults, as <c>key=value</c>.</param>
    public static ReactorProcess Start(params string[] settings) => StartAt(FreePort(), settings);

    /// <summary>The same on a port of the caller's choice: it comes back.</summary>
    public static ReactorProcess StartAt(int port, params string[] settings) =>
        new(port, Launch(port, settings), settings);

    /// <summary>The same of what was built, as <c>make run</c> starts it.</summary>
    public static ReactorProcess StartBuild(params string[] settings)
    {
        var port = FreePort();
        return new ReactorProcess(
            port, ServerProgram.StartBuild(Arguments(port, settings)), settings);
    }

    /// <summary>As <see cref="Start"/>, and it knows the certificates of a file (Linux).</summary>
    public static ReactorProcess StartTrusting(string file, params string[] settings) =>
        StartIn(("SSL_CERT_FILE", file), settings);

    /// <summary>As <see cref="Start"/>, on a machine, or in a container, with so much memory.
    /// </summary>
    public static ReactorProcess StartWithin(long memoryBytes, params string[] settings) =>
        StartIn(("DOTNET_GCHeapHardLimit", $"{memoryBytes:x}"), settings);

    /// <summary>As <see cref="Start"/>, where there are no other programs than in a folder.
    /// </summary>
    public static ReactorProcess StartAmong(string folder, params string[] settings) =>
        StartIn(("PATH", folder), settings);

    /// <summary>As <see cref="Start"/>, but whether it lives is the test's affair.</summary>
    public static ChildProcess Launch(int port, params string[] settings) =>
        ServerProgram.Start(Arguments(port, settings));

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

    /// <summary>RTMP is the first to listen; with this line HTTP and TLS do too.</summary>
    private void WaitUntilItSaysSo()
    {
        try
        {
            Process.WaitForLine(line => line.Contains("up to "), Ffmpeg.Deadline);
        }
        catch (TimeoutException)
        {
            Process.Dispose();
            throw;
        }
    }

    private static ReactorProcess StartIn((string, string) environment, string[] settings)
    {
        var port = FreePort();
        return new ReactorProcess(
            port, ServerProgram.Start(Arguments(port, settings), null, environment), settings);
    }

    private static IEnumerable<string> Arguments(int port, string[] settings)
    {
        var file = Path.Combine(AppContext.BaseDirectory, "empty.json");
        string[] usual = [$"rtmp.listen=127.0.0.1:{port}", "http.listen=[]"];
        return usual.Concat(settings).SelectMany(setting => new[] { "--set", setting })
            .Prepend(file).Prepend("-c");
    }
}
