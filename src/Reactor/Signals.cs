using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using Reactor.Server.Configuration;

namespace Reactor;

/// <summary>Tells a running server what to do, in nginx's words.</summary>
internal static partial class Signals
{
    public static readonly string[] Words = ["reload", "reopen", "stop", "quit"];

    /// <summary>SIGUSR1, whose number differs, and which .NET has no name for.</summary>
    public static PosixSignal Reopen => (PosixSignal)ReopenNumber;

    private static int ReopenNumber => OperatingSystem.IsLinux() ? 10 : 30;

    /// <summary>Sends a signal to the server whose pid file the configuration names.</summary>
    /// <param name="word">One of <see cref="Words"/>.</param>
    /// <param name="process">Names the file.</param>
    /// <param name="say">Says what is wrong.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Send(string word, ProcessOptions process, Action<string> say)
    {
        var why = Send(word, process);
        if (why.Length == 0)
            return ExitCode.Ok;
        say(why);
        return ExitCode.Configuration;
    }

    private static string Send(string word, ProcessOptions process)
    {
        if (OperatingSystem.IsWindows())
            return "-s needs signals, which this system does not have";
        if (process.PidFile.Length == 0)
            return "-s needs process.pid_file, which says whom to signal";
        if (PidFile.FindLive(process.PidFile, out var why) is not { } number)
            return why;
        var (signal, name) = SignalOf(word);
        if (Ignores(number, signal))
        {
            return $"process {number} ignores {name}: it was started so, by nohup, or by a script "
                + "in the background without set -m";
        }
        return Kill(number, signal) == 0
            ? ""
            : $"process {number} cannot be signalled: {Marshal.GetLastPInvokeErrorMessage()}";
    }

    /// <summary>
    /// What was ignored at the start, as nohup does with SIGHUP, and shells without job control do
    /// with SIGQUIT, .NET leaves so. Linux tells of it, in a mask whose lowest bit is signal 1
    /// (proc(5), SigIgn).
    /// </summary>
    private static bool Ignores(int process, int signal)
    {
        const string Name = "SigIgn:";
        var status = $"/proc/{process}/status";
        if (!File.Exists(status))
            return false;
        var line = File.ReadLines(status).FirstOrDefault(
            each => each.StartsWith(Name, StringComparison.Ordinal));
        return ulong.TryParse(
            line.AsSpan(line is null ? 0 : Name.Length), NumberStyles.HexNumber,
            CultureInfo.InvariantCulture, out var mask)
            && (mask >> (signal - 1) & 1) != 0;
    }

    /// <summary>POSIX.1-2017, kill: but for SIGUSR1 the same on all systems that there are.
    /// </summary>
    private static (int Number, string Name) SignalOf(string word) => word switch
    {
        "reload" => (1, "SIGHUP"),
        "reopen" => (ReopenNumber, "SIGUSR1"),
        "quit" => (3, "SIGQUIT"),
        _ => (15, "SIGTERM"),
    };

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
