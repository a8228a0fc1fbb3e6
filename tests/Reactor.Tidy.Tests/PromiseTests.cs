using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NUnit.Framework;
using Reactor.Server;
using Reactor.Server.Configuration;

namespace Reactor.Tidy.Tests;

/// <summary>
/// tests/README.md says of each promise by which key it is set, how it is counted and which tests
/// show it: every name there is one of the code.
/// </summary>
[TestFixture]
public sealed partial class PromiseTests
{
    private const string Table = "tests/README.md";
    private const int What = 1;
    private const int SetBy = 2;
    private const int CountedAs = 3;
    private const int ShownBy = 4;

    private static readonly string[][] Rows =
    [
        .. Repository.Lines(Table)
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells[ShownBy] != "Shown by"),
    ];

    [Test]
    public void Every_row_says_what_shows_it()
    {
        Assert.That(Rows, Has.Length.GreaterThan(50));
        Complaints.AreNone(Rows
            .Where(row => row.Length != 6 || !Names(row[ShownBy]).Concat(Sentences(row)).Any())
            .Select(row => row[What]));
    }

    [Test]
    public void Every_test_that_is_named_is_one()
    {
        var tests = Repository.CSharpFiles
            .Where(file => file.StartsWith("tests/", StringComparison.Ordinal))
            .SelectMany(TestsOf)
            .ToHashSet();

        Assert.That(tests, Does.Contain("PromiseTests.Every_test_that_is_named_is_one"));
        Complaints.AreNone(Rows.SelectMany(row => Names(row[ShownBy])).Except(tests));
    }

    [Test]
    public void Every_sentence_of_the_simulated_world_is_one()
    {
        var map = string.Join(' ', Repository.Lines("src/README.md").Select(line => line.Trim()));

        Complaints.AreNone(Rows.SelectMany(Sentences)
            .Where(sentence => !map.Contains(sentence, StringComparison.Ordinal)));
    }

    [Test]
    public void Every_setting_and_every_constant_is_one()
    {
        using var schema = JsonDocument.Parse(OptionsPrinter.Schema());
        var settings = PathsOf(schema.RootElement, "").ToList();
        Assert.That(settings, Does.Contain(".rtmp.chunk_size"));

        Complaints.AreNone(Rows.SelectMany(row => Names(row[SetBy])).Distinct().Where(
            name => char.IsUpper(name[0])
                ? !IsConstant(name)
                : !settings.Exists(path => path.EndsWith($".{name}", StringComparison.Ordinal))));
    }

    [Test]
    public void Every_counter_is_one()
    {
        var limits = Enum.GetNames<Limit>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName);
        var metrics = Repository.Text("src/Reactor.Server/Control/MetricsRoute.cs");

        Complaints.AreNone(Rows.SelectMany(row => Names(row[CountedAs])).Distinct().Where(
            name => name.StartsWith("reactor_", StringComparison.Ordinal)
                ? !metrics.Contains($"\"{name["reactor_".Length..]}\"", StringComparison.Ordinal)
                : !limits.Contains(name)));
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex("\"([^\"]+)\"")]
    private static partial Regex Sentence();

    private static IEnumerable<string> Names(string cell) =>
        Quoted().Matches(Sentence().Replace(cell, "")).Select(match => match.Groups[1].Value);

    private static IEnumerable<string> Sentences(string[] row) =>
        Sentence().Matches(row[ShownBy]).Select(match => match.Groups[1].Value);

    /// <summary>What NUnit finds in a file, as <c>Class.Method</c>.</summary>
    private static IEnumerable<string> TestsOf(string file) =>
        from type in CSharpSyntaxTree.ParseText(Repository.Text(file)).GetRoot()
            .DescendantNodes().OfType<ClassDeclarationSyntax>()
        from method in type.Members.OfType<MethodDeclarationSyntax>()
        where method.AttributeLists.SelectMany(list => list.Attributes).Any(attribute =>
            attribute.Name.ToString() is "Test" or "TestCase" or "TestCaseSource")
        select $"{type.Identifier}.{method.Identifier}";

    /// <summary>Every setting there is, as <c>.rtmp.chunk_size</c>.</summary>
    private static IEnumerable<string> PathsOf(JsonElement node, string path)
    {
        if (node.ValueKind == JsonValueKind.Array)
            return node.EnumerateArray().SelectMany(item => PathsOf(item, path));
        if (node.ValueKind != JsonValueKind.Object)
            return [];
        return node.EnumerateObject().SelectMany(member => member.Name != "properties"
            ? PathsOf(member.Value, path)
            : member.Value.EnumerateObject().SelectMany(setting =>
                PathsOf(setting.Value, $"{path}.{setting.Name}")
                    .Prepend($"{path}.{setting.Name}")));
    }

    private static bool IsConstant(string name)
    {
        var (type, field) = (name.Split('.')[0], name.Split('.')[^1]);
        return Repository.CSharpFiles.Any(file =>
            file.StartsWith("src/", StringComparison.Ordinal)
            && file.EndsWith($"/{type}.cs", StringComparison.Ordinal)
            && Repository.Text(file).Contains($"const int {field} ", StringComparison.Ordinal));
    }
}
