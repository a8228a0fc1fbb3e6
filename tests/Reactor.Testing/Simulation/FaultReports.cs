using System;
using NLog;
using NLog.Config;
using NLog.Targets;

namespace Reactor.Testing.Simulation;

/// <summary>Counts what the server reports of its own faults.</summary>
/// <remarks>A world's server logs in the world's thread, so each thread has its own count.
/// </remarks>
internal static class FaultReports
{
    private static readonly Counter Target = new() { Name = "faults" };

    [ThreadStatic]
    private static int _count;

    /// <summary>Hears of faults from now on, beside whoever else does.</summary>
    public static void Listen()
    {
        _count = 0;
        var configuration = LogManager.Configuration ?? new LoggingConfiguration();
        if (configuration.AllTargets.Contains(Target))
            return;
        configuration.AddRule(LogLevel.Error, LogLevel.Fatal, Target);
        LogManager.Configuration = configuration;
    }

    /// <summary>How many there were since the last time.</summary>
    public static int Take()
    {
        var count = _count;
        _count = 0;
        return count;
    }

    private sealed class Counter : Target
    {
        protected override void Write(LogEventInfo logEvent) =>
            _count += logEvent.Exception is null ? 0 : 1;
    }
}
