using System;
using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using NLog;
using NLog.Config;

namespace Reactor.Server.Logging;

/// <summary>An object a line: time (UTC), level, message, then the message's own fields.</summary>
/// <remarks>Fields are PascalCase as in the code; so none collides with ours.</remarks>
[ThreadAgnostic]
public sealed class JsonLayout : NLog.Layouts.Layout
{
    // Beyond ASCII as it is, but control characters are escaped by every encoder.
    private static readonly JsonWriterOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    protected override string GetFormattedMessage(LogEventInfo logEvent)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line, Plain))
            Write(json, logEvent);
        return Encoding.UTF8.GetString(line.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, LogEventInfo logEvent)
    {
        json.WriteStartObject();
        json.WriteString("time", logEvent.TimeStamp.ToUniversalTime());
        json.WriteString("level", logEvent.Level.Name.ToLowerInvariant());
        json.WriteString("message", logEvent.FormattedMessage);
        if (logEvent.HasProperties)
        {
            foreach (var (name, value) in logEvent.Properties)
                WriteField(json, $"{name}", value);
        }
        if (logEvent.Exception is not null)
            json.WriteString("exception", logEvent.Exception.ToString());
        json.WriteEndObject();
    }

    private static void WriteField(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNull(name);
                break;
            case bool truth:
                json.WriteBoolean(name, truth);
                break;
            case int or long or uint or ushort or byte:
                json.WriteNumber(name, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double number when double.IsFinite(number):
                json.WriteNumber(name, number);
                break;
            default:
                json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}
