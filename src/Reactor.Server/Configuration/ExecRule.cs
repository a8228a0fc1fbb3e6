using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Text;

namespace Reactor.Server.Configuration;

/// <summary>A program that is started: its name, and its arguments with places to fill in.
/// </summary>
/// <param name="Words">The program first; at least that.</param>
public sealed record ExecRule(IReadOnlyList<string> Words)
{
    public const int WordsMax = 256;
    public const int CharactersMax = 4096;

    /// <summary>Reads a line, split at blanks; quotes of either kind keep blanks together.
    /// </summary>
    /// <remarks>There is no shell: no variable, no pipe, no star, and a backslash is one.</remarks>
    /// <returns>False where a quote has no end.</returns>
    public static bool TrySplit(string line, [NotNullWhen(true)] out List<string>? words)
    {
        words = [];
        var word = new StringBuilder();
        var isWord = false;
        var quote = '\0';
        foreach (var letter in line)
        {
            if (quote != '\0' ? letter == quote : letter is '"' or '\'')
            {
                quote = quote == '\0' ? letter : '\0';
                isWord = true;                  // '' is an argument, too
            }
            else if (quote == '\0' && char.IsWhiteSpace(letter))
            {
                if (isWord)
                    words.Add(word.ToString());
                word.Clear();
                isWord = false;
            }
            else
            {
                word.Append(letter);
                isWord = true;
            }
        }
        if (isWord)
            words.Add(word.ToString());
        return quote == '\0';
    }

    /// <summary>Whether it can be started, as far as that can be seen.</summary>
    /// <remarks>
    /// The program is the operator's word alone. What looks like an option or a URL is no program:
    /// somebody has written one program's arguments where a list of programs was to stand.
    /// </remarks>
    public bool IsOne() =>
        Words.Count is > 0 and <= WordsMax
        && Words.All(word => word.Length <= CharactersMax && !word.Contains('\0'))
        && Words[0].Length > 0 && Words[0][0] != '-' && !Words[0].Contains("://")
        && Words[0].AsSpan().IndexOfAny('{', '$') < 0;

    public bool Equals(ExecRule? other) => other is not null && Words.SequenceEqual(other.Words);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var word in Words)
            hash.Add(word);
        return hash.ToHashCode();
    }
}
