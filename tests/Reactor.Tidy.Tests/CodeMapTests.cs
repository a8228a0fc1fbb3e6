using System;
using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;

namespace Reactor.Tidy.Tests;

/// <summary>
/// src/README.md has a heading <c>### Reactor.X</c> for each assembly, and below it a table with a
/// row for each file, whose first cell is the file's path from there in backticks.
/// </summary>
[TestFixture]
public sealed class CodeMapTests
{
    private const string Map = "src/README.md";

    private static readonly string[] Sources =
    [
        .. Repository.CSharpFiles.Concat(Repository.WebFiles)
            .Where(file => file.StartsWith("src/", StringComparison.Ordinal)),
    ];

    [Test]
    public void Every_source_file_has_its_row_in_the_code_map()
    {
        Complaints.AreNone(Sources.Except(Rows().Select(row => row.File)));
    }

    [Test]
    public void Every_row_of_the_code_map_has_its_file()
    {
        Complaints.AreNone(Rows().Select(row => row.File).Except(Sources));
    }

    [Test]
    public void No_file_has_two_rows()
    {
        Assert.That(Rows().Select(row => row.File), Is.Unique);
    }

    [Test]
    public void Every_row_says_what_the_file_is()
    {
        Complaints.AreNone(Rows().Where(row => row.Text.Length < 10).Select(row => row.File));
    }

    private static IEnumerable<(string File, string Text)> Rows()
    {
        var assembly = "";
        foreach (var line in Repository.Lines(Map))
        {
            if (line.StartsWith("### Reactor", StringComparison.Ordinal))
                assembly = line["### ".Length..].Trim();
            else if (line.StartsWith("| `", StringComparison.Ordinal) && assembly != "")
            {
                var cells = line.Split('|', StringSplitOptions.TrimEntries);
                var name = cells[1].Trim('`');
                if (Repository.IsSource(name))
                    yield return ($"src/{assembly}/{name}", cells[2]);
            }
        }
    }
}
