using System;
using System.Globalization;
using System.Text;

namespace Reactor.Server.Control;

/// <summary>Writes the text format of Prometheus, version 0.0.4.</summary>
internal sealed class MetricsText
{
    private readonly StringBuilder _text = new(8192);

    /// <summary>Begins a metric; its samples follow.</summary>
    /// <param name="name">Its name without the prefix, unit and total last.</param>
    /// <param name="type">counter, gauge or histogram.</param>
    /// <param name="help">A sentence, in one line.</param>
    public MetricsText Begin(string name, string type, string help)
    {
        _text.Append("# HELP reactor_").Append(name).Append(' ').Append(help).Append('\n');
        _text.Append("# TYPE reactor_").Append(name).Append(' ').Append(type).Append('\n');
        return this;
    }

    /// <summary>One sample, with labels in pairs of name and value.</summary>
    public MetricsText Sample(string name, double value, params ReadOnlySpan<string> labels)
    {
        _text.Append("reactor_").Append(name);
        for (var i = 0; i + 1 < labels.Length; i += 2)
        {
            _text.Append(i == 0 ? '{' : ',').Append(labels[i]).Append("=\"");
            AppendValue(labels[i + 1]);
            _text.Append('"');
        }
        if (labels.Length > 1)
            _text.Append('}');
        _text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
        return this;
    }

    /// <summary>A metric with one sample.</summary>
    public MetricsText One(string name, string type, string help, double value) =>
        Begin(name, type, help).Sample(name, value);

    public override string ToString() => _text.ToString();

    private void AppendValue(string value)
    {
        foreach (var letter in value)
        {
            _ = letter switch
            {
                '\\' => _text.Append("\\\\"),
                '"' => _text.Append("\\\""),
                '\n' => _text.Append("\\n"),
                _ => _text.Append(letter),
            };
        }
    }
}
