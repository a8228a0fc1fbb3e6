using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NUnit.Framework;

namespace Reactor.Tidy.Tests;

/// <summary>Sizes and habits of the source text, for all of src, tests and tools.</summary>
[TestFixture]
public sealed class StyleTests
{
    private const int LineColumnsMax = 100;
    private const int FunctionLinesMax = 60;
    private const int FileLinesMax = 400;
    private const int ProgramLinesMax = 80;

    /// <summary>In two pieces, so that this file does not accuse itself.</summary>
    private static readonly string[] Reminders = ["TO" + "DO", "FIX" + "ME", "HA" + "CK"];

    /// <summary>
    /// Where everything may be caught and kept: at the bottom of the program, where the loop hands
    /// an event to one connection, which then ends alone, and where work that was done elsewhere
    /// brings its failure home. Whoever filters, or cleans up and throws on, may do so anywhere.
    /// </summary>
    private static readonly string[] CatchAllPlaces =
    [
        "src/Reactor/Program.cs",
        "src/Reactor.Transport/EventLoop.cs",
        "src/Reactor.Transport/WorkQueue.cs",
    ];

    private static readonly CSharpParseOptions Language =
        new(LanguageVersion.Preview, DocumentationMode.None);

    [Test]
    public void Lines_fit_into_100_columns()
    {
        Complaints.AreNone(BadLines(line => line.Length > LineColumnsMax));
    }

    [Test]
    public void Functions_fit_into_60_lines()
    {
        var tooLong =
            from file in Repository.CSharpFiles
            from function in Tree(file).DescendantNodes().Where(IsFunction)
            let place = function.GetLocation().GetLineSpan()
            let lines = place.EndLinePosition.Line - place.StartLinePosition.Line + 1
            where lines > FunctionLinesMax
            select $"{file}:{place.StartLinePosition.Line + 1}: {lines} lines";

        Complaints.AreNone(tooLong);
    }

    [Test]
    public void Files_fit_into_400_lines()
    {
        var tooLong = Repository.CSharpFiles.Concat(Repository.WebFiles)
            .Select(file => (file, lines: Repository.Lines(file).Length))
            .Where(it => it.lines > FileLinesMax)
            .Select(it => $"{it.file}: {it.lines} lines");

        Complaints.AreNone(tooLong);
    }

    [Test]
    public void The_entry_point_stays_under_80_lines()
    {
        var lines = Repository.Lines("src/Reactor/Program.cs");

        Assert.That(lines, Has.Length.LessThan(ProgramLinesMax));
    }

    [Test]
    public void Nothing_is_left_as_a_reminder()
    {
        Complaints.AreNone(BadLines(line => Reminders.Any(line.Contains)));
    }

    [Test]
    public void Everything_is_caught_in_named_places_only()
    {
        var places =
            from file in Repository.CSharpFiles
            where file.StartsWith("src/", StringComparison.Ordinal)
            where Tree(file).DescendantNodes().OfType<CatchClauseSyntax>().Any(CatchesEverything)
            select file;

        Complaints.AreNone(places.Except(CatchAllPlaces));
    }

    [Test]
    public void A_file_bears_the_name_of_a_type_in_it()
    {
        var strangers =
            from file in Repository.CSharpFiles
            let name = Path.GetFileName(file).Split('.')[0]
            let types = Tree(file).DescendantNodes().Where(IsType).Select(NameOf).ToList()
            where types.Count > 0 && !types.Contains(name)
            select file;

        Complaints.AreNone(strangers);
    }

    private static bool IsFunction(SyntaxNode node) => node
        is BaseMethodDeclarationSyntax
        or LocalFunctionStatementSyntax
        or AccessorDeclarationSyntax
        or AnonymousFunctionExpressionSyntax;

    private static bool IsType(SyntaxNode node) =>
        node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax;

    private static string NameOf(SyntaxNode type) => type is DelegateDeclarationSyntax function
        ? function.Identifier.Text
        : ((BaseTypeDeclarationSyntax)type).Identifier.Text;

    private static bool CatchesEverything(CatchClauseSyntax clause) =>
        clause.Filter is null
            && clause.Declaration?.Type.ToString() is null or "Exception" or "System.Exception"
            && clause.Block.Statements.LastOrDefault()
                is not ThrowStatementSyntax { Expression: null };

    private static SyntaxNode Tree(string file) =>
        CSharpSyntaxTree.ParseText(Repository.Text(file), Language).GetRoot();

    private static IEnumerable<string> BadLines(Func<string, bool> isBad) =>
        from file in Repository.Files
        where Repository.IsSource(file) || file.EndsWith(".sh")
            || file is "Makefile" or ".ci/run" || file.EndsWith(".csproj")
        from line in Repository.Lines(file).Select((text, index) => (text, number: index + 1))
        where isBad(line.text)
        select $"{file}:{line.number}: {line.text.Trim()}";
}
