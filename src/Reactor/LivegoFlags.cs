using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Text.Json;

namespace Reactor;

/// <summary>livego's flags, as keys of reactor.json (S4.36).</summary>
/// <remarks>Durations without a unit are seconds, there and here.</remarks>
internal static class LivegoFlags
{
    public static readonly Option<string?> ConfigFile = Text("--config_file", "FILE", "--config");

    private static readonly Option<string?> RtmpAddr = Text(
        "--rtmp_addr", "ADDRESS", "rtmp.listen: :1935");

    private static readonly Option<string?> FlvAddr = Text(
        "--httpflv_addr", "ADDRESS", "http.listen: HTTP-FLV and the player, :7001");

    private static readonly Option<string?> HlsAddr = Text(
        "--hls_addr", "ADDRESS", "http.listen: HLS, :7002");

    private static readonly Option<string?> ApiAddr = Optional(
        "--api_addr", "ADDRESS", "http.listen: control, 127.0.0.1:8090; without a value none");

    private static readonly Option<string?> FlvDir = Text(
        "--flv_dir", "DIR", "record.record_path, where --flv_archive records");

    private static readonly Option<bool> FlvArchive = Flag(
        "--flv_archive", "record: every stream, as FLV");

    private static readonly (Option<string?> Option, string Key)[] Values =
    [
        (RtmpAddr, "rtmp.listen"),
        (Text("--rtmps_cert", "FILE", "rtmps.cert"), "rtmps.cert"),
        (Text("--rtmps_key", "FILE", "rtmps.key"), "rtmps.key"),
        (Text("--read_timeout", "SECONDS", "defaults.publish.drop_idle_publisher"),
            "defaults.publish.drop_idle_publisher"),
        (Text("--write_timeout", "SECONDS", "defaults.play.send_timeout"),
            "defaults.play.send_timeout"),
        (Text("--gop_num", "N", "defaults.play.gop_num"), "defaults.play.gop_num"),
    ];

    private static readonly (Option<bool> Option, string Key)[] Switches =
    [
        (Flag("--hls_keep_after_end", "defaults.hls.hls_keep_after_end"),
            "defaults.hls.hls_keep_after_end"),
        (Flag("--enable_tls_verify", "defaults.relay.verify_tls: true or false"),
            "defaults.relay.verify_tls"),
    ];

    private static readonly Option<bool> NoAuth = Flag(
        "--rtmp_noauth", "rooms.enabled is the opposite");

    private static readonly Option<bool> Rtmps = Flag(
        "--enable_rtmps", "rtmps.listen in the place of rtmp.listen");

    public static IEnumerable<Option> All =>
    [
        ConfigFile, .. Values.Select(value => value.Option), FlvAddr, HlsAddr, ApiAddr,
        FlvDir, FlvArchive, Rtmps, NoAuth, .. Switches.Select(flag => flag.Option),
    ];

    /// <summary>What was given, as assignments.</summary>
    public static IEnumerable<string> SetsOf(ParseResult parsed)
    {
        foreach (var (option, key) in Values)
        {
            if (parsed.GetValue(option) is { } value)
                yield return $"{key}={value}";
        }
        foreach (var (option, key) in Switches)
        {
            if (IsGiven(parsed, option))
                yield return $"{key}={Word(parsed.GetValue(option))}";
        }
        if (IsGiven(parsed, NoAuth))
            yield return $"rooms.enabled={Word(!parsed.GetValue(NoAuth))}";
        if (parsed.GetValue(Rtmps))
        {
            yield return $"rtmps.listen={parsed.GetValue(RtmpAddr) ?? ":1935"}";
            yield return "rtmp.listen=[]";
        }
        if (HttpListen(parsed) is { } listen)
            yield return listen;
        if (parsed.GetValue(FlvArchive))
            yield return $"defaults.record={Recorder(parsed.GetValue(FlvDir) ?? "tmp")}";
    }

    /// <summary>All three listeners, once one of them is named.</summary>
    private static string? HttpListen(ParseResult parsed)
    {
        var (flv, hls, api) =
            (parsed.GetValue(FlvAddr), parsed.GetValue(HlsAddr), parsed.GetValue(ApiAddr));
        if (api is null && IsGiven(parsed, ApiAddr))
            api = "";
        if (flv is null && hls is null && api is null)
            return null;
        (string Address, string Serve)[] listeners =
        [
            (flv ?? ":7001", "\"flv\", \"player\""),
            (hls ?? ":7002", "\"hls\""),
            (api ?? "127.0.0.1:8090", "\"control\", \"console\", \"metrics\""),
        ];
        var items = listeners.Where(each => each.Address.Length > 0).Select(each =>
            $"{{ \"address\": {Quote(each.Address)}, \"serve\": [{each.Serve}] }}");
        return $"http.listen=[{string.Join(", ", items)}]";
    }

    /// <summary>A switch has a value too where it was not given.</summary>
    private static bool IsGiven(ParseResult parsed, Option option) =>
        parsed.GetResult(option) is { Implicit: false };

    /// <summary>All of every stream, below a folder.</summary>
    public static string Recorder(string folder) =>
        "{ \"record\": \"all\", \"record_path\": "
            + $"{Quote(folder.TrimEnd('/') + "/{app}/{stream}_{unix}.{ext}")} }}";

    private static string Word(bool isOn) => isOn ? "true" : "false";

    private static string Quote(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    private static Option<string?> Optional(string name, string value, string description) =>
        new(name)
        {
            Description = $"livego: {description}",
            HelpName = value,
            Arity = ArgumentArity.ZeroOrOne,
        };

    private static Option<string?> Text(string name, string value, string description) =>
        new(name) { Description = $"livego: {description}", HelpName = value };

    private static Option<bool> Flag(string name, string description) =>
        new(name) { Description = $"livego: {description}" };
}
