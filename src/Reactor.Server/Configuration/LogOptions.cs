using Reactor.Server.Configuration.Schema;
using static Reactor.Server.Configuration.Schema.Applies;
using static Reactor.Server.Configuration.Schema.Units;

namespace Reactor.Server.Configuration;

public enum LogSeverity
{
    Trace,
    Debug,
    Info,
    Warn,
    Error,
}

public enum LogFormat
{
    Text,
    Json,
}

/// <summary>Where and how the log is written: section <c>log</c>.</summary>
public sealed record LogOptions
{
    public LogSeverity Level { get; init; } = LogSeverity.Info;
    public LogFormat Format { get; init; } = LogFormat.Text;
    public string File { get; init; } = "";
    public long MaxSize { get; init; }
    public int Keep { get; init; } = 7;
    public int MaxLines { get; init; } = 10_000;

    internal static readonly Section<LogOptions> Keys = new(
        "The log.")
    {
        { "level", Choice<LogSeverity>(), Live,
            o => o.Level, (o, v) => o with { Level = v },
            "The least severity that is written." },
        { "format", Choice<LogFormat>(), Live,
            o => o.Format, (o, v) => o with { Format = v },
            "Lines for people, or a JSON object a line." },
        { "file", Text, Live,
            o => o.File, (o, v) => o with { File = v },
            "A file to append to; empty for standard error. After reactor -s reopen, or SIGUSR1, "
                + "it is opened anew." },
        { "max_size", Size(0, 1L << 40), Live,
            o => o.MaxSize, (o, v) => o with { MaxSize = v },
            "A file that has become so large is put aside as NAME.NUMBER.log, and begun anew; "
                + "0: it grows, as logrotate expects it." },
        { "keep", Count(1, 1000), Live,
            o => o.Keep, (o, v) => o with { Keep = v },
            "How many files that were put aside for max_size stay; the oldest goes." },
        { "max_lines", Count(100, 10_000_000), Live,
            o => o.MaxLines, (o, v) => o with { MaxLines = v },
            "Lines that may wait to be written; a log that falls behind loses lines, never time." },
    };
}
