using System;
using System.IO;
using System.Text;
using System.Threading;
using NLog;
using NLog.Config;
using NLog.Layouts;
using NLog.Targets;
using NLog.Targets.Wrappers;
using Reactor.Server.Configuration;

namespace Reactor.Server.Logging;

/// <summary>Turns NLog on and off; in code, for there is no second file to configure.</summary>
public static class LogSetup
{
    private static readonly TimeSpan FlushWithin = TimeSpan.FromSeconds(2);
    private static readonly Lock Setting = new();
    private static LogOptions _options = new();
    private static long _dropped;

    /// <summary>Opens the log file once, for NLog would fail in silence.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static void Probe(LogOptions options)
    {
        if (options.File.Length == 0)
            return;
        try
        {
            File.AppendAllText(options.File, "");
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new IOException(denied.Message, denied);
        }
    }

    public static void Start(LogOptions options)
    {
        _options = options;
        Layout layout = options.Format == LogFormat.Json ? new JsonLayout() : new TextLayout();
        Target target = options.File.Length == 0
            ? new ConsoleTarget("stderr") { StdErr = true, Layout = layout }
            : new FileTarget("file")
            {
                // NLog would look for it beside the program, and not where it was started.
                FileName = Layout.FromLiteral(Path.GetFullPath(options.File)),
                Layout = layout,
                Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
                KeepFileOpen = true,
            };
        if (target is FileTarget file && options.MaxSize > 0)
            PutAside(file, options);
        Start(target, options);
    }

    /// <summary>
    /// <c>reactor.log</c> stays what is written to; <c>reactor.7.log</c> is newer than 6.
    /// </summary>
    private static void PutAside(FileTarget file, LogOptions options)
    {
        file.ArchiveAboveSize = options.MaxSize;
        file.MaxArchiveFiles = options.Keep;
        file.ArchiveFileName = file.FileName;
        file.ArchiveSuffixFormat = ".{0}";
    }

    /// <summary>The same with a target of the caller's.</summary>
    public static void Start(Target target, LogOptions options)
    {
        var queue = new AsyncTargetWrapper(
            target, options.MaxLines, AsyncTargetWrapperOverflowAction.Discard);
        queue.LogEventDropped += (_, _) => Interlocked.Increment(ref _dropped);

        var configuration = new LoggingConfiguration();
        configuration.AddRule(LevelOf(options.Level), LogLevel.Fatal, queue);
        LogManager.Configuration = configuration;
    }

    /// <summary>Lines that were dropped because the queue was full; from any thread.</summary>
    public static long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Another level, form or file, from now on. Not on the loop: it may block.</summary>
    public static void Reload(LogOptions options)
    {
        lock (Setting)
        {
            if (options with { Level = _options.Level } != _options)
            {
                Restart(options);
                return;
            }
            _options = options;
            foreach (var rule in LogManager.Configuration?.LoggingRules ?? [])
                rule.SetLoggingLevels(LevelOf(options.Level), LogLevel.Fatal);
            LogManager.ReconfigExistingLoggers();
        }
    }

    /// <summary>Opens the file anew, for somebody has moved it away. Not on the loop.</summary>
    public static void Reopen()
    {
        lock (Setting)
            Restart(_options);
    }

    private static void Restart(LogOptions options)
    {
        LogManager.Flush(FlushWithin);
        Start(options);
    }

    /// <summary>Writes out what is queued, for two seconds at most.</summary>
    public static void Stop()
    {
        LogManager.Flush(FlushWithin);
        LogManager.Shutdown();
    }

    private static LogLevel LevelOf(LogSeverity severity) => severity switch
    {
        LogSeverity.Trace => LogLevel.Trace,
        LogSeverity.Debug => LogLevel.Debug,
        LogSeverity.Info => LogLevel.Info,
        LogSeverity.Warn => LogLevel.Warn,
        _ => LogLevel.Error,
    };
}
