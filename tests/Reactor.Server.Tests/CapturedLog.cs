using System;
using System.Collections.Generic;
using NLog;
using NLog.Config;
using NLog.Targets;

namespace Reactor.Server.Tests;

/// <summary>The lines of the log, from here until it is disposed of, and nowhere else.</summary>
/// <remarks>There is one log in the process: its tests run by themselves.</remarks>
internal sealed class CapturedLog : IDisposable
{
    private readonly LoggingConfiguration? _before = LogManager.Configuration;
    private readonly LoggingConfiguration _rules = new();
    private readonly MemoryTarget _lines = new()
    {
        Layout = "${level} ${message} ${exception:format=tostring}",
    };

    /// <param name="least">The least that is a line.</param>
    public CapturedLog(LogLevel least)
    {
        _rules.AddRule(least, LogLevel.Fatal, _lines);
        LogManager.Configuration = _rules;
    }

    public IList<string> Lines => _lines.Logs;

    /// <summary>The first line of information in which this stands cannot be written.</summary>
    public void FailAt(string words, Exception fault)
    {
        _rules.AddRule(LogLevel.Info, LogLevel.Warn, new FailingTarget(words, fault));
        LogManager.ThrowExceptions = true;
        LogManager.Configuration = _rules;
    }

    public void Dispose()
    {
        LogManager.ThrowExceptions = false;
        LogManager.Configuration = _before;
        _lines.Dispose();
    }

    private sealed class FailingTarget(string words, Exception fault) : TargetWithLayout
    {
        private bool _hasFailed;

        protected override void Write(LogEventInfo logEvent)
        {
            if (_hasFailed || !logEvent.FormattedMessage.Contains(words, StringComparison.Ordinal))
                return;
            _hasFailed = true;
            throw fault;
        }
    }
}
