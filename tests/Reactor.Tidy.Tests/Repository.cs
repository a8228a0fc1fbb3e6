using System;
using System.Diagnostics;
using System.IO;
using System.Linq;

namespace Reactor.Tidy.Tests;

/// <summary>The files of this repository as git sees them: nothing that was built.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Paths from the root: what is tracked, and what soon will be.</summary>
    public static string[] Files { get; } = List("--cached", "--others", "--exclude-standard");

    /// <summary>What is tracked only: a film beside the checkout is nobody's business.</summary>
    public static string[] TrackedFiles { get; } = List("--cached");

    /// <summary>All C# files: of the program, of its tests and of its tools.</summary>
    public static string[] CSharpFiles { get; } = [.. Files.Where(file => file.EndsWith(".cs"))];

    /// <summary>What the pages are made of, and their tests.</summary>
    public static string[] WebFiles { get; } =
    [
        .. Files.Where(file => IsSource(file) && !file.EndsWith(".cs")),
    ];

    public static bool IsSource(string file) =>
        Path.GetExtension(file) is ".cs" or ".js" or ".mjs" or ".css" or ".html";

    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    public static string Text(string file) => File.ReadAllText(Path.Combine(Root, file));

    public static bool IsBinary(string file) =>
        Path.GetExtension(file) is ".bin" or ".flv" or ".png" or ".ico" or ".pfx";

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Reactor.sln")))
            folder = folder.Parent;
        return folder?.FullName
            ?? throw new InvalidOperationException("no Reactor.sln above the test's own folder");
    }

    private static string[] List(params string[] options)
    {
        // A checkout of another user (CI in a container) is safe here: git only lists names.
        string[] arguments = ["-c", $"safe.directory={Root}", "-C", Root, "ls-files", .. options];
        var start = new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true };
        using var git = Process.Start(start)!;
        var names = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        if (git.ExitCode != 0)
            throw new InvalidOperationException($"git ls-files ended with {git.ExitCode}");
        return
        [
            .. names.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Where(name => File.Exists(Path.Combine(Root, name)))
                .Order(StringComparer.Ordinal),
        ];
    }
}
