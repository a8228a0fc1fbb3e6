using System;
using System.Collections.Generic;
using Reactor.Server.Configuration.Schema;
using static Reactor.Server.Configuration.Schema.Applies;
using static Reactor.Server.Configuration.Schema.Units;

namespace Reactor.Server.Configuration;

/// <summary>In which form a hook is told.</summary>
public enum HookFormat
{
    /// <summary>As SRS does: a JSON object.</summary>
    Json,

    /// <summary>As nginx-rtmp does: a form.</summary>
    Form,
}

/// <summary>What holds when a hook gives no answer.</summary>
public enum HookErrorMode
{
    Allow,
    Deny,
}

/// <summary>HTTP servers that are asked or told: section <c>hooks</c> of a stream.</summary>
public sealed record HooksOptions
{
    public HookFormat Format { get; init; }
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);
    public int Retries { get; init; } = 1;
    public HookErrorMode OnError { get; init; } = HookErrorMode.Deny;
    public string OnConnect { get; init; } = "";
    public string OnPublish { get; init; } = "";
    public string OnPublishDone { get; init; } = "";
    public string OnPlay { get; init; } = "";
    public string OnPlayDone { get; init; } = "";
    public string OnDone { get; init; } = "";
    public string OnUpdate { get; init; } = "";
    public string OnStreamIdle { get; init; } = "";
    public string OnStreamNotFound { get; init; } = "";
    public string OnRecordDone { get; init; } = "";
    public string OnRecordFailed { get; init; } = "";
    public string OnHls { get; init; } = "";
    public TimeSpan NotifyUpdateTimeout { get; init; } = TimeSpan.FromSeconds(30);
    public bool NotifyUpdateStrict { get; init; }
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];
    public string Secret { get; init; } = "";

    private static Unit<string> Url { get; } = new HookUrlUnit();

    internal static readonly Section<HooksOptions> Keys = new(
        "HTTP servers that are asked before, or told after. 2xx allows, 3xx renames, 4xx refuses.")
    {
        { "format", Choice<HookFormat>(), Live,
            o => o.Format, (o, v) => o with { Format = v },
            "A JSON object with the fields of SRS, or a form with those of nginx-rtmp." },
        { "timeout", Duration("100ms", "1m"), Live,
            o => o.Timeout, (o, v) => o with { Timeout = v },
            "An answer must be there by then, each try." },
        { "retries", Count(0, 10), Live,
            o => o.Retries, (o, v) => o with { Retries = v },
            "More tries after one without an answer." },
        { "on_error", Choice<HookErrorMode>(), Live,
            o => o.OnError, (o, v) => o with { OnError = v },
            "What holds when no try was answered." },
        { "on_connect", Url, Live,
            o => o.OnConnect, (o, v) => o with { OnConnect = v },
            "Asked before an RTMP client is connected to the app." },
        { "on_publish", Url, Live,
            o => o.OnPublish, (o, v) => o with { OnPublish = v },
            "Asked before a publisher begins." },
        { "on_publish_done", Url, Live,
            o => o.OnPublishDone, (o, v) => o with { OnPublishDone = v },
            "Told when a publisher has ended." },
        { "on_play", Url, Live,
            o => o.OnPlay, (o, v) => o with { OnPlay = v },
            "Asked before a player begins." },
        { "on_play_done", Url, Live,
            o => o.OnPlayDone, (o, v) => o with { OnPlayDone = v },
            "Told when a player has ended." },
        { "on_done", Url, Live,
            o => o.OnDone, (o, v) => o with { OnDone = v },
            "Told when either has ended." },
        { "on_update", Url, Live,
            o => o.OnUpdate, (o, v) => o with { OnUpdate = v },
            "Told of every publisher and player from time to time; a refusal ends it." },
        { "on_stream_idle", Url, Live,
            o => o.OnStreamIdle, (o, v) => o with { OnStreamIdle = v },
            "Told when the last player of a published stream has left." },
        { "on_stream_not_found", Url, Live,
            o => o.OnStreamNotFound, (o, v) => o with { OnStreamNotFound = v },
            "Told when somebody wants to play what nobody publishes." },
        { "on_record_done", Url, Live,
            o => o.OnRecordDone, (o, v) => o with { OnRecordDone = v },
            "Told of each recording that is complete; as JSON it is SRS's on_dvr." },
        { "on_record_failed", Url, Live,
            o => o.OnRecordFailed, (o, v) => o with { OnRecordFailed = v },
            "Told of each recording that came to nothing, and why." },
        { "on_hls", Url, Live,
            o => o.OnHls, (o, v) => o with { OnHls = v },
            "Told of each segment of HLS that is complete." },
        { "notify_update_timeout", Duration("1s", "1d"), Live,
            o => o.NotifyUpdateTimeout, (o, v) => o with { NotifyUpdateTimeout = v },
            "How often on_update is told." },
        { "notify_update_strict", Flag, Live,
            o => o.NotifyUpdateStrict, (o, v) => o with { NotifyUpdateStrict = v },
            "An on_update without an answer ends it too." },
        { "headers", new HeadersUnit(), Live,
            o => o.Headers, (o, v) => o with { Headers = v },
            "What each request has besides: Authorization, or what your server wants." },
        { "secret", Text, Live,
            o => o.Secret, (o, v) => o with { Secret = v },
            "Signs each body: X-Reactor-Signature is sha256= and its HMAC in hexadecimal." },
    };
}
