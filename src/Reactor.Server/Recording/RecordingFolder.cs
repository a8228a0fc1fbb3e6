using System;
using System.Text;
using System.Text.RegularExpressions;
using Reactor.Server.Configuration;
using Reactor.Server.Storage;

namespace Reactor.Server.Recording;

/// <summary>Where recordings of a rule lie, and what they are called.</summary>
/// <remarks>
/// Times match digits only, so the recordings of <c>a</c> are not those of <c>a_b</c>. A number
/// that a recorder put before the ending belongs to the name.
/// </remarks>
internal sealed class RecordingFolder
{
    private readonly Regex _pattern;

    private RecordingFolder(SafePath root, Regex pattern) => (Root, _pattern) = (root, pattern);

    /// <summary>The folder above them all.</summary>
    public SafePath Root { get; }

    /// <summary>Where the recordings of all streams are.</summary>
    public static RecordingFolder Of(RecordOptions rule) => Of(rule, null, null);

    /// <summary>Where the recordings of one stream are.</summary>
    /// <param name="rule">Of a recorder.</param>
    /// <param name="app">As the network named it; null for any.</param>
    /// <param name="stream">Likewise.</param>
    public static RecordingFolder Of(RecordOptions rule, string? app, string? stream)
    {
        var known = new StringBuilder();
        var pattern = new StringBuilder("^");
        var isKnown = true;
        foreach (var (literal, field) in rule.RecordPath.Pieces)
        {
            var text = field switch
            {
                "" => literal,
                "app" => app is null ? null : SafeName.Of(app),
                "stream" => stream is null ? null : SafeName.Of(stream),
                "ext" => rule.Extension,
                _ => null,
            };
            isKnown &= text is not null;
            if (isKnown)
                known.Append(text);
            pattern.Append(
                text is not null ? Regex.Escape(text)
                : field is "app" or "stream" ? "[^/]+" : "[0-9]+");
        }
        var root = known.ToString();
        var slash = root.LastIndexOf('/');
        return new RecordingFolder(
            SafePath.Configured(slash < 0 ? "." : slash == 0 ? "/" : root[..slash]),
            new Regex(pattern.Append('$').ToString(), RegexOptions.CultureInvariant));
    }

    /// <summary>Whether the files of a stream can be told from those of all others.</summary>
    public static bool TellsStreamsApart(PathTemplate template)
    {
        bool hasApp = false, hasStream = false;
        foreach (var (_, field) in template.Pieces)
        {
            hasApp |= field == "app";
            hasStream |= field == "stream";
        }
        return hasApp && hasStream;
    }

    /// <summary>Whether a file is one of them.</summary>
    public bool Matches(SafePath path)
    {
        var text = path.Text;
        if (Root.Text == "." && text.StartsWith("./", StringComparison.Ordinal))
            text = text[2..];
        do
        {
            if (_pattern.IsMatch(text))
                return true;
        }
        while (TryDropNumber(ref text));
        return false;
    }

    /// <summary>Undoes <see cref="RecordingPlace.Numbered"/>.</summary>
    private static bool TryDropNumber(ref string text)
    {
        var dot = text.LastIndexOf('.');
        if (dot < 0)
            return false;
        var stem = text.AsSpan(0, dot);
        var dash = stem.LastIndexOf('-');
        if (dash <= 0 || dash == dot - 1 || stem[(dash + 1)..].ContainsAnyExceptInRange('0', '9'))
            return false;
        text = $"{stem[..dash]}{text.AsSpan(dot)}";
        return true;
    }
}
