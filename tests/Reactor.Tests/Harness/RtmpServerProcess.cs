using System;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Reactor.Tests.Harness;

/// <summary>An RTMP server in a process of its own, on a free port of the loopback.</summary>
internal abstract class RtmpServerProcess : IDisposable
{
    private static readonly ConcurrentDictionary<int, bool> Given = [];

    protected RtmpServerProcess(int port, ChildProcess process)
    {
        Port = port;
        Process = process;
        WaitUntilItAccepts(Patience.Long);
    }

    public int Port { get; }

    public ChildProcess Process { get; }

    /// <summary>The address of a stream, as in <c>Url("live/a")</c>.</summary>
    public string Url(string path) => $"rtmp://127.0.0.1:{Port}/{path}";

    public virtual void Dispose() => Process.Dispose();

    /// <summary>A port that was free a moment ago, and that no other test was given.</summary>
    public static int FreePort()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;
            if (Given.TryAdd(port, true))
                return port;
        }
    }

    private void WaitUntilItAccepts(TimeSpan deadline)
    {
        var end = DateTime.UtcNow + deadline;
        while (!Accepts())
        {
            if (DateTime.UtcNow < end && !Process.ExitsWithin(TimeSpan.FromMilliseconds(50)))
                continue;
            Process.Dispose();
            throw new TimeoutException($"nothing accepts connections on port {Port}");
        }
    }

    private bool Accepts()
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
