using System.Reflection;
using System.Runtime.InteropServices;

namespace Reactor;

/// <summary>Which program this is: for <c>-v</c>, <c>-V</c> and the log.</summary>
internal static class Versions
{
    // 0.1.0+4f1c...: the build appends the commit.
    private static readonly string[] Parts = typeof(Versions).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
        .InformationalVersion.Split('+');

    private static string Framework => RuntimeInformation.FrameworkDescription;

    public static string OneLine =>
        $"reactor {Parts[0]}, {Framework}";

    public static string Short => $"reactor {Parts[0]}\n";

    public static string Long =>
        $"reactor {Parts[0]}\n"
        + $"commit  {(Parts.Length > 1 ? Parts[1] : "unknown")}\n"
        + $"runtime {Framework}, {RuntimeInformation.RuntimeIdentifier}\n"
        + "loop    epoll, portable\n";
}
