using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;

#pragma warning disable CA1050 // The runtime looks for a type of this name in no namespace.

/// <summary>
/// Breaks the loop of a server that a test started: its epoll descriptor is closed under it.
/// </summary>
/// <remarks>
/// The runtime runs it before Main in a process whose environment names this assembly in
/// DOTNET_STARTUP_HOOKS; the program itself is the one that ships, and knows nothing of it.
/// </remarks>
internal static partial class StartupHook
{
    /// <summary>Names a file; once it is there, the loop is broken.</summary>
    public const string SignalFile = "REACTOR_TEST_BREAKS_AT";

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(SignalFile) is not { Length: > 0 } file)
            return;
        new Thread(() => BreakAt(file)) { IsBackground = true }.Start();
    }

    private static void BreakAt(string file)
    {
        while (!File.Exists(file))
            Thread.Sleep(20);
        foreach (var path in Directory.GetFiles("/proc/self/fd"))
        {
            if (new FileInfo(path).LinkTarget == "anon_inode:[eventpoll]")
                _ = Close(int.Parse(Path.GetFileName(path)));
        }
    }

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
