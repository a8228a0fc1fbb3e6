using System;
using System.Diagnostics;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using NUnit.Framework;

namespace Reactor.Server.Tests.Storage;

/// <summary>A real redis-server that a test starts, stops, freezes and thaws.</summary>
/// <remarks>It keeps nothing on disk; `make test` sees to it that there is one.</remarks>
internal sealed class RedisProcess : IDisposable
{
    private const int PatienceMs = 10_000;
    private readonly ManualResetEvent _deaf = new(initialState: false);
    private readonly string[] _settings;
    private Process _process;

    public RedisProcess(params string[] settings)
    {
        _settings = settings;
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }
        _process = Begin();
    }

    public int Port { get; }

    /// <summary>Ends it at once.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Begins it again, on the same port, with nothing in it.</summary>
    public void Restart()
    {
        _process.Dispose();
        _process = Begin();
    }

    /// <summary>It takes connections and bytes, and answers nothing: SIGSTOP.</summary>
    public void Freeze() => Signal("-STOP");

    public void Thaw() => Signal("-CONT");

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
        _deaf.Dispose();
    }

    /// <summary>Starts it, and waits until it listens.</summary>
    private Process Begin()
    {
        var process = Process.Start(
            "redis-server",
            [
                "--port", $"{Port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
                "--loglevel", "warning", "--logfile", "/dev/null",
                "--dir", Path.GetTempPath(), .. _settings,
            ]);
        var clock = Stopwatch.StartNew();
        while (!IsListening())
            Assert.That(clock.ElapsedMilliseconds, Is.LessThan(PatienceMs), "redis-server starts");
        return process;
    }

    private bool IsListening()
    {
        try
        {
            using var visitor = new TcpClient("127.0.0.1", Port);
            return true;
        }
        catch (SocketException)
        {
            return _deaf.WaitOne(10);
        }
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, $"{_process.Id}"]);
        kill.WaitForExit();
        Assert.That(kill.ExitCode, Is.Zero, $"kill {signal}");
    }
}
