using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NUnit.Framework;

namespace Reactor.Tidy.Tests;

/// <summary>Habits of C# that hostile input would make use of; for all of src.</summary>
[TestFixture]
public sealed class HabitTests
{
    /// <summary>
    /// Where regular expressions are: over names of files that are there, which were escaped when
    /// they were made, and made of the operator's own template.
    /// </summary>
    private static readonly string[] MatchingPlaces =
        ["src/Reactor.Server/Recording/RecordingFolder.cs"];

    private static readonly string[] Numbers =
    [
        "byte", "sbyte", "short", "ushort", "int", "uint", "long", "ulong", "float", "double",
        "decimal", "nint", "nuint", "Int128", "UInt128", "BigInteger",
    ];

    private static readonly (string File, SyntaxNode Root)[] Sources =
    [
        .. Repository.CSharpFiles
            .Where(file => file.StartsWith("src/", StringComparison.Ordinal))
            .Select(file => (
                file, CSharpSyntaxTree.ParseText(Repository.Text(file)).GetRoot())),
    ];

    [Test]
    public void No_length_of_the_input_decides_what_is_put_on_the_stack()
    {
        Complaints.AreNone(Places<StackAllocArrayCreationExpressionSyntax>(HasAnyLength));
    }

    [Test]
    public void No_regular_expression_is_matched_with_input()
    {
        var places = Sources
            .Where(it => it.Root.DescendantNodes().OfType<UsingDirectiveSyntax>()
                .Any(use => $"{use.Name}" == "System.Text.RegularExpressions"))
            .Select(it => it.File);

        Assert.That(places, Is.EquivalentTo(MatchingPlaces));
    }

    [Test]
    public void Numbers_are_read_alike_wherever_the_server_runs()
    {
        Complaints.AreNone(Places<InvocationExpressionSyntax>(DependsOnCulture));
        Assert.That(
            Repository.Text("src/Directory.Build.props"),
            Does.Contain("<InvariantGlobalization>true</InvariantGlobalization>"), "and written");
    }

    [Test]
    public void Nothing_waits_for_a_finaliser()
    {
        Complaints.AreNone(Places<DestructorDeclarationSyntax>(_ => true));
    }

    [Test]
    public void Secrets_are_compared_in_a_time_that_tells_nothing()
    {
        // What ends at the first difference tells where that is.
        string[] early = ["SequenceEqual", "SequenceCompareTo", "StartsWith", "CompareOrdinal"];
        string[] secrets = ["SecretText", "StoredPassword", "Passwords", "JwtVerifier"];
        var files = Sources.Where(it => secrets.Any(
            name => it.File == $"src/Reactor.Server/Authorisation/{name}.cs")).ToList();

        Assert.That(files, Has.Count.EqualTo(secrets.Length));
        foreach (var (file, root) in files)
        {
            var names = root.DescendantNodes().OfType<IdentifierNameSyntax>()
                .Select(name => name.Identifier.Text).ToHashSet();
            Assert.That(names, Does.Contain("FixedTimeEquals"), file);
        }
        foreach (var name in (string[])["SignedUrl", "Credentials", "SecretText", "Passwords"])
        {
            var text = Repository.Text($"src/Reactor.Server/Authorisation/{name}.cs");
            Assert.That(text, Does.Contain("SecretText"), name);
            Assert.That(early.Where(text.Contains), Is.Empty, name);
        }
    }

    [TestCase("stackalloc int[n]", true)]
    [TestCase("stackalloc int[Sizes.Most - 1]", false)]
    [TestCase("stackalloc int[2 * text.Length]", true)]
    public void What_takes_any_length_is_seen(string made, bool isBad) =>
        Assert.That(
            HasAnyLength((StackAllocArrayCreationExpressionSyntax)
                SyntaxFactory.ParseExpression(made)),
            Is.EqualTo(isBad));

    [TestCase("int.Parse(text)", true)]
    [TestCase("double.TryParse(text, out var it)", true)]
    [TestCase("int.Parse(text, CultureInfo.InvariantCulture)", false)]
    [TestCase("Other.Parse(text)", false)]
    public void What_depends_on_a_culture_is_seen(string call, bool isBad) =>
        Assert.That(
            DependsOnCulture((InvocationExpressionSyntax)SyntaxFactory.ParseExpression(call)),
            Is.EqualTo(isBad));

    /// <summary>A constant has a capital letter; what else there is may be of any size.</summary>
    private static bool HasAnyLength(StackAllocArrayCreationExpressionSyntax made) =>
        made.DescendantNodes().OfType<ArrayRankSpecifierSyntax>()
            .SelectMany(rank => rank.DescendantNodes().OfType<IdentifierNameSyntax>())
            .Any(name => !char.IsUpper(name.Identifier.Text[0]));

    private static bool DependsOnCulture(InvocationExpressionSyntax call) =>
        call.Expression is MemberAccessExpressionSyntax
        {
            Name.Identifier.Text: "Parse" or "TryParse",
        } member
        && Numbers.Contains($"{member.Expression}")
        && !$"{call.ArgumentList}".Contains("culture", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> Places<T>(Func<T, bool> isBad)
        where T : SyntaxNode =>
        from source in Sources
        from node in source.Root.DescendantNodes().OfType<T>()
        where isBad(node)
        select $"{source.File}:{node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}";
}
