using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace Reactor.Transport.Tests.Network;

/// <summary>No descriptor is to be had in this process, until it is disposed.</summary>
/// <remarks>
/// Only for a process of its own (<see cref="OwnProcess"/>): whatever its other threads do
/// meanwhile may fail, and a test host that cannot load a file dies. The limit is lowered and all
/// that is free below it taken, so that the machine's limit does not matter. Warm up first what
/// is to run in it: code that is loaded from a file cannot be.
/// </remarks>
internal sealed partial class Drought : IDisposable
{
    private const int DescriptorLimit = 7;      // RLIMIT_NOFILE
    private const ulong LoweredTo = 256;

    private readonly List<int> _taken = [];
    private readonly Limit _before;

    public Drought()
    {
        if (GetLimit(DescriptorLimit, out _before) != 0)
            throw new InvalidOperationException("getrlimit failed");
        var lowered = _before with { Soft = LoweredTo };
        if (SetLimit(DescriptorLimit, in lowered) != 0)
            throw new InvalidOperationException("setrlimit failed");
        for (var taken = Duplicate(0); taken >= 0; taken = Duplicate(0))
            _taken.Add(taken);
    }

    public void Dispose()
    {
        foreach (var taken in _taken)
            _ = CloseDescriptor(taken);
        _ = SetLimit(DescriptorLimit, in _before);
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, in Limit limit);

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseDescriptor(int descriptor);

    private readonly record struct Limit(ulong Soft, ulong Hard);
}

/// <summary>What this process holds open.</summary>
internal static partial class Descriptors
{
    private const int GetFlags = 1;             // F_GETFD
    private const int ClosedOnExec = 1;         // FD_CLOEXEC

    public static HashSet<int> Open() =>
    [
        .. Directory.EnumerateFileSystemEntries("/proc/self/fd")
            .Select(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture))
            .ToList()
            .Where(descriptor => Control(descriptor, GetFlags) >= 0),   // not the listing's own
    ];

    public static bool IsClosedOnExec(int descriptor) =>
        (Control(descriptor, GetFlags) & ClosedOnExec) != 0;

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int what);
}

/// <summary>A harmless signal, sent to one thread.</summary>
internal static partial class Signals
{
    private const int Continue = 18;            // SIGCONT

    public static int CurrentThread => GetThread();

    /// <summary>Has the runtime handle the signal; an ignored one interrupts nothing.</summary>
    public static IDisposable Catch() =>
        PosixSignalRegistration.Create((PosixSignal)Continue, context => context.Cancel = true);

    public static void Send(int thread) =>
        _ = Kill(Environment.ProcessId, thread, Continue);

    [LibraryImport("libc", EntryPoint = "gettid")]
    private static partial int GetThread();

    [LibraryImport("libc", EntryPoint = "tgkill")]
    private static partial int Kill(int process, int thread, int signal);
}
