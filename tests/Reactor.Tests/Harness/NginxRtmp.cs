using System.IO;
using System.Net.Http;
using NUnit.Framework;

namespace Reactor.Tests.Harness;

/// <summary>nginx with its RTMP module (Debian: libnginx-mod-rtmp), to compare with.</summary>
internal sealed class NginxRtmp : RtmpServerProcess
{
    private readonly TemporaryFolder _folder;
    private readonly int _control;

    private NginxRtmp(int port, int control, TemporaryFolder folder, ChildProcess process)
        : base(port, process) => (_control, _folder) = (control, folder);

    /// <summary>One process in the foreground; its app is <c>live</c>.</summary>
    /// <param name="more">Directives of that app.</param>
    public static NginxRtmp Start(string more = "") => Start(FreePort(), more);

    /// <summary>The same on a port of the caller's choice: it comes back.</summary>
    public static NginxRtmp Start(int port, string more = "")
    {
        var folder = new TemporaryFolder();
        var control = FreePort();
        var file = Path.Combine(folder.Path, "nginx.conf");
        File.WriteAllText(file, Configuration(port, control, folder.Path, more));
        string[] arguments = ["-p", folder.Path, "-c", file, "-e", "stderr"];
        return new NginxRtmp(port, control, folder, new ChildProcess("nginx", arguments));
    }

    /// <summary>Ends the connection of whoever publishes.</summary>
    public void DropPublisher(string name)
    {
        using var client = new HttpClient();
        var url = $"http://127.0.0.1:{_control}/control/drop/publisher?app=live&name={name}";
        Assert.That(client.GetStringAsync(url).Result, Is.EqualTo("1"), "dropped");
    }

    public override void Dispose()
    {
        base.Dispose();
        _folder.Dispose();
    }

    private static string Configuration(int port, int control, string folder, string more) => $$"""
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
                    {{more}}
                }
            }
        }
        http {
            access_log off;
            client_body_temp_path {{folder}};
            proxy_temp_path {{folder}};
            fastcgi_temp_path {{folder}};
            uwsgi_temp_path {{folder}};
            scgi_temp_path {{folder}};
            server {
                listen 127.0.0.1:{{control}};
                location /control { rtmp_control all; }
            }
        }
        """;
}
