using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using NUnit.Framework;
using Reactor.Server.Configuration;

namespace Reactor.Server.Tests.Configuration;

/// <summary>Whatever README.md offers to be copied into reactor.json is right there.</summary>
[TestFixture]
public sealed partial class ReadmeTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Root(), "README.md"));

    /// <summary>Members that stand in a line of text, in braces of their own.</summary>
    private static IEnumerable<string> Settings() =>
        Member().Matches(Text).Select(match => $"{{ {match.Groups[1].Value} }}");

    private static IEnumerable<string> Blocks() =>
        Block().Matches(Text).Select(match => match.Groups[1].Value);

    private static IEnumerable<string> Assignments() =>
        Assignment().Matches(Text).Select(match => match.Groups[1].Value)
            .Where(set => set != "key=value");

    [TestCaseSource(nameof(Settings))]
    [TestCaseSource(nameof(Blocks))]
    public void Every_setting_is_right_where_it_is_said_to_go(string json) =>
        Assert.That(Config.Errors(json), Is.Empty);

    [TestCaseSource(nameof(Assignments))]
    public void Every_assignment_of_the_command_line_is_right(string set) =>
        Assert.That(
            OptionsReader.Read(new ConfigInput { Sets = [set] }).Errors, Is.Empty);

    [Test]
    public void There_are_settings_to_be_looked_at()
    {
        Assert.That(Settings().Count(), Is.GreaterThan(20));
        Assert.That(Blocks().Count(), Is.Positive);
        Assert.That(Assignments().Count(), Is.GreaterThan(2));
    }

    [GeneratedRegex("`(\"[a-z_]+\": [^`…]+)`")]
    private static partial Regex Member();

    [GeneratedRegex("```jsonc\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("`--set ([^`]+)`")]
    private static partial Regex Assignment();

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Reactor.sln")))
            folder = folder.Parent;
        return folder.FullName;
    }
}
