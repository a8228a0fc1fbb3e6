using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;
using NUnit.Framework;

namespace Reactor.Tidy.Tests;

/// <summary>Holds the assemblies to the drawing in src/README.md.</summary>
[TestFixture]
public sealed class LayerTests
{
    /// <summary>What each assembly may lean on; whoever changes this changes the drawing.</summary>
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        ["Reactor.Primitives"] = [],
        ["Reactor.Protocol"] = ["Reactor.Primitives"],
        ["Reactor.Transport"] = ["Reactor.Primitives"],
        ["Reactor.Streaming"] = ["Reactor.Primitives", "Reactor.Protocol"],
        ["Reactor.Server"] =
        [
            "Reactor.Primitives", "Reactor.Protocol", "Reactor.Transport", "Reactor.Streaming",
        ],
        ["Reactor"] =
        [
            "Reactor.Primitives", "Reactor.Protocol", "Reactor.Transport", "Reactor.Streaming",
            "Reactor.Server",
        ],
    };

    /// <summary>Where a package is at home; nobody else may restore it.</summary>
    private static readonly Dictionary<string, string[]> MayRestore = new()
    {
        ["Reactor.Primitives"] = ["Microsoft.Extensions.ObjectPool"],
        ["Reactor.Protocol"] = [],
        ["Reactor.Transport"] = [],
        ["Reactor.Streaming"] = [],
        ["Reactor.Server"] = ["NLog"],
        ["Reactor"] = ["NLog", "System.CommandLine"],
    };

    /// <summary>Whatever waits, opens or starts; a star stands for any ending.</summary>
    private static readonly string[] Io =
    [
        "System.Net.Sockets.*", "System.IO.File*", "System.IO.Directory*",
        "System.IO.RandomAccess*", "System.Threading.Tasks.*", "System.Threading.Thread*",
        "System.Threading.Monitor*", "System.Threading.Lock*", "System.Threading.Timer*",
        "System.Console*", "System.Diagnostics.Process*", "NLog.*",
    ];

    /// <summary>Below the server, time is an argument and luck comes from a seed.</summary>
    private static readonly string[] ClockAndLuck =
    [
        "System.DateTime.get_UtcNow", "System.DateTime.get_Now", "System.DateTime.get_Today",
        "System.DateTimeOffset.get_UtcNow", "System.DateTimeOffset.get_Now",
        "System.Environment.get_TickCount*", "System.Diagnostics.Stopwatch*",
        "System.TimeProvider.get_System", "System.Random.get_Shared", "System.Guid.NewGuid",
        "System.Guid.CreateVersion7", "System.Security.Cryptography.RandomNumberGenerator*",
    ];

    private static IEnumerable<string> Assemblies => MayUse.Keys;

    [TestCaseSource(nameof(Assemblies))]
    public void An_assembly_names_only_those_below_it(string assembly)
    {
        var ours = AssemblyReferences.Of(assembly).Assemblies.Where(IsOurs);

        Complaints.AreNone(ours.Except(MayUse[assembly]));
    }

    [TestCaseSource(nameof(Assemblies))]
    public void A_project_refers_only_to_those_below_it(string assembly)
    {
        var projects = Includes(assembly, "ProjectReference")
            .Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));

        Complaints.AreNone(projects.Except(MayUse[assembly]));
    }

    [TestCaseSource(nameof(Assemblies))]
    public void A_project_restores_only_the_packages_that_are_at_home_in_it(string assembly)
    {
        Complaints.AreNone(Includes(assembly, "PackageReference").Except(MayRestore[assembly]));
    }

    [Test]
    public void Every_project_of_the_program_stands_in_the_drawing()
    {
        var projects = Repository.Files
            .Where(file => file.StartsWith("src/") && file.EndsWith(".csproj"))
            .Select(file => Path.GetFileNameWithoutExtension(file));

        Assert.That(projects, Is.EquivalentTo(MayUse.Keys));
    }

    [TestCase("Reactor.Primitives")]
    [TestCase("Reactor.Protocol")]
    [TestCase("Reactor.Streaming")]
    public void The_core_knows_no_socket_file_task_thread_or_log(string assembly)
    {
        Complaints.AreNone(Named(assembly, Io));
    }

    [Test]
    public void The_transport_logs_nothing()
    {
        Complaints.AreNone(Named("Reactor.Transport", ["NLog.*"]));
    }

    [TestCase("Reactor.Primitives")]
    [TestCase("Reactor.Protocol")]
    [TestCase("Reactor.Transport")]
    [TestCase("Reactor.Streaming")]
    public void Below_the_server_nobody_asks_for_the_time_or_for_luck(string assembly)
    {
        Complaints.AreNone(Named(assembly, ClockAndLuck));
    }

    [Test]
    public void The_rules_see_what_an_assembly_names()
    {
        // This very file names a dictionary and a file: a rule that saw neither would be blind.
        var seen = Named("Reactor.Tidy.Tests", ["System.IO.File*", "System.Xml.Linq.XDocument.L*"]);

        Assert.That(seen, Does.Contain("System.IO.File.ReadAllLines"));
        Assert.That(seen, Does.Contain("System.Xml.Linq.XDocument.Load"));
    }

    private static bool IsOurs(string name) =>
        name == "Reactor" || name.StartsWith("Reactor.", StringComparison.Ordinal);

    private static IEnumerable<string> Includes(string project, string element) =>
        XDocument.Load(Path.Combine(Repository.Root, "src", project, $"{project}.csproj"))
            .Descendants(element)
            .Select(reference => (string)reference.Attribute("Include")!);

    private static IEnumerable<string> Named(string assembly, string[] patterns) =>
        AssemblyReferences.Of(assembly).Names
            .Where(name => patterns.Any(pattern => Matches(name, pattern)));

    private static bool Matches(string name, string pattern) => pattern.EndsWith('*')
        ? name.StartsWith(pattern[..^1], StringComparison.Ordinal)
        : name == pattern;
}
