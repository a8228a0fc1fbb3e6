using System;
using System.Buffers;
using System.Globalization;
using System.Text;

namespace Reactor.Server.Control;

/// <summary>Writes the text format of Prometheus, version 0.0.4.</summary>
/// <param name="bytes">Where it goes, as UTF-8.</param>
internal sealed class MetricsText(IBufferWriter<byte> bytes)
{
    private const int NumberBytesMax = 32;
    private const double WholeMax = 1e15;       // beyond it doubles are written with an exponent

    /// <summary>Begins a metric; its samples follow.</summary>
    /// <param name="name">Its name without the prefix, unit and total last.</param>
    /// <param name="type">counter, gauge or histogram.</param>
    /// <param name="help">A sentence, in one line.</param>
    public MetricsText Begin(string name, string type, string help)
    {
        Text($"# HELP reactor_{name} {help}\n# TYPE reactor_{name} {type}\n");
        return this;
    }

    /// <summary>One sample, with labels in pairs of name and value.</summary>
    public MetricsText Sample(string name, double value, params ReadOnlySpan<string> labels)
    {
        Text("reactor_");
        Text(name);
        for (var i = 0; i + 1 < labels.Length; i += 2)
        {
            Text(i == 0 ? "{" : ",");
            Text(labels[i]);
            Text("=\"");
            Text(Escaped(labels[i + 1]));
            Text("\"");
        }
        Text(labels.Length > 1 ? "} " : " ");
        Number(value);
        Text("\n");
        return this;
    }

    /// <summary>A metric with one sample.</summary>
    public MetricsText One(string name, string type, string help, double value) =>
        Begin(name, type, help).Sample(name, value);

    private static string Escaped(string value) =>
        value.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");

    private void Text(string text) => Encoding.UTF8.GetBytes(text, bytes);

    private void Number(double value)
    {
        var span = bytes.GetSpan(NumberBytesMax);
        var isWhole = Math.Abs(value) < WholeMax && value == Math.Floor(value);
        var length = 0;
        _ = isWhole
            ? ((long)value).TryFormat(span, out length, default, CultureInfo.InvariantCulture)
            : value.TryFormat(span, out length, "R", CultureInfo.InvariantCulture);
        bytes.Advance(length);
    }
}
