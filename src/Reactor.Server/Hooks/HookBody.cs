using System;
using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Reactor.Server.Hooks;

/// <summary>Puts an event into the words that back-ends of SRS or nginx-rtmp know.</summary>
internal static class HookBody
{
    public const string JsonType = "application/json";
    public const string FormType = "application/x-www-form-urlencoded";

    /// <summary>The fields of SRS.</summary>
    public static byte[] Json(HookEvent it, string serverId)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(bytes);
        json.WriteStartObject();
        json.WriteString("action", SrsName(it.Kind));
        json.WriteString("server_id", serverId);
        json.WriteString("client_id", Number(it.ConnectionId));
        json.WriteString("ip", it.Address.ToString());
        json.WriteString("vhost", "__defaultVhost__");
        json.WriteString("app", it.Key.App);
        json.WriteString("tcUrl", it.TcUrl);
        json.WriteString("pageUrl", it.Page);
        if (it.Kind != HookKind.Connect)
        {
            json.WriteString("stream", it.Key.Name);
            json.WriteString("param", Query(it, "?"));
            json.WriteString("stream_url", $"/{it.Key}");
            json.WriteString("stream_id", $"{serverId}/{it.Key}");
        }
        if (IsOver(it.Kind))
        {
            json.WriteNumber("duration", it.Seconds);
            json.WriteNumber("bytes", it.Bytes);
        }
        if (it.File is { } file)
            WriteFile(json, it.Kind, file);
        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>The fields of nginx-rtmp, and the query's own pairs behind them.</summary>
    public static byte[] Form(HookEvent it)
    {
        var form = new StringBuilder();
        Add(form, "call", NginxName(it.Kind));
        Add(form, "addr", it.Address.ToString());
        Add(form, "clientid", Number(it.ConnectionId));
        Add(form, "app", it.Key.App);
        Add(form, "flashver", it.Client);
        Add(form, "swfurl", "");
        Add(form, "tcurl", it.TcUrl);
        Add(form, "pageurl", it.Page);
        if (it.Kind != HookKind.Connect)
            Add(form, "name", it.Key.Name);
        if (it.Kind == HookKind.Publish)
            Add(form, "type", "live");
        if (IsOver(it.Kind))
            Add(form, "time", Number(it.Seconds));
        if (it.File is { } file)
            AddFile(form, it.Kind, file);
        var query = Query(it, "&");
        return Encoding.UTF8.GetBytes(form.Append(query).ToString());
    }

    private static void WriteFile(Utf8JsonWriter json, HookKind kind, HookFile file)
    {
        json.WriteString("cwd", Environment.CurrentDirectory);
        json.WriteString("file", file.Path);
        json.WriteNumber("duration", file.DurationMs / 1000.0);
        json.WriteNumber("bytes", file.Bytes);
        if (kind == HookKind.Hls)
        {
            json.WriteString("url", file.Url);
            json.WriteString("m3u8", file.Playlist);
            json.WriteString("m3u8_url", file.PlaylistUrl);
            json.WriteNumber("seq_no", file.Sequence);
            return;
        }
        json.WriteString("recorder", file.Recorder);
        if (kind == HookKind.RecordFailed)
            json.WriteString("error", file.Why);
    }

    private static void AddFile(StringBuilder form, HookKind kind, HookFile file)
    {
        Add(form, "path", file.Path);
        Add(form, "duration", (file.DurationMs / 1000.0).ToString(CultureInfo.InvariantCulture));
        Add(form, "bytes", Number(file.Bytes));
        if (kind == HookKind.Hls)
        {
            Add(form, "url", file.Url);
            Add(form, "m3u8_url", file.PlaylistUrl);
            Add(form, "seq_no", Number(file.Sequence));
            return;
        }
        Add(form, "recorder", file.Recorder);
        if (kind == HookKind.RecordFailed)
            Add(form, "error", file.Why);
    }

    private static bool IsOver(HookKind kind) => kind
        is HookKind.UpdatePlay or HookKind.UpdatePublish
        or HookKind.PlayDone or HookKind.PublishDone or HookKind.Done;

    private static string SrsName(HookKind kind) => kind switch
    {
        HookKind.Connect => "on_connect",
        HookKind.Publish => "on_publish",
        HookKind.PublishDone => "on_unpublish",
        HookKind.Play => "on_play",
        HookKind.PlayDone => "on_stop",
        HookKind.Done => "on_close",
        HookKind.UpdatePublish => "on_update_publish",
        HookKind.UpdatePlay => "on_update_play",
        HookKind.StreamIdle => "on_stream_idle",
        HookKind.RecordDone => "on_dvr",
        HookKind.RecordFailed => "on_record_failed",
        HookKind.Hls => "on_hls",
        _ => "on_stream_not_found",
    };

    private static string NginxName(HookKind kind) => kind switch
    {
        HookKind.Connect => "connect",
        HookKind.Publish => "publish",
        HookKind.PublishDone => "publish_done",
        HookKind.Play => "play",
        HookKind.PlayDone => "play_done",
        HookKind.Done => "done",
        HookKind.UpdatePublish => "update_publish",
        HookKind.UpdatePlay => "update_play",
        HookKind.StreamIdle => "stream_idle",
        HookKind.RecordDone => "record_done",
        HookKind.RecordFailed => "record_failed",
        HookKind.Hls => "hls",
        _ => "stream_not_found",
    };

    private static string Query(HookEvent it, string first)
    {
        var query = new StringBuilder();
        foreach (var (name, value) in it.Parameters?.Pairs ?? [])
        {
            query.Append(query.Length == 0 ? first : "&")
                .Append(Uri.EscapeDataString(name))
                .Append('=')
                .Append(Uri.EscapeDataString(value));
        }
        return query.ToString();
    }

    private static void Add(StringBuilder form, string name, string value) => form
        .Append(form.Length == 0 ? "" : "&")
        .Append(name)
        .Append('=')
        .Append(Uri.EscapeDataString(value));

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
