using System;
using System.CommandLine;

namespace Reactor.Simulator;

/// <summary>Long seeded runs of the whole server: <c>make sim</c>, or all night.</summary>
internal static class Program
{
    private static readonly Option<int?> Seed = new("--seed")
    {
        Description = "run this world alone, and print its hash",
        HelpName = "N",
    };

    private static readonly Option<int> Seeds = new("--seeds")
    {
        Description = "run so many worlds",
        HelpName = "N",
        DefaultValueFactory = _ => 200,
    };

    private static readonly Option<int> First = new("--first")
    {
        Description = "the first seed",
        HelpName = "N",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<double> Minutes = new("--minutes")
    {
        Description = "run worlds for so long instead",
        HelpName = "N",
    };

    private static readonly Option<bool> Swarm = new("--swarm")
    {
        Description = "leave whole kinds of faults and peers out of each world",
    };

    private static readonly Option<bool> Cluster = new("--cluster")
    {
        Description = "run worlds of two servers with one Redis",
    };

    private static readonly Option<bool> Shrink = new("--shrink")
    {
        Description = "make a failing world as small as it goes",
    };

    private static readonly Option<bool> Trace = new("--trace")
    {
        Description = "write the history of the one world to a file, log lines included",
    };

    private static int Main(string[] arguments)
    {
        var command = new RootCommand("Runs the server in simulated worlds.")
        {
            Seed, Seeds, First, Minutes, Swarm, Cluster, Shrink, Trace,
        };
        command.SetAction(result =>
        {
            var runner = new Runner(
                result.GetValue(Swarm), result.GetValue(Cluster), result.GetValue(Shrink),
                Console.Out);
            if (result.GetValue(Seed) is { } seed)
                return runner.One(seed, result.GetValue(Trace));
            var first = result.GetValue(First);
            return result.GetValue(Minutes) is > 0 and var minutes
                ? runner.For(first, TimeSpan.FromMinutes(minutes))
                : runner.Many(first, result.GetValue(Seeds));
        });
        return command.Parse(arguments).Invoke();
    }
}
