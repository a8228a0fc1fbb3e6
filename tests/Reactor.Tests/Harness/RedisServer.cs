using System;
using System.IO;

namespace Reactor.Tests.Harness;

/// <summary>A Redis server on a free port of the loopback, which keeps nothing.</summary>
internal sealed class RedisServer : IDisposable
{
    private readonly ChildProcess _process;

    public RedisServer()
    {
        Port = RtmpServerProcess.FreePort();
        _process = new ChildProcess(
            "redis-server",
            [
                "--port", $"{Port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
                "--dir", Path.GetTempPath(),
            ]);
        _process.WaitForLine(line => line.Contains("Ready to accept"), Patience.Long);
    }

    public int Port { get; }

    public void Dispose() => _process.Dispose();
}
