using System;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Threading;
using NUnit.Framework;

namespace Reactor.Tests.Harness;

/// <summary>nginx as it stands before HLS: a folder of it, or two servers.</summary>
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
    public static NginxFiles Start(string root) => Start("", $"root {root};");

    /// <summary>
    /// Asks the first of some servers on the loopback, and another one where that fails.
    /// </summary>
    public static NginxFiles StartBefore(params int[] ports)
    {
        var rest = ports[1..].Select(port => $"server 127.0.0.1:{port} backup;");
        return Start(
            $$"""
            upstream reactors {
                server 127.0.0.1:{{ports[0]}} max_fails=1 fail_timeout=5s;
                {{string.Join(' ', rest)}}
            }
            """,
            """
            location / {
                proxy_pass http://reactors;
                proxy_http_version 1.1;
                proxy_set_header Connection "";
                proxy_connect_timeout 1s;
                proxy_next_upstream error timeout http_404 http_502 http_503;
                proxy_next_upstream_timeout 5s;
            }
            """);
    }

    private static NginxFiles Start(string http, string server)
    {
        var folder = new TemporaryFolder();
        var port = RtmpServerProcess.FreePort();
        var file = Path.Combine(folder.Path, "nginx.conf");
        File.WriteAllText(file, Configuration(port, http, server, folder.Path));
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

    private static string Configuration(
        int port, string http, string server, string temporary) => $$"""
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
            {{http}}
            server {
                listen 127.0.0.1:{{port}};
                {{server}}
            }
        }
        """;
}
