using System;
using Reactor.Server.Configuration.Schema;
using Reactor.Server.Storage;
using static Reactor.Server.Configuration.Schema.Applies;
using static Reactor.Server.Configuration.Schema.Units;

namespace Reactor.Server.Configuration;

/// <summary>What of a stream is recorded, and whether by itself.</summary>
public enum RecordMode
{
    Off,
    All,
    Audio,
    Video,
    Keyframes,

    /// <summary>Everything, when somebody says so.</summary>
    Manual,
}

/// <summary>What a recording is written as.</summary>
public enum RecordFormat
{
    Flv,

    /// <summary>Fragmented MP4.</summary>
    Fmp4,
}

/// <summary>An item of <c>record</c>: one recorder of each stream.</summary>
public sealed record RecordOptions
{
    private const string DefaultPath = "record/{app}/{stream}_{unix}.{ext}";

    public string Name { get; init; } = "";
    public RecordMode Record { get; init; } = RecordMode.All;
    public RecordFormat Format { get; init; } = RecordFormat.Flv;
    public PathTemplate RecordPath { get; init; } = PathTemplate.TryParse(DefaultPath, out _)!;
    public bool RecordUnique { get; init; }
    public bool RecordAppend { get; init; }
    public TimeSpan RecordInterval { get; init; }
    public long RecordMaxSize { get; init; }
    public int RecordMaxFrames { get; init; }
    public bool RecordNotify { get; init; }
    public bool WaitKey { get; init; } = true;
    public int MaxBacklog { get; init; } = 16 * Mega;
    public TimeSpan Part { get; init; } = TimeSpan.FromSeconds(1);
    public long MinFree { get; init; } = Giga;
    public TimeSpan DeleteAfter { get; init; }

    /// <summary>What <c>{ext}</c> is.</summary>
    internal string Extension => Format == RecordFormat.Fmp4 ? "mp4" : "flv";

    internal static readonly Section<RecordOptions> Keys = new("A recorder.")
    {
        { "name", Text, New,
            o => o.Name, (o, v) => o with { Name = v },
            "What the API calls it." },
        { "record", Choice<RecordMode>(), New,
            o => o.Record, (o, v) => o with { Record = v },
            "What is recorded; manual is everything, once the API says so." },
        { "format", Choice<RecordFormat>(), New,
            o => o.Format, (o, v) => o with { Format = v },
            "flv, or fmp4 (NAME.mp4) for browsers and editors; both play after kill -9." },
        { "record_path", Template, New,
            o => o.RecordPath, (o, v) => o with { RecordPath = v },
            "Where to: {app}, {stream}, {unix}, {ext}, and the date by %Y %m %d %H %M %S." },
        { "record_unique", Flag, New,
            o => o.RecordUnique, (o, v) => o with { RecordUnique = v },
            "Puts -UNIXTIME before the ending, where record_path tells files apart by no time." },
        { "record_append", Flag, New,
            o => o.RecordAppend, (o, v) => o with { RecordAppend = v },
            "Writes on behind the end of the recording of that name, if there is one, without a "
                + "gap in time." },
        { "record_interval", Duration("0s", "30d"), New,
            o => o.RecordInterval, (o, v) => o with { RecordInterval = v },
            "Begins another file after so long, at a keyframe; 0s for never." },
        { "record_max_size", Size(0L, 1024L * Giga), New,
            o => o.RecordMaxSize, (o, v) => o with { RecordMaxSize = v },
            "Begins another file after so many bytes, at a keyframe; 0 for never." },
        { "record_max_frames", Count(0, int.MaxValue), New,
            o => o.RecordMaxFrames, (o, v) => o with { RecordMaxFrames = v },
            "Begins another file after so many pictures, at a keyframe; 0 for never." },
        { "record_notify", Flag, New,
            o => o.RecordNotify, (o, v) => o with { RecordNotify = v },
            "Tells the publisher of each file by NetStream.Record.Start, Stop and Failed." },
        { "wait_key", Flag, New,
            o => o.WaitKey, (o, v) => o with { WaitKey = v },
            "The picture begins at a keyframe." },
        { "part", Duration("100ms", "10s"), New,
            o => o.Part, (o, v) => o with { Part = v },
            "What is lost at most when the server is killed." },
        { "max_backlog", Size(64 * Kilo, 1 * Giga), New,
            o => o.MaxBacklog, (o, v) => o with { MaxBacklog = v },
            "Bytes that may wait for a slow disk; then the recording ends, and is tried again." },
        { "min_free", Size(0L, 1024L * Giga), New,
            o => o.MinFree, (o, v) => o with { MinFree = v },
            "Records nothing while less than this is free; with delete_after, the oldest "
                + "recordings are deleted first, where that is enough." },
        { "delete_after", Duration("0s", "3650d"), New,
            o => o.DeleteAfter, (o, v) => o with { DeleteAfter = v },
            "Deletes recordings that old; 0s keeps them, also where min_free is reached." },
    };
}
