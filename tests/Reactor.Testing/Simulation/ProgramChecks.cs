using System;
using System.Linq;
using Reactor.Server;
using Reactor.Streaming;

namespace Reactor.Testing.Simulation;

/// <summary>What holds of programs that the server starts.</summary>
internal static class ProgramChecks
{
    private const int GraceUs = 2_000_000;      // a check, a beginning that is late, and the end
    private static readonly string[] Kept = [SimulatedProgram.Push, SimulatedProgram.Pull];

    public static void AfterTurn(World world)
    {
        var programs = world.Programs.All;
        if (programs.Count == 0)
            return;
        var max = world.Server.Options.Limits.MaxProcesses;
        if (max > 0 && programs.Count > max)
            world.Checks.Fail("no more programs run than may", $"{programs.Count} of {max}");
        foreach (var program in programs)
            Check(world, program);
        var twins = programs.Where(program => Kept.Contains(program.Command.Name))
            .GroupBy(program => string.Join(' ', program.Command.Arguments))
            .FirstOrDefault(group => group.Count() > 1);
        if (twins is not null)
            world.Checks.Fail("a program that is to stay runs once for its stream", twins.Key);
    }

    /// <summary>
    /// The server says that it has stopped; what has not begun yet, or is being killed, it ends
    /// behind its door.
    /// </summary>
    public static void AfterStop(World world)
    {
        var left = world.Programs.All.FirstOrDefault(
            program => program is { HasBegun: true, IsKilled: false });
        if (left is not null)
            world.Checks.Fail("after shutdown no program is left", Words(left));
    }

    private static void Check(World world, SimulatedProgram program)
    {
        if (!program.IsKnown || IsWanted(world.Server, program))
        {
            program.StraySinceUs = 0;
            return;
        }
        var nowUs = world.Time.NowUs;
        if (program.StraySinceUs == 0)
            program.StraySinceUs = nowUs;
        if (world.IsDisturbedSince(program.StraySinceUs))
            program.StraySinceUs = nowUs;       // it could not have been ended meanwhile
        var isPush = program.Command.Name == SimulatedProgram.Push;
        var endsUs = world.EverInForce.Max(options => options.Defaults.Exec.KillTimeout
            + (isPush ? TimeSpan.Zero : options.Defaults.PullStopAfter)).TotalMicroseconds;
        if ((isPush && !program.IsTold) || nowUs - program.StraySinceUs > endsUs + GraceUs)
        {
            world.Checks.Fail(
                "a program runs while its stream is as it says, or is being ended",
                Words(program));
        }
    }

    /// <summary>Who watches no more leaves it the time that is configured.</summary>
    private static bool IsWanted(ReactorServer server, SimulatedProgram program)
    {
        if (program.Command.Arguments is not [var name, var app, var stream]
            || !Kept.Contains(name))
        {
            return true;
        }
        var live = server.Hub.Find(new StreamKey(app, stream));
        return name == SimulatedProgram.Push
            ? live is { IsPublished: true }
            : live is { AudienceCount: > 0 };
    }

    private static string Words(SimulatedProgram program) =>
        $"{program.Id}: {string.Join(' ', program.Command.Arguments)}";
}
