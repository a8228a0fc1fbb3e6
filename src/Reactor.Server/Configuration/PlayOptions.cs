using System;
using System.Collections.Generic;
using Reactor.Server.Configuration.Schema;
using static Reactor.Server.Configuration.Schema.Applies;
using static Reactor.Server.Configuration.Schema.Units;

namespace Reactor.Server.Configuration;

/// <summary>What a player that joins is sent first.</summary>
public enum StartAt
{
    Gop,
    Key,
    Now,
}

/// <summary>What gives way when a player's outbox is full.</summary>
public enum QueuePolicy
{
    DropGop,
    DropInter,
    Close,
}

/// <summary>How the time line that a player sees begins and is repaired.</summary>
public enum TimeJitter
{
    Full,
    Zero,
    Off,
}

public enum MetadataMode
{
    On,
    Off,
}

/// <summary>The playing side of a live stream: section <c>play</c>.</summary>
public sealed record PlayOptions
{
    public IReadOnlyList<AddressRange> Allow { get; init; } = [AddressRange.Parse("all")];
    public IReadOnlyList<AddressRange> Deny { get; init; } = [];
    public IReadOnlyList<string> Key { get; init; } = [];
    public IReadOnlyList<string> Refer { get; init; } = [];
    public bool IdleStreams { get; init; } = true;
    public TimeSpan WaitTimeout { get; init; } = TimeSpan.FromSeconds(30);
    public bool GopCache { get; init; } = true;
    public int GopNum { get; init; } = 1;
    public int GopCacheMaxFrames { get; init; } = 2500;
    public int GopCacheMaxSize { get; init; } = 16 * Mega;
    public StartAt StartAt { get; init; } = StartAt.Gop;
    public TimeSpan QueueLength { get; init; } = TimeSpan.FromSeconds(10);
    public int QueueSize { get; init; } = 8 * Mega;
    public QueuePolicy QueuePolicy { get; init; } = QueuePolicy.DropGop;
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(10);
    public TimeJitter TimeJitter { get; init; } = TimeJitter.Full;
    public bool PublishNotify { get; init; } = true;
    public MetadataMode Metadata { get; init; } = MetadataMode.On;
    public int MaxPlayers { get; init; }
    public int MaxAppPlayers { get; init; }
    public long MaxBandwidth { get; init; }

    internal static readonly Section<PlayOptions> Keys = new(
        "Players.")
    {
        { "allow", Ranges, New,
            o => o.Allow, (o, v) => o with { Allow = v },
            "Who may play, by address; where allow and deny both fit, the more exact wins." },
        { "deny", Ranges, New,
            o => o.Deny, (o, v) => o with { Deny = v },
            "Who may not; it wins a tie." },
        { "key", Texts, New,
            o => o.Key, (o, v) => o with { Key = v },
            "Keys, one of which players must give as ?key=; [] for none." },
        { "refer", Texts, New,
            o => o.Refer, (o, v) => o with { Refer = v },
            "Hosts of the pages that may play, parts of them included; \"none\" for players "
                + "without a page; [] for all." },
        { "idle_streams", Flag, New,
            o => o.IdleStreams, (o, v) => o with { IdleStreams = v },
            "A stream without a publisher may be waited for, or is not found." },
        { "wait_timeout", Duration("0s", "1d"), Live,
            o => o.WaitTimeout, (o, v) => o with { WaitTimeout = v },
            "A player that gets no media for so long is closed; 0s for never." },
        { "gop_cache", Flag, Live,
            o => o.GopCache, (o, v) => o with { GopCache = v },
            "Keeps the last GOP, so that a joiner has a picture at once." },
        { "gop_num", Count(1, 100), Live,
            o => o.GopNum, (o, v) => o with { GopNum = v },
            "GOPs that are kept." },
        { "gop_cache_max_frames", Count(1, 1_000_000), Live,
            o => o.GopCacheMaxFrames, (o, v) => o with { GopCacheMaxFrames = v },
            "Messages kept of a stream at most." },
        { "gop_cache_max_size", Size(64 * Kilo, 1 * Giga), Live,
            o => o.GopCacheMaxSize, (o, v) => o with { GopCacheMaxSize = v },
            "Bytes kept of a stream at most." },
        { "start_at", Choice<StartAt>(), New,
            o => o.StartAt, (o, v) => o with { StartAt = v },
            "A joiner starts with the kept GOP, the next keyframe, or at once." },
        { "queue_length", Duration("100ms", "1h"), Live,
            o => o.QueueLength, (o, v) => o with { QueueLength = v },
            "How far a player may lag." },
        { "queue_size", Size(64 * Kilo, 1 * Giga), Live,
            o => o.QueueSize, (o, v) => o with { QueueSize = v },
            "How many bytes a player may lag." },
        { "queue_policy", Choice<QueuePolicy>(), Live,
            o => o.QueuePolicy, (o, v) => o with { QueuePolicy = v },
            "A player that lags loses the rest of the GOP, single frames, or the connection." },
        { "send_timeout", Duration("1s", "1h"), Live,
            o => o.SendTimeout, (o, v) => o with { SendTimeout = v },
            "A player that takes no byte for so long is closed." },
        { "time_jitter", Choice<TimeJitter>(), New,
            o => o.TimeJitter, (o, v) => o with { TimeJitter = v },
            "Time is repaired and starts at 0, only starts at 0, or is left as it is." },
        { "publish_notify", Flag, Live,
            o => o.PublishNotify, (o, v) => o with { PublishNotify = v },
            "Tells players when the publisher comes and goes." },
        { "metadata", Choice<MetadataMode>(), Live,
            o => o.Metadata, (o, v) => o with { Metadata = v },
            "Sends onMetaData to players." },
        { "max_players", Count(0, 10_000_000), Live,
            o => o.MaxPlayers, (o, v) => o with { MaxPlayers = v },
            "Players of a stream; 0 for any number." },
        { "max_app_players", Count(0, 10_000_000), Live,
            o => o.MaxAppPlayers, (o, v) => o with { MaxAppPlayers = v },
            "Players of all streams of the app; 0 for any number." },
        { "max_bandwidth", Bitrate, Live,
            o => o.MaxBandwidth, (o, v) => o with { MaxBandwidth = v },
            "While so much is sent to the app's players, over the last 5 s, new ones are refused; "
                + "0 for no bound." },
    };
}
