using System;
using System.Net;
using Reactor.Protocol;
using Reactor.Server.Configuration;
using Reactor.Streaming;

namespace Reactor.Server.Hooks;

/// <summary>What a hook can be asked or told.</summary>
internal enum HookKind
{
    Connect,
    Publish,
    PublishDone,
    Play,
    PlayDone,
    Done,
    UpdatePublish,
    UpdatePlay,
    StreamIdle,
    StreamNotFound,
    RecordDone,
    RecordFailed,
    Hls,
}

/// <summary>Something that a hook hears of.</summary>
internal sealed record HookEvent
{
    public required HookKind Kind { get; init; }

    /// <summary>The public name; of a connect only the application is known.</summary>
    public required StreamKey Key { get; init; }

    public required IPAddress Address { get; init; }

    public required long ConnectionId { get; init; }

    /// <summary>What stood behind question marks: tokens are for the hook to judge.</summary>
    public QueryParameters? Parameters { get; init; }

    public string TcUrl { get; init; } = "";

    public string Page { get; init; } = "";

    public string Client { get; init; } = "";

    /// <summary>Since when it goes on, in seconds; for updates and ends.</summary>
    public long Seconds { get; init; }

    public long Bytes { get; init; }

    /// <summary>What was written, where that is what is told.</summary>
    public HookFile? File { get; init; }

    /// <summary>Where the configuration has this told; empty for nowhere.</summary>
    public static string UrlOf(HookKind kind, HooksOptions options) => kind switch
    {
        HookKind.Connect => options.OnConnect,
        HookKind.Publish => options.OnPublish,
        HookKind.PublishDone => options.OnPublishDone,
        HookKind.Play => options.OnPlay,
        HookKind.PlayDone => options.OnPlayDone,
        HookKind.Done => options.OnDone,
        HookKind.UpdatePublish or HookKind.UpdatePlay => options.OnUpdate,
        HookKind.StreamIdle => options.OnStreamIdle,
        HookKind.StreamNotFound => options.OnStreamNotFound,
        HookKind.RecordDone => options.OnRecordDone,
        HookKind.RecordFailed => options.OnRecordFailed,
        HookKind.Hls => options.OnHls,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
