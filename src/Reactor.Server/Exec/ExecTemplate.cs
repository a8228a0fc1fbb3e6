using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Text;
using Reactor.Server.Configuration;

namespace Reactor.Server.Exec;

/// <summary>Fills in what the arguments of a program leave open.</summary>
/// <remarks>
/// <c>{app}</c>, <c>{stream}</c>, <c>{query.NAME}</c> and more (<see cref="ExecFields"/>), and
/// nginx-rtmp's <c>$app</c>, <c>$name</c>, <c>${name}_hi</c>; other words stay as they are. A value
/// stays within its argument, whatever is in it. Strangers choose values, so there are three rules:
/// one with which an argument would begin like an option starts nothing; nor does one with control
/// characters; and behind <c>://</c> it is escaped, so that it is no other part of the URL.
/// </remarks>
public static class ExecTemplate
{
    /// <summary>Longest argument, in characters; systems take some more.</summary>
    public const int CharactersMax = 16 * 1024;

    private const string Arguments = "args";

    /// <summary>Fills all in.</summary>
    /// <param name="rule">As the operator wrote it.</param>
    /// <param name="fields">Whose values they are.</param>
    /// <param name="arguments">The program first.</param>
    /// <param name="why">Why it is not to be started, otherwise.</param>
    public static bool TryFill(
        ExecRule rule,
        ExecFields fields,
        [NotNullWhen(true)] out IReadOnlyList<string>? arguments,
        out string why)
    {
        arguments = null;
        var filled = new List<string>(rule.Words.Count);
        foreach (var word in rule.Words)
        {
            if (!TryFill(word, fields, out var argument, out why))
                return false;
            filled.Add(argument);
        }
        why = "";
        arguments = filled;
        return true;
    }

    private static bool TryFill(
        string word, ExecFields fields, out string argument, out string why)
    {
        var text = new StringBuilder(word.Length);
        var rest = word.AsSpan();
        why = "";
        while (rest.IndexOfAny('{', '$') is >= 0 and var mark)
        {
            text.Append(rest[..mark]);
            rest = rest[mark..];
            var length = TakeWord(rest, fields, out var name, out var value);
            if (value is null)
            {
                text.Append(rest[..length]);
            }
            else
            {
                if (value.Any(char.IsControl))
                    why = $"{{{name}}} has a control character";
                if (text.Length == 0 && value is ['-', ..])
                    why = $"{{{name}}} begins with -, and would be an option";
                var isInUrl = word[..^rest.Length].Contains("://");
                text.Append(isInUrl ? Escape(name, value) : value);
            }
            rest = rest[length..];
        }
        argument = text.Append(rest).ToString();
        if (argument.Length > CharactersMax)
            why = $"an argument has more than {CharactersMax} characters";
        return why.Length == 0;
    }

    /// <returns>How much is taken: a word with a value, or else one that stays.</returns>
    private static int TakeWord(
        ReadOnlySpan<char> text, ExecFields fields, out string name, out string? value)
    {
        var isNginx = text[0] == '$';
        var isBraced = text.Length > 1 && text[isNginx ? 1 : 0] == '{';
        var begin = (isNginx ? 1 : 0) + (isBraced ? 1 : 0);
        var end = isBraced ? text.IndexOf('}') : begin;
        while (!isBraced && end < text.Length && text[end] is (>= 'a' and <= 'z') or '_')
            end++;
        name = end < 0 ? "" : text[begin..end].ToString();
        value = isNginx ? OfNginx(name, fields) : fields.Find(name);
        return value is null ? 1 : end + (isBraced ? 1 : 0);
    }

    private static string? OfNginx(string name, ExecFields fields) =>
        name == Arguments ? Joined(fields) : fields.FindNginx(name);

    /// <summary>The query as it may stand in a URL.</summary>
    private static string Joined(ExecFields fields)
    {
        var pairs = fields.Parameters?.Pairs ?? [];
        return string.Join('&', pairs.Select(pair =>
            $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));
    }

    /// <summary>An application may have several parts; all else is one.</summary>
    private static string Escape(string name, string value) => name switch
    {
        Arguments => value,
        "app" => string.Join('/', value.Split('/').Select(Uri.EscapeDataString)),
        _ => Uri.EscapeDataString(value),
    };
}
