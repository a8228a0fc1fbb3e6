using System;
using System.IO;

namespace Reactor.Load.Comparing;

/// <summary>RESULTS.md: a section a scenario, each replaced when it is measured again.</summary>
internal sealed class ResultsFile(string path)
{
    private const string Head =
        "# Measured load\n\nThe last output of `make compare SCENARIO=name` for each scenario.\n";

    /// <summary>Puts a section in the place of the one with the same name, or at the end.</summary>
    public void Put(string name, string section)
    {
        var text = File.Exists(path) ? File.ReadAllText(path) : Head;
        var (start, end) = Find(text, $"\n## {name}\n");
        File.WriteAllText(path, $"{text[..start]}\n## {name}\n\n{section}{text[end..]}");
    }

    private static (int Start, int End) Find(string text, string title)
    {
        var start = text.IndexOf(title, StringComparison.Ordinal);
        if (start < 0)
            return (text.Length, text.Length);
        var end = text.IndexOf("\n## ", start + title.Length, StringComparison.Ordinal);
        return (start, end < 0 ? text.Length : end);
    }
}
