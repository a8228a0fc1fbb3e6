using System;
using System.Collections.Generic;
using Reactor.Server.Configuration.Schema;
using Reactor.Streaming;
using static Reactor.Server.Configuration.Schema.Applies;
using static Reactor.Server.Configuration.Schema.Units;

namespace Reactor.Server.Configuration;

/// <summary>What a second publisher of a live stream's name gets.</summary>
public enum DuplicatePublish
{
    Reject,
    Replace,
}

/// <summary>The publishing side of a live stream: section <c>publish</c>.</summary>
public sealed record PublishOptions
{
    public IReadOnlyList<AddressRange> Allow { get; init; } = [AddressRange.Parse("all")];
    public IReadOnlyList<AddressRange> Deny { get; init; } = [];
    public IReadOnlyList<string> Key { get; init; } = [];
    public DuplicatePublish OnDuplicate { get; init; } = DuplicatePublish.Reject;
    public TimeSpan ReplaceStale { get; init; } = TimeSpan.FromSeconds(3);
    public TimeSpan FirstpktTimeout { get; init; } = TimeSpan.FromSeconds(20);
    public TimeSpan DropIdlePublisher { get; init; } = TimeSpan.FromSeconds(10);
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(30);
    public TimeSpan KickoffForIdle { get; init; }
    public TimeSpan MaxDuration { get; init; }
    public long MaxBitrate { get; init; }
    public int MaxPublishers { get; init; }
    public int MaxMetadata { get; init; } = CodecState.DefaultConfigBytesMax;

    internal static readonly Section<PublishOptions> Keys = new(
        "Publishers.")
    {
        { "allow", Ranges, New,
            o => o.Allow, (o, v) => o with { Allow = v },
            "Who may publish, by address; where allow and deny both fit, the more exact wins." },
        { "deny", Ranges, New,
            o => o.Deny, (o, v) => o with { Deny = v },
            "Who may not; it wins a tie." },
        { "key", Texts, New,
            o => o.Key, (o, v) => o with { Key = v },
            "Keys, one of which publishers must give as ?key=; [] for none." },
        { "on_duplicate", Choice<DuplicatePublish>(), Live,
            o => o.OnDuplicate, (o, v) => o with { OnDuplicate = v },
            "A second publisher of a name is refused, or takes it over." },
        { "replace_stale", Duration("0s", "1d"), Live,
            o => o.ReplaceStale, (o, v) => o with { ReplaceStale = v },
            "A publisher silent for so long is replaced in any case; 0s for never." },
        { "firstpkt_timeout", Duration("0s", "1d"), Live,
            o => o.FirstpktTimeout, (o, v) => o with { FirstpktTimeout = v },
            "From publish to the first media; 0s for ever." },
        { "drop_idle_publisher", Duration("0s", "1d"), Live,
            o => o.DropIdlePublisher, (o, v) => o with { DropIdlePublisher = v },
            "A publisher silent for so long is closed; 0s for never." },
        { "grace", Duration("0s", "1d"), Live,
            o => o.Grace, (o, v) => o with { Grace = v },
            "How long players wait for a publisher to return." },
        { "kickoff_for_idle", Duration("0s", "30d"), Live,
            o => o.KickoffForIdle, (o, v) => o with { KickoffForIdle = v },
            "A publisher that nobody has watched for so long is closed, also while it is "
                + "recorded or pushed; 0s for never." },
        { "max_duration", Duration("0s", "30d"), Live,
            o => o.MaxDuration, (o, v) => o with { MaxDuration = v },
            "How long somebody publishes at once; 0s for ever." },
        { "max_bitrate", Bitrate, Live,
            o => o.MaxBitrate, (o, v) => o with { MaxBitrate = v },
            "A publisher that sends more over 10 s is closed; 0 for any rate." },
        { "max_publishers", Count(0, 10_000_000), Live,
            o => o.MaxPublishers, (o, v) => o with { MaxPublishers = v },
            "Publishers of the app; 0 for any number." },
        { "max_metadata", Size(1 * Kilo, 16 * Mega), Live,
            o => o.MaxMetadata, (o, v) => o with { MaxMetadata = v },
            "Bytes of metadata, or of a decoder configuration; a longer one is left out." },
    };
}
