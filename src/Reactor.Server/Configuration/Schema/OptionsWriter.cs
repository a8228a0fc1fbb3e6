using System.Collections.Generic;
using System.Text;

namespace Reactor.Server.Configuration.Schema;

/// <summary>Writes settings as JSON, one a line, with a comment above each when asked to.</summary>
/// <param name="annotated">False leaves the comments out: plain JSON for other programs.</param>
internal sealed class OptionsWriter(bool annotated)
{
    private readonly StringBuilder _text = new();
    private int _depth;
    private bool _isFirst = true;

    // End of the last line of JSON: the comma goes there, once something follows.
    private int _end;

    public override string ToString() => _text.ToString();

    /// <summary>Opens an object; the outermost has no name.</summary>
    public void Begin(string name, string about)
    {
        Next(about);
        Line(name.Length == 0 ? "{" : $"\"{name}\": {{");
        _depth++;
        _isFirst = true;
    }

    public void End()
    {
        _depth--;
        Line("}");
        _isFirst = false;
    }

    public void Value(string name, string json, string about)
    {
        Next(about);
        Line($"\"{name}\": {json}");
        _isFirst = false;
    }

    /// <summary>A list with an item a line.</summary>
    public void Items(string name, IReadOnlyList<string> items, string about)
    {
        if (items.Count == 0)
        {
            Value(name, "[]", about);
            return;
        }
        Next(about);
        Line($"\"{name}\": [");
        _depth++;
        for (var i = 0; i < items.Count; i++)
            Line(i < items.Count - 1 ? $"{items[i]}," : items[i]);
        _depth--;
        Line("]");
        _isFirst = false;
    }

    /// <summary>Shows an object that is not there, and means something by that.</summary>
    public void Absent(string name, string about)
    {
        Comment(about);
        Comment($"\"{name}\": {{}}");
    }

    private void Next(string about)
    {
        if (!_isFirst)
            _text.Insert(_end, ',');
        Comment(about);
    }

    private void Line(string text)
    {
        _text.Append(' ', 2 * _depth).Append(text);
        _end = _text.Length;
        _text.Append('\n');
    }

    private void Comment(string text)
    {
        if (annotated)
            _text.Append(' ', 2 * _depth).Append("// ").Append(text).Append('\n');
    }
}
