using System;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace Reactor.Load.Comparing;

/// <summary>Which machine and which source the figures are of.</summary>
internal static class Machine
{
    public static string Repository { get; } = FindRepository();

    public static string Commit => Programs.Run(
        "git", "-C", Repository, "describe", "--always", "--dirty", "--abbrev=7");

    public static string Describe()
    {
        const string key = "model name";
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith(key));
        var name = model is null ? "unknown" : model[(model.IndexOf(':') + 1)..].Trim();
        var kernel = File.ReadAllText("/proc/sys/kernel/osrelease").Split('-')[0].Trim();
        return $"{name}, {Environment.ProcessorCount} cores, Linux {kernel}, "
            + RuntimeInformation.FrameworkDescription;
    }

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Reactor.sln")))
            folder = folder.Parent;
        return folder?.FullName
            ?? throw new InvalidOperationException("no Reactor.sln above the program's folder");
    }
}
