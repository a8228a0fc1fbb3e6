using System.IO;

namespace Reactor.Tests.Harness;

/// <summary>nginx with its RTMP module (Debian: libnginx-mod-rtmp), to compare with.</summary>
internal sealed class NginxRtmp : RtmpServerProcess
{
    private readonly TemporaryFolder _folder;

    private NginxRtmp(int port, TemporaryFolder folder, ChildProcess process)
        : base(port, process) => _folder = folder;

    /// <summary>One process in the foreground; its app is <c>live</c>.</summary>
    public static NginxRtmp Start() => Start(FreePort());

    /// <summary>The same on a port of the caller's choice: it comes back.</summary>
    public static NginxRtmp Start(int port)
    {
        var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "nginx.conf");
        File.WriteAllText(file, Configuration(port));
        string[] arguments = ["-p", folder.Path, "-c", file, "-e", "stderr"];
        return new NginxRtmp(port, folder, new ChildProcess("nginx", arguments));
    }

    public override void Dispose()
    {
        base.Dispose();
        _folder.Dispose();
    }

    private static string Configuration(int port) => $$"""
        load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
        daemon off;
        master_process off;
        pid nginx.pid;
        error_log stderr warn;
        events { worker_connections 4096; }
        rtmp {
            access_log off;
            server {
                listen 127.0.0.1:{{port}};
                chunk_size 4096;
                application live {
                    live on;
                    wait_key on;
                    publish_notify on;
                }
            }
        }
        """;
}
