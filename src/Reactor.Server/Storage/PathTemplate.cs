using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Reactor.Server.Storage;

/// <summary>What is filled into a <see cref="PathTemplate"/>.</summary>
/// <param name="App">As the network named it.</param>
/// <param name="Stream">As the network named it.</param>
/// <param name="Extension">Without its dot.</param>
/// <param name="At">In the zone that the names are to show.</param>
public readonly record struct PathFields(
    string App, string Stream, string Extension, DateTimeOffset At);

/// <summary>A path of the configuration with places to fill in.</summary>
/// <remarks>
/// <c>{app} {stream} {unix} {ext}</c>, and of the date <c>%Y %m %d %H %M %S %%</c>. What comes
/// from the network is escaped by <see cref="SafeName"/>, so it never makes another folder.
/// </remarks>
public sealed class PathTemplate
{
    private delegate void Part(StringBuilder path, in PathFields fields);

    private static readonly Dictionary<string, Part> Fields = new()
    {
        ["app"] = (StringBuilder p, in PathFields f) => p.Append(SafeName.Of(f.App)),
        ["stream"] = (StringBuilder p, in PathFields f) => p.Append(SafeName.Of(f.Stream)),
        ["ext"] = (StringBuilder p, in PathFields f) => p.Append(f.Extension),
        ["unix"] = (StringBuilder p, in PathFields f) => p.Append(f.At.ToUnixTimeSeconds()),
    };

    private static readonly Dictionary<char, Part> DateFields = new()
    {
        ['Y'] = DatePart("yyyy"),
        ['m'] = DatePart("MM"),
        ['d'] = DatePart("dd"),
        ['H'] = DatePart("HH"),
        ['M'] = DatePart("mm"),
        ['S'] = DatePart("ss"),
        ['%'] = (StringBuilder p, in PathFields _) => p.Append('%'),
    };

    private readonly List<Part> _parts = [];
    private readonly List<(string Literal, string Field)> _pieces = [];
    private readonly string _text;

    private PathTemplate(string text) => _text = text;

    /// <summary>What it consists of: literal text, or the name of what is filled in.</summary>
    /// <remarks>The fields of the date go by their letter.</remarks>
    public IReadOnlyList<(string Literal, string Field)> Pieces => _pieces;

    /// <summary>Reads a template.</summary>
    /// <param name="text">As the operator wrote it.</param>
    /// <param name="error">What is wrong with it; null when nothing is.</param>
    /// <returns>Null when something is wrong.</returns>
    public static PathTemplate? TryParse(string text, out string? error)
    {
        var template = new PathTemplate(text);
        error = text.Length == 0 ? "a path" : null;
        for (var at = 0; at < text.Length && error is null;)
            error = template.TakePart(ref at);
        return error is null ? template : null;
    }

    public SafePath Expand(in PathFields fields)
    {
        var path = new StringBuilder(_text.Length + 64);
        foreach (var part in _parts)
            part(path, fields);
        return SafePath.Configured(path.ToString());
    }

    public override string ToString() => _text;

    private static Part DatePart(string format) => (StringBuilder path, in PathFields fields) =>
        path.Append(fields.At.ToString(format, CultureInfo.InvariantCulture));

    private string? TakePart(ref int at)
    {
        switch (_text[at])
        {
            case '{':
                var end = _text.IndexOf('}', at);
                var name = end < 0 ? "" : _text[(at + 1)..end];
                if (!Fields.TryGetValue(name, out var field))
                    return "{app}, {stream}, {unix} or {ext} between braces";
                _parts.Add(field);
                _pieces.Add(("", name));
                at = end + 1;
                return null;
            case '%':
                if (at + 1 == _text.Length || !DateFields.TryGetValue(_text[at + 1], out var date))
                    return "one of %Y %m %d %H %M %S %% behind a percent sign";
                _parts.Add(date);
                _pieces.Add(_text[at + 1] == '%' ? ("%", "") : ("", _text[at + 1].ToString()));
                at += 2;
                return null;
            default:
                var next = _text.AsSpan(at).IndexOfAny('{', '%');
                var literal = next < 0 ? _text[at..] : _text.Substring(at, next);
                _parts.Add((StringBuilder path, in PathFields _) => path.Append(literal));
                _pieces.Add((literal, ""));
                at += literal.Length;
                return null;
        }
    }
}
