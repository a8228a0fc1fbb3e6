using System;
using System.IO;
using System.Net.Sockets;
using System.Threading;
using NUnit.Framework;

namespace Reactor.Tests.Harness;

/// <summary>nginx as a server of files, as it stands before a folder of HLS.</summary>
internal sealed class NginxFiles : IDisposable
{
    private readonly int _port;
    private readonly TemporaryFolder _folder;
    private readonly ChildProcess _process;

    private NginxFiles(int port, TemporaryFolder folder, ChildProcess process)
    {
        _port = port;
        _folder = folder;
        _process = process;
    }

    /// <summary>Serves a folder on a free port of the loopback.</summary>
    public static NginxFiles Start(string root)
    {
        var folder = new TemporaryFolder();
        var port = RtmpServerProcess.FreePort();
        var file = Path.Combine(folder.Path, "nginx.conf");
        File.WriteAllText(file, Configuration(port, root, folder.Path));
        string[] arguments = ["-p", folder.Path, "-c", file, "-e", "stderr"];
        var nginx = new NginxFiles(port, folder, new ChildProcess("nginx", arguments));
        nginx.WaitUntilItListens();
        return nginx;
    }

    public string Url(string path) => $"http://127.0.0.1:{_port}/{path}";

    public void Dispose()
    {
        _process.Dispose();
        _folder.Dispose();
    }

    private void WaitUntilItListens()
    {
        var deadline = DateTime.UtcNow + Ffmpeg.Deadline;
        while (true)
        {
            try
            {
                using var client = new TcpClient("127.0.0.1", _port);
                return;
            }
            catch (SocketException)
            {
                Assert.That(DateTime.UtcNow, Is.LessThan(deadline), "nginx listens");
                Thread.Sleep(50);
            }
        }
    }

    private static string Configuration(int port, string root, string temporary) => $$"""
        daemon off;
        master_process off;
        pid nginx.pid;
        error_log stderr warn;
        events { worker_connections 64; }
        http {
            access_log off;
            client_body_temp_path {{temporary}};
            proxy_temp_path {{temporary}};
            fastcgi_temp_path {{temporary}};
            uwsgi_temp_path {{temporary}};
            scgi_temp_path {{temporary}};
            types {
                application/vnd.apple.mpegurl m3u8;
                video/mp2t ts;
            }
            server {
                listen 127.0.0.1:{{port}};
                root {{root}};
            }
        }
        """;
}
