using System.Reflection;
using System.Runtime.InteropServices;

namespace Reactor;

/// <summary>
/// Which program this is, for <c>-v</c>, <c>-V</c> and the first line of the log.
/// </summary>
internal static class Versions
{
    // 0.1.0+4f1c...: the build appends the commit.
    private static readonly string[] Parts = typeof(Versions).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
        .InformationalVersion.Split('+');

    public static string OneLine =>
        $"reactor {Parts[0]}, {RuntimeInformation.FrameworkDescription}";

    public static string Short => $"reactor {Parts[0]}\n";

    public static string Long =>
        $"reactor {Parts[0]}\n"
        + $"commit  {(Parts.Length > 1 ? Parts[1] : "unknown")}\n"
        + $"runtime {RuntimeInformation.FrameworkDescription}, "
        + $"{RuntimeInformation.RuntimeIdentifier}\n"
        + "loop    epoll, portable\n";
}
