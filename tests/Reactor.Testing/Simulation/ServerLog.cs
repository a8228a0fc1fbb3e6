using System;
using NLog;
using NLog.Config;
using NLog.Targets;

namespace Reactor.Testing.Simulation;

/// <summary>The server's own log lines, put among the events of a trace.</summary>
/// <remarks>Slow, so it is asked for only when a history is to be read.</remarks>
internal sealed class ServerLog : TargetWithLayout, IDisposable
{
    private readonly Trace _trace;
    private readonly LoggingConfiguration? _before;

    public ServerLog(Trace trace)
    {
        _trace = trace;
        Name = "simulation";
        Layout = "${level} ${message} ${exception}";
        _before = LogManager.Configuration;
        var configuration = new LoggingConfiguration();
        configuration.AddRule(LogLevel.Debug, LogLevel.Fatal, this);
        LogManager.Configuration = configuration;
    }

    void IDisposable.Dispose() => LogManager.Configuration = _before;

    protected override void Write(LogEventInfo logEvent) =>
        _trace.Tell(RenderLogEvent(Layout, logEvent));
}
