using System;
using System.Runtime.InteropServices;
using Reactor.Server.Configuration;

namespace Reactor;

/// <summary>Tells a running server to reload, stop or quit, in nginx's words.</summary>
internal static partial class Signals
{
    public static readonly string[] Words = ["reload", "stop", "quit"];

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
        return Kill(number, NumberOf(word)) == 0
            ? ""
            : $"process {number} cannot be signalled: {Marshal.GetLastPInvokeErrorMessage()}";
    }

    /// <summary>POSIX.1-2017, signal.h; the same on all systems that there are.</summary>
    private static int NumberOf(string word) => word switch
    {
        "reload" => 1,                          // SIGHUP
        "quit" => 3,                            // SIGQUIT
        _ => 15,                                // SIGTERM
    };

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
