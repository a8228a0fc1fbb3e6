using System;
using Reactor.Server.Configuration;

namespace Reactor.Server.Exec;

/// <summary>The door to other programs.</summary>
/// <remarks>
/// Nothing here blocks. Disposing it ends what still runs, at once, and waits a moment until it
/// has ended.
/// </remarks>
public interface IPrograms : IDisposable
{
    /// <summary>Programs that were asked for, and whose end was not told yet; zero after shutdown.
    /// </summary>
    int Outstanding { get; }

    /// <summary>Starts a program.</summary>
    /// <param name="command">What.</param>
    /// <param name="told">
    /// Runs on the loop, as mail: once it has begun, and then when it is over; or only that it is
    /// over, where it could not begin.
    /// </param>
    /// <returns>By which it can be sent signals.</returns>
    IProgram Start(ProgramCommand command, Action<ProgramNews> told);
}

/// <summary>A program that was asked for.</summary>
public interface IProgram
{
    /// <summary>Sends a signal to it and all it has started; nothing where it does not run.
    /// </summary>
    void Signal(KillSignal signal);
}

/// <summary>What became of a program.</summary>
/// <param name="ProcessId">Its number; 0 where it could not begin.</param>
/// <param name="IsOver">Nothing of it is left; otherwise it has begun.</param>
/// <param name="ExitCode">Once it is over; 128 and a signal's number, where that ended it.</param>
/// <param name="Why">Why it could not begin.</param>
public readonly record struct ProgramNews(int ProcessId, bool IsOver, int ExitCode, string Why)
{
    public static ProgramNews Begun(int processId) => new(processId, false, 0, "");

    public static ProgramNews Over(int processId, int exitCode) =>
        new(processId, true, exitCode, "");

    public static ProgramNews Failed(string why) => new(0, true, 0, why);
}
