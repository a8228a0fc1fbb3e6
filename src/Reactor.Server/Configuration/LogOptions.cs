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
}
