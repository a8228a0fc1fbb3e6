using System;
using System.Diagnostics;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace Reactor.Load.Comparing;

/// <summary>A server that can be started on a port of its own, pinned to one core.</summary>
internal abstract class ServerUnderTest
{
    private const int StartMaxMs = 15_000;

    public abstract string Name { get; }

    /// <summary>What goes into the results beside the name.</summary>
    public abstract string Version { get; }

    /// <summary>Starts it and waits until it accepts.</summary>
    /// <param name="port">A free port of 127.0.0.1.</param>
    /// <param name="core">The core that it gets for itself.</param>
    /// <param name="folder">Its working folder, which is temporary.</param>
    public Process Start(int port, int core, string folder)
    {
        var process = Programs.Start(core, folder, Command(port, folder));
        for (var waited = 0; waited < StartMaxMs; waited += 50)
        {
            Thread.Sleep(50);
            if (process.HasExited)
                throw new InvalidOperationException($"{Name} ended with {process.ExitCode}");
            if (Accepts(port))
                return process;
        }
        Stop(process);
        throw new InvalidOperationException($"{Name} accepts nothing on port {port}");
    }

    /// <summary>Ends it; by force where it does not end by itself.</summary>
    public static void Stop(Process process)
    {
        Programs.Run("kill", "-TERM", $"{process.Id}");
        if (!process.WaitForExit(5000))
            process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    protected abstract string[] Command(int port, string folder);

    private static bool Accepts(int port)
    {
        using var probe = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

/// <summary>The server of this repository.</summary>
/// <param name="name">What to call it in the tables.</param>
/// <param name="program">Where it lies, from the root of the repository.</param>
/// <param name="settings">As for its option <c>--set</c>.</param>
internal sealed class OurServer(string name, string program, string[] settings) : ServerUnderTest
{
    public override string Name => name;

    public override string Version =>
        $"reactor {Machine.Commit} {program}"
            + (settings.Length > 0 ? $" ({string.Join(", ", settings)})" : "");

    protected override string[] Command(int port, string folder)
    {
        string[] command =
        [
            Path.Combine(Machine.Repository, program), "--listen", $"127.0.0.1:{port}",
            "--level", "warn", "--set", "http.listen=[]",
        ];
        foreach (var setting in settings)
            command = [.. command, "--set", setting];
        return command;
    }
}

/// <summary>nginx with its RTMP module as Debian packs it: one process, no log.</summary>
internal sealed class NginxServer : ServerUnderTest
{
    private const string Module = "/usr/lib/nginx/modules/ngx_rtmp_module.so";

    public override string Name => "nginx-rtmp";

    public override string Version =>
        Programs.Run("dpkg-query", "-W", "-f=${Package} ${Version} ", "nginx", "libnginx-mod-rtmp");

    /// <summary>Chunks as large as ours, and nothing that would cost it anything.</summary>
    protected override string[] Command(int port, string folder)
    {
        if (!File.Exists(Module))
            throw new InvalidOperationException("libnginx-mod-rtmp is missing: apt-get install it");
        var configuration = Path.Combine(folder, "nginx.conf");
        File.WriteAllText(configuration, $$"""
            load_module {{Module}};
            daemon off;
            master_process off;
            pid {{folder}}/nginx.pid;
            error_log stderr crit;
            worker_rlimit_nofile 65536;
            events { worker_connections 20000; }
            rtmp {
                access_log off;
                server {
                    listen 127.0.0.1:{{port}};
                    chunk_size 60000;
                    application live { live on; }
                }
            }

            """);
        return ["nginx", "-p", folder, "-e", "stderr", "-c", configuration];
    }
}
