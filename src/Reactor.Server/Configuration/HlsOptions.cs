using System;
using Reactor.Server.Configuration.Schema;
using static Reactor.Server.Configuration.Schema.Applies;
using static Reactor.Server.Configuration.Schema.Units;

namespace Reactor.Server.Configuration;

/// <summary>Where the segments of HLS are.</summary>
public enum HlsStore
{
    /// <summary>In memory alone.</summary>
    Memory,

    /// <summary>In memory, and as files for a server in front.</summary>
    Disk,
}

/// <summary>What viewers of HLS are given.</summary>
public enum HlsType
{
    /// <summary>Segments of a transport stream, which everything plays.</summary>
    Ts,

    /// <summary>Segments of fragmented MP4, which carry more codecs.</summary>
    Fmp4,

    /// <summary>The same in low latency: parts can be fetched while a segment is made.</summary>
    Ll,
}

/// <summary>Where segments of HLS begin.</summary>
public enum HlsSlicing
{
    /// <summary>Where the one before it is long enough.</summary>
    Plain,

    /// <summary>By the publisher's clock, alike at two servers that have the same publisher.
    /// </summary>
    Aligned,
}

/// <summary>HLS of a live stream: section <c>hls</c>.</summary>
public sealed record HlsOptions
{
    public bool Enabled { get; init; } = true;
    public bool OnDemand { get; init; } = true;
    public HlsType Type { get; init; }
    public TimeSpan HlsPart { get; init; } = TimeSpan.FromMilliseconds(200);
    public TimeSpan HlsFragment { get; init; } = TimeSpan.FromSeconds(2);
    public HlsSlicing HlsFragmentSlicing { get; init; }
    public TimeSpan HlsMaxFragment { get; init; } = TimeSpan.FromSeconds(10);
    public TimeSpan AudioOnlyFragment { get; init; } = TimeSpan.FromSeconds(4);
    public TimeSpan TrackWait { get; init; } = TimeSpan.FromSeconds(2);
    public int HlsWindow { get; init; } = 6;
    public int DeleteThreshold { get; init; } = 2;
    public int HlsMaxSize { get; init; } = 64 * Mega;
    public TimeSpan HlsDispose { get; init; } = TimeSpan.FromSeconds(60);
    public bool HlsKeepAfterEnd { get; init; }
    public HlsStore Store { get; init; }
    public string Path { get; init; } = "hls";
    public bool HlsCleanup { get; init; } = true;

    /// <summary>
    /// Whether it begins with the first request; whoever reads files asks nobody here.
    /// </summary>
    internal bool IsOnDemand => OnDemand && Store == HlsStore.Memory;

    /// <summary>Whether two servers are to make the same segments; parts they would not.</summary>
    internal bool IsAligned => HlsFragmentSlicing == HlsSlicing.Aligned && Type != HlsType.Ll;

    internal static readonly Section<HlsOptions> Keys = new(
        "HLS: http://HOST:7002/APP/STREAM.m3u8")
    {
        { "enabled", Flag, New,
            o => o.Enabled, (o, v) => o with { Enabled = v },
            "Plays HLS." },
        { "on_demand", Flag, New,
            o => o.OnDemand, (o, v) => o with { OnDemand = v },
            "Segments are made from the first request on; off makes them always, and so does "
                + "store disk." },
        { "type", Choice<HlsType>(), New,
            o => o.Type, (o, v) => o with { Type = v },
            "ts: segments of a transport stream. fmp4: of fragmented MP4, for AV1, VP9, Opus, "
                + "FLAC, AC-3 and E-AC-3 too. ll: the same in low latency, in parts that can be "
                + "fetched while they are made; files have whole segments alone." },
        { "hls_part", Duration("100ms", "2s"), New,
            o => o.HlsPart, (o, v) => o with { HlsPart = v },
            "With type ll, how long a part is at least: as many whole frames as it takes." },
        { "hls_fragment", Duration("1s", "1m"), New,
            o => o.HlsFragment, (o, v) => o with { HlsFragment = v },
            "A segment ends at the first keyframe after so long." },
        { "hls_fragment_slicing", Choice<HlsSlicing>(), New,
            o => o.HlsFragmentSlicing, (o, v) => o with { HlsFragmentSlicing = v },
            "aligned: two servers that one encoder sends the same to, or that are restarted, make "
                + "segments of the same names, times and bytes; hls_fragment is then a multiple "
                + "of the keyframe interval, and holds for sound alone too. Not with type ll." },
        { "hls_max_fragment", Duration("2s", "5m"), New,
            o => o.HlsMaxFragment, (o, v) => o with { HlsMaxFragment = v },
            "Where no keyframe comes, a segment ends after so long all the same." },
        { "audio_only_fragment", Duration("1s", "1m"), New,
            o => o.AudioOnlyFragment, (o, v) => o with { AudioOnlyFragment = v },
            "A segment of sound alone ends after so long." },
        { "track_wait", Duration("0s", "10s"), New,
            o => o.TrackWait, (o, v) => o with { TrackWait = v },
            "How long a track that has not come yet is waited for." },
        { "hls_window", Count(3, 100), New,
            o => o.HlsWindow, (o, v) => o with { HlsWindow = v },
            "Segments in the playlist." },
        { "delete_threshold", Count(0, 100), New,
            o => o.DeleteThreshold, (o, v) => o with { DeleteThreshold = v },
            "Segments that can be fetched beyond those that RFC 8216 keeps after they left the "
                + "playlist." },
        { "hls_max_size", Size(1 * Mega, 1 * Giga), New,
            o => o.HlsMaxSize, (o, v) => o with { HlsMaxSize = v },
            "Bytes of a stream's segments; beyond it the oldest go." },
        { "hls_dispose", Duration("1s", "1d"), New,
            o => o.HlsDispose, (o, v) => o with { HlsDispose = v },
            "How long after the last request segments are forgotten: of a stream that has "
                + "ended, and on demand of any." },
        { "hls_keep_after_end", Flag, New,
            o => o.HlsKeepAfterEnd, (o, v) => o with { HlsKeepAfterEnd = v },
            "A stream that has ended keeps its last segments until it is published again." },
        { "store", Choice<HlsStore>(), New,
            o => o.Store, (o, v) => o with { Store = v },
            "disk writes segments into files as well: PATH/APP/STREAM/index.m3u8." },
        { "path", Folder, New,
            o => o.Path, (o, v) => o with { Path = v },
            "Where these files go." },
        { "hls_cleanup", Flag, New,
            o => o.HlsCleanup, (o, v) => o with { HlsCleanup = v },
            "Deletes files of streams that have ended, also those that an earlier run left." },
    };
}
