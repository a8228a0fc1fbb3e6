using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Linq;
using System.Net;
using Reactor.Load.Comparing;
using Reactor.Load.Measures;
using Reactor.Load.Scenarios;

namespace Reactor.Load;

/// <summary>Three verbs: <c>run</c> against any server, <c>ours</c>, and <c>compare</c>.</summary>
internal static class CommandLine
{
    private static readonly Option<string> Url = new("--url")
    {
        Description = "a server on a loopback address: rtmp://127.0.0.1:1935/live",
        Required = true,
    };

    private static readonly Option<int> Pid = Count(
        "--server-pid", 0, 0, int.MaxValue, "whose processor time and memory to read");

    private static readonly Option<string> Name =
        new("--name")
        {
            Description = "what to call the server",
            DefaultValueFactory = _ => "server",
        };

    private static readonly Option<string?> JsonFile =
        new("--json") { Description = "keep the figures in this file" };

    private static readonly Option<int> Streams = Count(
        "--streams", 1, 0, 5000, "publishers, each with a stream of its own");

    private static readonly Option<int> Players = Count(
        "--players", 100, 0, LoadOptions.ConnectionsMax, "players that stay, over all streams");

    private static readonly Option<int> Bitrate = new("--bitrate")
    {
        Description = "bits a second of each stream: 500k, 1m",
        DefaultValueFactory = _ => 1_000_000,
        CustomParser = ParseBits,
    };

    private static readonly Option<int> Seconds = Count(
        "--seconds", 10, 1, 3600, "how long to measure");

    private static readonly Option<int> Warmup = Count(
        "--warmup", 5, 0, 600, "seconds that are not measured");

    private static readonly Option<int> Slow = Count(
        "--slow", 0, 0, 5000, "players that take a quarter of the bitrate");

    private static readonly Option<int> Churn = Count(
        "--churn", 0, 0, 1000, "players that join each second, and leave a second later");

    private static readonly Option<int> Idle = Count(
        "--idle", 0, 0, LoadOptions.ConnectionsMax, "connections that only shake hands");

    private static readonly Option<int> ConnectRate = Count(
        "--connect-rate", 200, 1, 10_000, "connections opened each second");

    private static readonly Option<int> Stalled = Count(
        "--stalled", 0, 0, 5000, "players that stop reading");

    private static readonly Option<int> Linger = Count(
        "--linger", 0, 0, 600, "seconds to watch the server's memory after everybody has left");

    private static readonly Option<bool> MayRest = new("--rest")
    {
        Description = "sleep while nothing comes; the server pays for each waking",
    };

    private static readonly Argument<string[]> Names = new("scenario")
    {
        Description = "which of: "
            + string.Join(", ", AllScenarios.List.Select(scenario => scenario.Name))
            + "; all of them by default",
        DefaultValueFactory = _ => [],
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<int> Rounds = Count(
        "--rounds", 3, 0, 20, "how often each crowd is measured; medians are shown");

    private static readonly Option<int> Noise = Count(
        "--noise", 5, 0, 10_000, "percent of a core that strangers may take; else it is repeated");

    private static readonly Option<string> OurProgram =
        new("--program")
        {
            Description = "our server, from the repository's root; else as it was built last",
            DefaultValueFactory = _ => "src/Reactor/bin/Release/net10.0/Reactor",
        };

    private static readonly Option<string[]> Set = new("--set")
    {
        Description = "a setting of our server, repeatable: rtmp.chunk_size=4096",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<string?> Keep = new("--keep")
    {
        Description = "keep each round in this folder, and add to those of the same build",
    };

    private static readonly Option<string?> Results =
        new("--results") { Description = "keep the tables in this file" };

    private static readonly Option[] Shared =
    [
        Players, Streams, Bitrate, Seconds, Warmup, Slow, Stalled, Churn, Idle, Linger,
        ConnectRate, MayRest,
    ];

    public static RootCommand Make()
    {
        var run = new Command("run", "puts one load on a server that runs already")
        {
            Url, Pid, Name, JsonFile,
        };
        foreach (var option in Shared)
            run.Add(option);
        run.SetAction(Run);
        var ours = new Command("ours", "starts our server on one core, loads it from another")
        {
            Names, Rounds, Noise, OurProgram, Set, Keep, Results,
        };
        ours.SetAction(parsed => Compare(parsed, isAlone: true));
        var compare = new Command("compare", "ours and nginx-rtmp in turns")
        {
            Names, Rounds, Noise, OurProgram, Set, Keep, Results,
        };
        compare.SetAction(parsed => Compare(parsed, isAlone: false));
        return new RootCommand("Publishers and players over real sockets, on this machine.")
        {
            run, ours, compare,
        };
    }

    /// <summary>The options of <c>run</c> that make this load.</summary>
    public static string[] ArgumentsOf(LoadOptions load) =>
    [
        Players.Name, $"{load.Players}", Streams.Name, $"{load.Streams}",
        Bitrate.Name, $"{load.BitsPerSecond}", Seconds.Name, $"{load.Seconds}",
        Warmup.Name, $"{load.WarmupSeconds}", Slow.Name, $"{load.Slow}",
        Stalled.Name, $"{load.Stalled}", Churn.Name, $"{load.Churn}", Idle.Name, $"{load.Idle}",
        Linger.Name, $"{load.LingerSeconds}", ConnectRate.Name, $"{load.ConnectRate}",
        MayRest.Name, $"{load.MayRest}",
    ];

    private static int Run(ParseResult parsed)
    {
        if (!LoadOptions.TryParseUrl(parsed.GetValue(Url)!, out var server, out var app))
        {
            Console.Error.WriteLine("load: --url must be rtmp://127.0.0.1:PORT/APP (or [::1])");
            return 1;
        }
        var options = Read(parsed) with
        {
            Server = server,
            App = app,
            Name = parsed.GetValue(Name)!,
            ServerPid = parsed.GetValue(Pid),
        };
        using var load = new LoadRun(options);
        var report = load.Run();
        if (parsed.GetValue(JsonFile) is { } file)
            report.Save(file);
        else
            Console.Write(ReportTable.Of([report], Column.OfMedia));
        return 0;
    }

    private static int Compare(ParseResult parsed, bool isAlone)
    {
        var results = parsed.GetValue(Results) is { } file ? new ResultsFile(file) : null;
        var kept = parsed.GetValue(Keep) is { } folder ? new RoundStore(folder) : null;
        var isSound = true;
        Console.WriteLine(Machine.Describe());
        foreach (var scenario in AllScenarios.Find(parsed.GetValue(Names)!))
        {
            var servers = scenario.Variants
                .Select(ServerUnderTest (variant) => variant.ToServer(
                    parsed.GetValue(OurProgram)!, parsed.GetValue(Set)!))
                .ToList();
            if (scenario.HasRival && !isAlone)
                servers.Add(new NginxServer());
            var comparison = new Comparison(scenario, [.. servers])
            {
                Rounds = parsed.GetValue(Rounds),
                NoiseMax = parsed.GetValue(Noise) / 100.0,
                Kept = kept,
            };
            isSound &= comparison.Run(results);
        }
        return isSound ? 0 : 1;
    }

    private static LoadOptions Read(ParseResult parsed) => new()
    {
        Server = new IPEndPoint(IPAddress.Loopback, 0),
        Players = parsed.GetValue(Players),
        Streams = parsed.GetValue(Streams),
        BitsPerSecond = parsed.GetValue(Bitrate),
        Seconds = parsed.GetValue(Seconds),
        WarmupSeconds = parsed.GetValue(Warmup),
        Slow = parsed.GetValue(Slow),
        Stalled = parsed.GetValue(Stalled),
        Churn = parsed.GetValue(Churn),
        LingerSeconds = parsed.GetValue(Linger),
        Idle = parsed.GetValue(Idle),
        ConnectRate = parsed.GetValue(ConnectRate),
        MayRest = parsed.GetValue(MayRest),
    };

    private static Option<int> Count(string name, int usual, int min, int max, string description)
    {
        var option = new Option<int>(name)
        {
            Description = description,
            DefaultValueFactory = _ => usual,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var value && (value < min || value > max))
                result.AddError($"{name} is {min} to {max}");
        });
        return option;
    }

    private static int ParseBits(ArgumentResult result)
    {
        if (LoadOptions.ParseBits(result.Tokens[0].Value) is { } bits)
            return bits;
        result.AddError("--bitrate is 50k to 100m");
        return 0;
    }
}
