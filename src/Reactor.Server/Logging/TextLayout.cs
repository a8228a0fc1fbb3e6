using System.Globalization;
using System.Text;
using NLog;
using NLog.Config;
using NLog.Layouts;

namespace Reactor.Server.Logging;

/// <summary>A line for people: <c>2026-11-20 11:45:00.123 INFO  message</c>.</summary>
/// <remarks>
/// The time is local.
/// An exception follows on lines that are indented, so that no text of a peer can pass for a
/// line of the log. In code rather than in NLog's own language: trimming cannot lose it.
/// </remarks>
[ThreadAgnostic]
public sealed class TextLayout : Layout
{
    protected override string GetFormattedMessage(LogEventInfo logEvent)
    {
        var line = new StringBuilder();
        RenderFormattedMessage(logEvent, line);
        return line.ToString();
    }

    protected override void RenderFormattedMessage(LogEventInfo logEvent, StringBuilder target)
    {
        var level = logEvent.Level.Name.ToUpperInvariant();
        target.Append(
            CultureInfo.InvariantCulture,
            $"{logEvent.TimeStamp:yyyy-MM-dd HH:mm:ss.fff} {level,-5} ");
        SafeText.Append(target, logEvent.FormattedMessage);
        if (logEvent.Exception is null)
            return;
        foreach (var line in logEvent.Exception.ToString().Split('\n'))
        {
            target.Append("\n    ");
            SafeText.Append(target, line.TrimEnd('\r'));
        }
    }
}
