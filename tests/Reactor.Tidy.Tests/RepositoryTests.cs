using System;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;
using NUnit.Framework;

namespace Reactor.Tidy.Tests;

/// <summary>What lies in the repository, and what must not have strayed into it.</summary>
[TestFixture]
public sealed class RepositoryTests
{
    private static readonly string[] TopLevel =
    [
        ".ci", ".editorconfig", ".gitattributes", ".gitignore",
        "Makefile", "README.md", "Reactor.sln", "reactor.json", "src", "tests", "tools",
    ];

    /// <summary>
    /// Folders of one machine, and settings that name a package registry: which registry there
    /// is concerns the machine alone. In pieces, so that this file does not accuse itself.
    /// </summary>
    private static readonly string[] Strays =
    [
        "/" + "home/", "/" + "root/", "/" + "Users/", "/" + "work/", "/" + "tmp/",
        ":\\" + "Users\\", "package" + "Sources", "Restore" + "Sources", "/v3/" + "index.json",
    ];

    [Test]
    public void The_top_level_holds_only_what_belongs_there()
    {
        var names = Repository.TrackedFiles.Select(file => file.Split('/')[0]).Distinct();

        Complaints.AreNone(names.Except(TopLevel));
    }

    [Test]
    public void No_file_names_a_machine_or_a_registry()
    {
        var found =
            from file in Repository.Files
            where !Repository.IsBinary(file)
            let text = Repository.Text(file)
            from stray in Strays
            where text.Contains(stray, StringComparison.Ordinal)
            select $"{file}: {stray}";

        Complaints.AreNone(found);
    }

    [Test]
    public void No_registry_is_configured()
    {
        var settings = Repository.Files
            .Where(file => Path.GetFileName(file)
                is ".npmrc" or "nuget.config" or "NuGet.config" or "NuGet.Config");

        Complaints.AreNone(settings);
    }

    [Test]
    public void No_large_file_is_tracked()
    {
        const int BytesMax = 1_000_000;     // films are made by ffmpeg, not kept
        var large = Repository.TrackedFiles
            .Where(file => new FileInfo(Path.Combine(Repository.Root, file)).Length > BytesMax);

        Complaints.AreNone(large);
    }

    [Test]
    public void Scripts_stop_at_the_first_error()
    {
        var careless = Repository.Files.Where(IsScript)
            .Where(script => !Repository.Text(script).Contains("set -euo pipefail"));

        Complaints.AreNone(careless);
    }

    [Test]
    [Platform(Exclude = "Win")]
    [UnsupportedOSPlatform("windows")]
    public void Scripts_may_be_executed()
    {
        var idle = Repository.Files.Where(IsScript)
            .Where(script => !File.GetUnixFileMode(Path.Combine(Repository.Root, script))
                .HasFlag(UnixFileMode.UserExecute));

        Complaints.AreNone(idle);
    }

    private static bool IsScript(string file) =>
        file == ".ci/run" || file.EndsWith(".sh", StringComparison.Ordinal);
}
