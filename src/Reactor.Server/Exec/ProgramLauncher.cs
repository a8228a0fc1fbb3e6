using System;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using Reactor.Primitives;
using Reactor.Server.Configuration;

namespace Reactor.Server.Exec;

/// <summary>How a program is begun and signalled on this system.</summary>
/// <remarks>
/// .NET knows neither groups of processes nor what is to become of children of one that is killed,
/// and leaves them deaf to SIGPIPE, as it is itself. Linux has small programs that do something to
/// themselves and then become the one that they are given: <c>setsid</c>, with which it leads a
/// group of its own, <c>setpriv --pdeathsig</c>, with which the kernel kills it when the thread
/// that began it is gone, and <c>env --default-signal</c>. Where they are not, only the program
/// itself is signalled, and a server that is killed leaves it behind.
/// </remarks>
internal static partial class ProgramLauncher
{
    private const int Executable = 1;           // X_OK
    private const int NotPermitted = 1;         // EPERM
    private const int AccessDenied = 13;        // EACCES
    private const int NoHang = 1;               // WNOHANG
    private const int SetFlags = 2;             // F_SETFD
    private const int CloseOnExec = 1;          // FD_CLOEXEC
    private const int ProbeMs = 2000;

    /// <summary>Ours alone: settings, of which some are secrets, and what systemd gave to us.
    /// </summary>
    private static readonly string[] Private =
        ["REACTOR_", "NOTIFY_SOCKET", "LISTEN_", "WATCHDOG_", "MAINPID"];

    private static readonly Lazy<string[]> Prefix = new(
        FindPrefix, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>Whether a program leads a group, so that all it starts is signalled with it.
    /// </summary>
    public static bool HasGroups => Prefix.Value.Length > 0;

    /// <summary>What .NET is to start for a command.</summary>
    /// <exception cref="Win32Exception">There is no such program, or we may not start it.
    /// </exception>
    public static ProcessStartInfo InfoOf(ProgramCommand command)
    {
        var program = OperatingSystem.IsWindows()
            ? command.Arguments[0]
            : Find(command.Arguments[0]);
        string[] all = [.. Prefix.Value, program, .. command.Arguments.Skip(1)];
        return InfoOf(all);
    }

    /// <summary>Sends a signal to a process, or to all of its group.</summary>
    public static void Signal(Process process, int processId, KillSignal signal)
    {
        Invariant.Holds(processId > 1);         // 0 and 1 would mean us, and everybody
        if (HasGroups)
        {
            // In its first moment it does not lead one yet.
            if (Kill(-processId, NumberOf(signal)) < 0)
                _ = Kill(processId, NumberOf(signal));
            return;
        }
        try
        {
            if (signal == KillSignal.Kill || OperatingSystem.IsWindows())
                process.Kill(entireProcessTree: true);
            else
                _ = Kill(processId, NumberOf(signal));
        }
        catch (Exception fault) when (fault is Win32Exception or InvalidOperationException
            or AggregateException)
        {
            // It has just ended.
        }
    }

    /// <summary>Whether anything is left of the group that a process has led.</summary>
    /// <remarks>
    /// What its leader left behind is the first process's, which is we in a container: then nobody
    /// else would take leave of it. Another first process may not do so, and what has ended without
    /// that is still found by a signal, but has no life.
    /// </remarks>
    public static bool IsGroupAlive(int processId)
    {
        if (!HasGroups)
            return false;
        while (WaitFor(-processId, out _, NoHang) > 0)
        {
        }
        var isThere = Kill(-processId, 0) == 0 || Marshal.GetLastPInvokeError() == NotPermitted;
        return isThere && Directory.EnumerateDirectories("/proc")
            .Any(process => IsOf(processId, process));
    }

    /// <summary>Whether a process belongs to a group, and lives: <c>1 (name) S 2 3</c>.</summary>
    private static bool IsOf(int group, string process)
    {
        if (!char.IsAsciiDigit(process[^1]))
            return false;
        try
        {
            var stat = File.ReadAllText(Path.Combine(process, "stat"));
            var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(
                ' ', StringSplitOptions.RemoveEmptyEntries);
            return fields is [not ("Z" or "X"), _, var its, ..]
                && its == group.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;                       // it has just gone
        }
    }

    private static ProcessStartInfo InfoOf(string[] all)
    {
        var info = new ProcessStartInfo(all[0], all.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,       // and closed: it reads nothing
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
        };
        foreach (var name in info.Environment.Keys.ToArray())
        {
            if (Private.Any(ours => name.StartsWith(ours, StringComparison.Ordinal)))
                info.Environment.Remove(name);
        }
        return info;
    }

    /// <summary>Where a program is, by the rules of execvp.</summary>
    private static string Find(string name)
    {
        var paths = name.Contains('/')
            ? [name]
            : (Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin")
                .Split(':', StringSplitOptions.RemoveEmptyEntries)
                .Select(folder => Path.Combine(folder, name));
        var error = 0;
        foreach (var path in paths)
        {
            if (Access(path, Executable) == 0)
            {
                if (!Directory.Exists(path))
                    return Path.GetFullPath(path);
                error = AccessDenied;
            }
            else if (error != AccessDenied)
            {
                error = Marshal.GetLastPInvokeError();
            }
        }
        throw new Win32Exception(error, Marshal.GetPInvokeErrorMessage(error));
    }

    private static string[] FindPrefix()
    {
        if (!OperatingSystem.IsLinux())
            return [];
        KeepDescriptors();
        string[] group = ["setsid"];
        string[] bound = ["setpriv", "--pdeathsig", "KILL", .. group];
        string[] whole = ["env", "--default-signal=PIPE", .. bound];
        return Array.Find([whole, bound, group], Works) ?? [];
    }

    /// <summary>
    /// What .NET opens is closed in children. What this process was given, a socket of systemd's or
    /// of another parent's, is not theirs either.
    /// </summary>
    private static void KeepDescriptors()
    {
        foreach (var path in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            var descriptor = int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture);
            if (descriptor > 2)
                _ = Control(descriptor, SetFlags, CloseOnExec);
        }
    }

    private static bool Works(string[] prefix)
    {
        try
        {
            using var probe = Process.Start(InfoOf([.. prefix, "true"]))!;
            if (probe.WaitForExit(ProbeMs))
                return probe.ExitCode == 0;
            probe.Kill();
            return false;
        }
        catch (Exception fault) when (fault is Win32Exception or InvalidOperationException)
        {
            return false;
        }
    }

    private static int NumberOf(KillSignal signal) => signal switch
    {
        KillSignal.Int => 2,
        KillSignal.Quit => 3,
        KillSignal.Kill => 9,
        _ => 15,
    };

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitFor(int process, out int status, int options);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command, int flags);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
