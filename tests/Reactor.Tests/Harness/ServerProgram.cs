using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using NUnit.Framework;

namespace Reactor.Tests.Harness;

/// <summary>What the tests start: the one file that <c>make publish</c> makes for users.</summary>
/// <remarks>
/// It is made once a run, before the first test. Where the environment has REACTOR_TESTED=build,
/// and where native code is not made, the build itself is started: that is there at once.
/// </remarks>
internal static class ServerProgram
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);
    private static readonly Lazy<string[]> Making = new(Publish);

    private static readonly bool IsBuild = !OperatingSystem.IsLinux()
        || Environment.GetEnvironmentVariable("REACTOR_TESTED") == "build";

    private static readonly string Runtime =
        $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";

    /// <summary>Where the file is published, and nothing beside it.</summary>
    public static string Folder { get; } =
        Path.Combine(SourceTree.Root, "artifacts/publish", Runtime);

    /// <summary>The words of a shell that begin a call of it.</summary>
    public static string Command => string.Join(' ', Words);

    private static string[] Words => IsBuild ? Build : [Path.Combine(Folder, "Reactor")];

    private static string[] Build =>
        ["dotnet", Path.Combine(AppContext.BaseDirectory, "Reactor.dll")];

    /// <summary>Called before the first test: none should have to wait for it.</summary>
    public static void Prepare()
    {
        if (!IsBuild)
            Make();
    }

    /// <summary>Publishes the file if that is still to be done.</summary>
    /// <returns>What was said over it.</returns>
    public static string[] Make() => Making.Value;

    /// <summary>Starts it in a folder, null for here.</summary>
    public static ChildProcess Start(
        IEnumerable<string> arguments,
        string? folder = null,
        params ReadOnlySpan<(string Name, string Value)> environment) =>
        Start(Words, arguments, folder, environment);

    /// <summary>Starts what <c>make run</c> starts, which the runtime can be told to change.
    /// </summary>
    public static ChildProcess StartBuild(
        IEnumerable<string> arguments,
        params ReadOnlySpan<(string Name, string Value)> environment) =>
        Start(Build, arguments, null, environment);

    private static ChildProcess Start(
        string[] words,
        IEnumerable<string> arguments,
        string? folder,
        ReadOnlySpan<(string Name, string Value)> environment) =>
        new(words[0], [.. words[1..], .. arguments], folder, environment);

    private static string[] Publish()
    {
        var script = Path.Combine(SourceTree.Root, "tools/publish.sh");
        using var publish = new ChildProcess("bash", [script, Runtime, "1"]);
        var code = publish.WaitForExit(Deadline);
        Assert.That(code, Is.Zero, string.Join('\n', publish.Lines));
        return publish.Lines;
    }
}
