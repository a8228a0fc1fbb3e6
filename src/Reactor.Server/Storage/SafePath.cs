using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using Reactor.Primitives;

namespace Reactor.Server.Storage;

/// <summary>A path that the server may use: an operator's, and parts made safe behind it.</summary>
/// <remarks>
/// The disk takes nothing else, so a name from the network cannot reach it unmapped (Q43): it
/// becomes a part by <see cref="Named"/>, or is checked by <see cref="TryWithin"/>.
/// </remarks>
public readonly record struct SafePath
{
    private readonly string? _text;

    private SafePath(string text) => _text = text;

    /// <summary>As the system takes it.</summary>
    public string Text => _text ?? throw new InvariantException("a path without a text");

    /// <summary>The last part.</summary>
    public string Name => Path.GetFileName(Text);

    /// <summary>All but the last part.</summary>
    public SafePath Folder =>
        new(Path.GetDirectoryName(Text) is { Length: > 0 } folder ? folder : ".");

    /// <summary>A path that the operator wrote, taken as it is.</summary>
    public static SafePath Configured(string path) => new(path);

    /// <summary>A part below, named by somebody on the network: escaped (Q43).</summary>
    public SafePath Named(string name) => Below(SafeName.Of(name));

    /// <summary>A part below, named by this program.</summary>
    public SafePath Child(string name)
    {
        Invariant.Holds(name is not ("" or "." or "..") && !name.AsSpan().ContainsAny('/', '\\'));
        return Below(name);
    }

    /// <summary>The same place with something behind its name, as <c>.tmp</c>.</summary>
    public SafePath With(string ending) => new(Text + ending);

    /// <summary>A path below this one that a URL names, if it is a plain one.</summary>
    /// <param name="relative">Decoded; parts between slashes, no slash in front.</param>
    /// <param name="path">The place; what links lie on the way is the disk's to find out.</param>
    /// <returns>
    /// False for empty, hidden and upward parts, and for what some system reads as more than a
    /// name: backslash, colon, control characters, a dot or a space at the end.
    /// </returns>
    public bool TryWithin(ReadOnlySpan<char> relative, [MaybeNullWhen(false)] out SafePath path)
    {
        path = default;
        foreach (var range in relative.Split('/'))
        {
            if (!IsPlain(relative[range]))
                return false;
        }
        path = Below(relative.ToString());
        return true;
    }

    public override string ToString() => _text ?? "";

    private static bool IsPlain(ReadOnlySpan<char> part)
    {
        if (part.IsEmpty || part[0] == '.' || part[^1] is '.' or ' ')
            return false;
        foreach (var letter in part)
        {
            if (char.IsControl(letter) || letter is '\\' or ':')
                return false;
        }
        return true;
    }

    private SafePath Below(string part) => new(
        Text.Length == 0 ? part : Text[^1] == '/' ? Text + part : $"{Text}/{part}");
}
