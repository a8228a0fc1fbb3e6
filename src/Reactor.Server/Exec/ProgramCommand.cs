using System.Collections.Generic;
using System.IO;

namespace Reactor.Server.Exec;

/// <summary>A program with its arguments, ready to be started.</summary>
/// <param name="Arguments">The program first.</param>
/// <param name="For">Whose it is, for lines of the log: a stream, and what it is started for.
/// </param>
public sealed record ProgramCommand(IReadOnlyList<string> Arguments, string For)
{
    /// <summary>The program's name without its folder.</summary>
    public string Name => Path.GetFileName(Arguments[0]);
}
