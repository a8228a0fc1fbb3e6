using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.Json;
using NUnit.Framework;
using Reactor.Server.Configuration;

namespace Reactor.Server.Tests.Configuration;

[TestFixture]
public sealed class OptionsPrinterTests
{
    private const string Pem = "-----BEGIN PUBLIC KEY-----\\n"
        + "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE1qIUlatz7nIow50LnB3roPpHr20w\\n"
        + "3xmOzSsrMq9gpfjCBYTMXLUKh9pjefbSNMO91R0CosqFRkV1g84uyYdi4g==\\n"
        + "-----END PUBLIC KEY-----\\n";

    // Every key at another value than its default.
    private static readonly string Other = """
        {
          "server_id": "a \"b\" \\ é",
          "reactor": {
            "backend": "portable", "max_events": 1, "max_accept": 1, "max_handshakes": 2,
            "read_buffer": "4k",
            "read_budget": 5000, "read_messages": 1, "write_budget": "1m", "iov_max": 8,
            "read_coalesce": "30ms", "write_coalesce": "20ms", "write_coalesce_max": "50ms",
            "io_threads": 3, "max_jobs": 99, "max_letters": 2000, "stall_warn": "1.5ms"
          },
          "process": { "pid_file": "a.pid", "grace_period": "1m" },
          "log": { "level": "trace", "format": "json", "file": "a.log", "max_size": "10m",
            "keep": 3, "max_lines": 200 },
          "limits": {
            "max_connections": 0, "max_connections_per_ip": 1, "connect_rate_per_ip": "4/s",
            "max_failed_attempts": 3, "max_name": 99, "max_replies": "8k",
            "max_publishers": 2, "max_players": 3, "max_memory": "5g",
            "max_bandwidth_out": "1.5gbps", "max_bandwidth_in": 7,
            "max_relays": 1, "max_processes": 0, "relay_allow": ["10.0.0.0/8", "::1"]
          },
          "rtmps": {
            "listen": "443", "cert": "a.crt", "key": "a.key", "min_version": "1.3",
            "alpn": "rtmp", "reload_cert": false
          },
          "https": {
            "listen": ["8443"], "cert": "b.crt", "key": "b.key", "min_version": 1.3,
            "alpn": [], "reload_cert": false
          },
          "rtmp": {
            "listen": ["127.0.0.1:1936", ":1937"], "backlog": 1, "so_keepalive": "off",
            "tcp_nodelay": false, "send_buffer": "1m", "recv_buffer": 1, "notsent_lowat": 0,
            "proxy_protocol": true, "trusted_proxies": "10.0.0.0/8", "handshake": "simple",
            "handshake_timeout": "1s", "connect_timeout": "90s",
            "command_timeout": "2h", "ping": "1d", "ping_timeout": 0.5, "drain_timeout": "0s",
            "chunk_size": 128, "ack_window": "1m", "in_ack_window": "1m", "peer_bandwidth": "1m",
            "max_chunk_size": "64k", "max_message": "1m", "max_half_received": "1m",
            "max_streams": 1, "max_chunk_streams": 8, "max_commands_per_second": 5,
            "max_amf_depth": 5, "max_amf_values": 33, "max_amf_string": "2k", "max_amf_text": "3k",
            "fms_version": "", "capabilities": 255, "bw_done": "on", "sample_access": false,
            "data_start": true, "enhanced": false
          },
          "http": {
            "listen": [
              { "address": "127.0.0.1:8080", "serve": "flv" },
              { "address": ":8081", "serve": ["hls", "player"] }
            ],
            "keepalive": "1s", "header_timeout": "1s", "body_timeout": "1s",
            "max_header": "1k", "max_headers": 9, "max_url": "1k", "max_pipelined": 2,
            "max_body": "0", "crossdomain_xml": false,
            "cors": { "enabled": false, "origins": "https://example.com" },
            "proxy_protocol": true, "trusted_proxies": "10.0.0.0/8", "real_ip_header": "",
            "flv": {
              "enabled": false, "chunked": false, "has_audio": "on", "has_video": "off",
              "guess_wait": "1s"
            },
            "ws_flv": { "enabled": false, "max_message": "1k" },
            "static": { "enabled": false, "root": "www", "index": "a.html" }
          },
          "api": {
            "enabled": false, "allow": "all", "hosts": "media.example.com", "livego": false,
            "nginx": false, "users": ["a:b", { "user": "c", "password": "d:e" }],
            "jwt": {
              "secret": "s", "algorithm": "RS256", "param": "token", "path_claim": "",
              "max_token": "8k", "public_key": "PEM"
            }
          },
          "metrics": { "per_stream": false },
          "rooms": {
            "enabled": true, "store": "redis", "file": "keys.json", "redis_addr": "[::1]:7000",
            "redis_user": "u", "redis_pwd": "p", "redis_db": 1, "on_error": "cache",
            "redis_timeout": "1s", "symmetric": true
          },
          "cluster": {
            "redis": "r:1", "redis_user": "u", "redis_pwd": "p", "redis_db": 1,
            "redis_timeout": "1s", "address": "10.0.0.1:1936", "lease": "3s"
          },
          "defaults": {
            "live": false,
            "publish": {
              "allow": ["10.0.0.0/8", "::1"], "deny": "192.0.2.1", "key": "secret",
              "on_duplicate": "replace", "replace_stale": "0s", "firstpkt_timeout": "1s",
              "drop_idle_publisher": "1s", "grace": "1s", "kickoff_for_idle": "1h",
              "max_duration": "1d", "max_bitrate": "6mbps", "max_publishers": 3,
              "max_metadata": "2k"
            },
            "play": {
              "allow": [], "deny": "all", "key": ["a", "b"], "refer": "example.com",
              "idle_streams": false, "wait_timeout": "1s", "gop_cache": false, "gop_num": 2,
              "gop_cache_max_frames": 1, "gop_cache_max_size": "1g", "start_at": "now",
              "queue_length": "1s", "queue_size": "1m", "queue_policy": "drop_inter",
              "send_timeout": "1s", "time_jitter": "zero", "publish_notify": false,
              "metadata": "off", "max_players": 1, "max_app_players": 2, "max_bandwidth": "8mbps"
            },
            "auth": {
              "publish": ["key", "jwt"], "play": "none", "bind_ip": true,
              "sign": {
                "secret": "s", "algorithm": "sha256", "param": "st", "clock_skew": "0s"
              },
              "jwt": {
                "secret": "s", "algorithm": "ES256", "param": "token", "path_claim": "",
                "max_token": "8k", "public_key": "PEM"
              }
            },
            "hooks": {
              "format": "form", "timeout": "1s", "retries": 2, "on_error": "allow",
              "on_connect": "http://h/1", "on_publish": "http://h/2",
              "on_publish_done": "http://h/3", "on_play": "http://h/4",
              "on_play_done": "http://h/5", "on_done": "http://h/6", "on_update": "http://h/7",
              "on_stream_idle": "http://h/8", "on_stream_not_found": "https://h/9",
              "on_record_done": "http://h/10", "on_record_failed": "http://h/11",
              "on_hls": "http://h/12", "headers": { "A": "b" },
              "notify_update_timeout": "1m", "notify_update_strict": true, "secret": "s"
            },
            "hls": {
              "enabled": false, "on_demand": false, "type": "fmp4", "hls_fragment": "3s",
              "hls_max_fragment": "20s", "audio_only_fragment": "5s", "track_wait": "1s",
              "hls_part": "300ms", "hls_fragment_slicing": "aligned",
              "hls_window": 4, "delete_threshold": 1, "hls_max_size": "8m",
              "hls_dispose": "2m", "hls_keep_after_end": true, "store": "disk",
              "path": "/srv/hls", "hls_cleanup": false
            },
            "record": [
              "audio",
              {
                "name": "n", "record": "keyframes", "record_path": "%Y/{stream}.{ext}",
                "record_unique": true, "record_append": true, "record_notify": true,
                "record_interval": "1h", "record_max_size": "1g", "record_max_frames": 5,
                "wait_key": false, "part": "2s", "max_backlog": "1m", "min_free": 0,
                "delete_after": "7d"
              }
            ],
            "vod": { "enabled": true, "path": "films" },
            "push": ["rtmp://h/app", { "url": "rtmp://h/{app}/{stream}", "name": "n" }],
            "push_reconnect": "1s", "push_reconnect_max": "1m",
            "pull": { "url": "rtmps://h/b", "name": "n", "app": "a" },
            "pull_reconnect": "2s", "pull_reconnect_max": "1m", "pull_stop_after": "0s",
            "pull_timeout": "1s", "origin": ["a:1", "b"],
            "relay": {
              "buffer": "1s", "connect_timeout": "1s", "answer_timeout": "1s",
              "verify_tls": false, "pass_query": false
            },
            "exec": {
              "exec_push": [["a", "b c", ""], "d 'e f'"], "exec_pull": "a", "exec_publish": "b",
              "exec_publish_done": "c", "exec_play": "d", "exec_play_done": "e",
              "exec_record_done": "f {path}", "respawn": false, "respawn_timeout": "1s",
              "respawn_timeout_max": "2s", "kill_signal": "INT", "kill_timeout": "0s"
            }
          },
          "exec_static": ["g", ["h", "\"\\"]]
        }
        """.Replace("PEM", Pem, StringComparison.Ordinal);

    [Test]
    public void The_effective_configuration_reads_back_as_itself_whatever_a_key_holds()
    {
        using var before = JsonDocument.Parse(OptionsPrinter.Effective(new ServerOptions()));
        var printed = OptionsPrinter.Effective(Config.Good(Other));
        using var after = JsonDocument.Parse(printed);

        var unchanged = KeysOf(after.RootElement)
            .Where(key => ValueOf(before, key) == ValueOf(after, key));
        Assert.That(unchanged, Is.EqualTo(["include"]), "set every key in this test");
        Assert.That(OptionsPrinter.Effective(Config.Good(printed)), Is.EqualTo(printed));
    }

    [Test]
    public void The_effective_configuration_holds_apps_and_streams_with_all_they_inherit()
    {
        var options = Config.Good("""
            {
              "apps": {
                "live": {
                  "pull": { "url": "rtmp://h/b", "name": "n", "static": true },
                  "streams": { "v*": { "play": { "gop_num": 3 } } }
                },
                "*": {}
              }
            }
            """);
        var printed = OptionsPrinter.Effective(options);
        var again = Config.Good(printed);

        Assert.That(OptionsPrinter.Effective(again), Is.EqualTo(printed));
        Assert.That(again.Resolve("live", "v1")!.Play.GopNum, Is.EqualTo(3));
        Assert.That(again.Resolve("live", "n")!.Pull.Single().IsStatic, Is.True);
        Assert.That(() => JsonDocument.Parse(printed), Throws.Nothing, "no comment in it");
    }

    [Test]
    public void The_annotated_default_reads_back_as_the_defaults()
        => Assert.That(
            OptionsPrinter.Effective(Config.Good(OptionsPrinter.Default())),
            Is.EqualTo(OptionsPrinter.Effective(new ServerOptions())));

    [Test]
    public void Each_line_of_the_default_stands_under_a_comment()
    {
        var lines = Lines(OptionsPrinter.Default());
        var bare = lines.Skip(2).Zip(lines.Skip(1), (line, above) => (line, above))
            .Where(pair => pair.line.StartsWith('"') && !pair.above.StartsWith("// "));

        Assert.That(bare, Is.Empty);
    }

    [Test]
    public void The_file_of_the_repository_says_only_defaults()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Reactor.sln")))
            folder = folder.Parent!;
        var text = File.ReadAllText(Path.Combine(folder.FullName, "reactor.json"));

        Assert.That(
            OptionsPrinter.Effective(Config.Good(text)),
            Is.EqualTo(OptionsPrinter.Effective(new ServerOptions())));
    }

    [Test]
    public void A_key_in_PascalCase_is_the_property_and_each_property_has_its_key()
    {
        using var printed = JsonDocument.Parse(OptionsPrinter.Effective(new ServerOptions()));

        Assert.That(KeysOf(printed.RootElement), Is.EqualTo(PropertiesOf(typeof(ServerOptions))));
    }

    [Test]
    public void The_schema_has_every_key_with_type_description_and_default()
    {
        using var schema = JsonDocument.Parse(OptionsPrinter.Schema());
        using var printed = JsonDocument.Parse(OptionsPrinter.Effective(new ServerOptions()));

        Assert.That(schema.RootElement.GetProperty("$schema").GetString(),
            Is.EqualTo("https://json-schema.org/draft/2020-12/schema"));
        AssertDescribed(schema.RootElement, printed.RootElement);
    }

    [Test]
    public void The_schema_knows_ranges_and_words_and_apps()
    {
        using var schema = JsonDocument.Parse(OptionsPrinter.Schema());
        var rtmp = At(schema.RootElement, "rtmp");
        var app = At(schema.RootElement, "apps").GetProperty("additionalProperties");
        var stream = At(app, "streams").GetProperty("additionalProperties");
        var policy = At(At(stream, "play"), "queue_policy");
        var chunkSize = At(rtmp, "chunk_size");

        Assert.That(chunkSize.GetProperty("minimum").GetInt32(), Is.EqualTo(128));
        Assert.That(chunkSize.GetProperty("maximum").GetInt32(), Is.EqualTo(0xFF_FFFF));
        Assert.That(
            policy.GetProperty("enum").EnumerateArray().Select(word => word.GetString()),
            Is.EqualTo(["drop_gop", "drop_inter", "close"]));
        Assert.That(policy.TryGetProperty("default", out _), Is.False, "it is inherited");
    }

    private static JsonElement At(JsonElement section, string key)
        => section.GetProperty("properties").GetProperty(key);

    private static void AssertDescribed(JsonElement schema, JsonElement printed)
    {
        Assert.That(schema.GetProperty("additionalProperties").GetBoolean(), Is.False);
        foreach (var key in printed.EnumerateObject())
        {
            var described = At(schema, key.Name);
            Assert.That(described.GetProperty("description").GetString(), Is.Not.Empty, key.Name);
            if (key.Value.ValueKind == JsonValueKind.Object)
                AssertDescribed(described, key.Value);
            else
                Assert.That(SameAs(described.GetProperty("default"), key.Value), key.Name);
        }
    }

    private static bool SameAs(JsonElement one, JsonElement other)
        => JsonElement.DeepEquals(one, other);

    private static string[] KeysOf(JsonElement section)
        => [.. section.EnumerateObject()
            .SelectMany(key => key.Value.ValueKind == JsonValueKind.Object
                ? KeysOf(key.Value).Select(inner => $"{key.Name}.{inner}")
                : [key.Name])
            .Order(StringComparer.Ordinal)];

    private static string ValueOf(JsonDocument printed, string key)
        => key.Split('.')
            .Aggregate(printed.RootElement, (section, name) => section.GetProperty(name))
            .GetRawText();

    private static string[] PropertiesOf(Type options)
        => [.. options.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.PropertyType != typeof(AppTable))
            .SelectMany(property => property.PropertyType.Name.EndsWith("Options")
                ? PropertiesOf(property.PropertyType).Select(inner => $"{Snake(property)}.{inner}")
                : [Snake(property)])
            .Order(StringComparer.Ordinal)];

    private static string Snake(PropertyInfo property)
        => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);

    private static string[] Lines(string text)
        => [.. text.Split('\n').Select(line => line.Trim().TrimEnd(','))
            .Where(line => line.Contains(':') || line.StartsWith("//"))];
}
